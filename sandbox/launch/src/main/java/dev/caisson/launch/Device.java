package dev.caisson.launch;

/** A mounted file system, by the numbers that its files have for as long as it is used. */
public record Device(int major, int minor) {}
