package dev.caisson.policy;

/** What the program's first process is beside: who reaps orphans inside. */
public enum FirstProcess {
  /** Caisson's own, which reaps them; the program is an ordinary process. */
  REAPER,
  /** The program, process 1 of what it sees. */
  NONE,
  /** The same, and the program is an init that finds what one expects of a container. */
  IMAGE
}
