package dev.caisson.policy;

/** A transport protocol with ports. */
public enum Protocol {
  TCP,
  UDP
}
