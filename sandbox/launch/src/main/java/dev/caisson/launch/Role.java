package dev.caisson.launch;

/** Which process of a sandbox runs a step. */
public enum Role {
  /** The process that was started: outside the sandbox, it forwards signals and reports. */
  KEEPER,
  /** A fork of the keeper that copies one stream. */
  RELAY,
  /** A fork of the keeper that becomes newuidmap(1) or newgidmap(1). */
  MAPPER,
  /** The first process of the pid namespace: builds the view, then reaps. */
  INIT,
  /** The process that becomes the workload. */
  PAYLOAD,
  /** A fork of the keeper that becomes pasta(1), which connects the sandbox's network. */
  CONNECTION
}
