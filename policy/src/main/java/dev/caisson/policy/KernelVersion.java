package dev.caisson.policy;

/** A kernel release, as far as features depend on it: 6.18 of "6.18.44-fc". */
public record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {
  /** Reads the start of a uname(2) release. */
  public static KernelVersion parse(String release) {
    int dot = release.indexOf('.');
    int end = dot + 1;
    while (end < release.length() && Character.isDigit(release.charAt(end))) {
      end++;
    }
    if (dot <= 0 || end == dot + 1) {
      throw new IllegalArgumentException("no kernel release: " + release);
    }
    return new KernelVersion(
        Integer.parseInt(release, 0, dot, 10), Integer.parseInt(release, dot + 1, end, 10));
  }

  public boolean atLeast(int wantedMajor, int wantedMinor) {
    return compareTo(new KernelVersion(wantedMajor, wantedMinor)) >= 0;
  }

  @Override
  public int compareTo(KernelVersion other) {
    int byMajor = Integer.compare(major, other.major);
    return byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
