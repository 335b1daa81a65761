package dev.caisson.policy;

/** As whom the payload runs inside. */
public sealed interface User permits User.Root, User.Caller, User.Id {
  /** Root inside is the caller outside, as images expect. */
  record Root() implements User {}

  /** The caller keeps its own ids. */
  record Caller() implements User {}

  /** These ids inside, from 0 to {@link #MOST_ID}, and not both 0. */
  record Id(long uid, long gid) implements User {}

  /** The highest id there is: the one above means "no id" to the kernel. */
  long MOST_ID = 0xFFFF_FFFEL;
}
