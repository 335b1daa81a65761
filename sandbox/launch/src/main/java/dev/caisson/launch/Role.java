package dev.caisson.launch;

/** Which process of a sandbox runs a step. */
public enum Role {
  /** The process that was started: outside the sandbox, it forwards signals and reports. */
  KEEPER("set up the launch"),
  /** A fork of the keeper that copies one stream. */
  RELAY("relay a stream"),
  /** A fork of the keeper that becomes newuidmap(1) or newgidmap(1). */
  MAPPER("map a range of ids"),
  /** The first process of the pid namespace: builds the view, then reaps. */
  INIT("set up the sandbox's first process"),
  /** The process that becomes the workload. */
  PAYLOAD("set up the payload's process"),
  /** A fork of the keeper that becomes pasta(1), which connects the sandbox's network. */
  CONNECTION("connect the sandbox's network");

  private final String task;

  Role(String task) {
    this.task = task;
  }

  /** What its steps are for where they say nothing more: the rest of "cannot ...". */
  String task() {
    return task;
  }
}
