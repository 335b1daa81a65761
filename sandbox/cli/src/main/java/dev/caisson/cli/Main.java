package dev.caisson.cli;

import dev.caisson.launch.Syscall;
import dev.caisson.launch.SystemCalls;

/** The command {@code caisson}. */
public final class Main {
  private Main() {}

  /** Does what the arguments say. */
  public static void main(String[] args) {
    SystemCalls.call(Syscall.GETPPID);
    if (args.length == 1 && args[0].equals("--train")) {
      return;
    }
    System.out.println("args " + args.length);
    Runtime.getRuntime().halt(0);
  }
}
