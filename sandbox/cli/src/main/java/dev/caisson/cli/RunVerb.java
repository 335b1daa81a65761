package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.engine.Order;
import dev.caisson.engine.Workload;
import dev.caisson.launch.LaunchRequest.Mode;
import java.util.ArrayList;
import java.util.List;

/** {@code caisson run}: a program of an image or of a root file system. */
final class RunVerb implements Verb {
  static final Flag KEY =
      Flag.value(
          "--key", "PUB", "The public key that the image must be signed with (keygen makes one).");
  static final Flag ROOTFS =
      Flag.value("--rootfs", "DIR", "Run in this directory's tree in place of an image.");
  private static final Flag ENTRYPOINT =
      Flag.value(
          "--entrypoint", "PROGRAM", "Run this in place of the image's Entrypoint; '' for none.");

  private static final Syntax SYNTAX =
      new Syntax(
          "run",
          List.of("[--policy P] [--key PUB] (IMAGE | --rootfs DIR) [CMD ARG...]"),
          "Runs a program confined, from a signed image or from a directory.",
          List.of(
              "IMAGE is oci:PATH[:TAG], an image in an OCI image layout, or hello, which is built"
                  + " in. Nothing of an image is unpacked before its signature was checked against"
                  + " PUB or against the keys that the policy trusts.",
              "CMD replaces the image's Cmd and keeps its Entrypoint. What follows IMAGE or CMD"
                  + " belongs to the program, flags included.",
              "The program is root inside and the caller outside, has no capability, no network"
                  + " and a root file system that is its own; what it writes there is gone at the"
                  + " end. Where standard input or output is a terminal it gets one of its own."),
          flags(),
          List.of(
              new Syntax.Example(
                  "caisson run hello", "The embedded image: what a program sees from inside."),
              new Syntax.Example(
                  "caisson run --key team.pub oci:./app:v2 python3 -c 'print(1)'",
                  "A program of an image that team.key has signed."),
              new Syntax.Example(
                  "caisson run --rootfs ./debian -v \"$PWD\":/work -w /work make",
                  "A root file system that debootstrap made, with the current directory writable"
                      + " at /work.")),
          true);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    return session.start(
        () -> session.engine().prepare(order(SYNTAX, arguments), Mode.FOREGROUND),
        WorkloadFlags.result(arguments));
  }

  static List<Flag> flags() {
    List<Flag> flags = new ArrayList<>(List.of(WorkloadFlags.POLICY, KEY, ROOTFS, ENTRYPOINT));
    for (Flag flag : WorkloadFlags.ALL) {
      if (!flag.name().equals(WorkloadFlags.POLICY.name())) {
        flags.add(flag);
      }
    }
    flags.addAll(DockerOptions.ALL);
    return flags;
  }

  /** What the arguments of {@code run}, or of a verb with the same ones, ask for. */
  static Order order(Syntax syntax, Arguments arguments) {
    WorkloadFlags shared = new WorkloadFlags(syntax, arguments);
    DockerOptions.check(syntax, arguments, shared.policy());
    return new Order(
        workload(syntax, arguments),
        shared.policy(),
        shared.adjustments(),
        shared.ceilings(),
        WorkloadFlags.result(arguments));
  }

  private static Workload workload(Syntax syntax, Arguments arguments) {
    List<UnixPath> operands = arguments.operands();
    if (arguments.has(ROOTFS)) {
      refuseOfImages(syntax, arguments, KEY, " checks images; a root directory has no signature");
      refuseOfImages(syntax, arguments, ENTRYPOINT, " is of images; a root directory has none");
      if (operands.isEmpty()) {
        throw UsageRefusal.of(
            syntax, "a command is missing", "Name the program to run in " + ROOTFS.name());
      }
      arguments.requireNamed("a command", operands.get(0));
      return new Workload.Directory(arguments.required(ROOTFS), operands);
    }
    if (operands.isEmpty()) {
      throw UsageRefusal.of(
          syntax, "an image is missing", "Write hello, oci:PATH[:TAG] or --rootfs DIR");
    }
    arguments.requireNamed("an image", operands.get(0));
    return new Workload.Image(
        ImageName.parse(operands.get(0)),
        arguments.value(KEY),
        operands.subList(1, operands.size()),
        arguments.value(ENTRYPOINT));
  }

  private static void refuseOfImages(
      Syntax syntax, Arguments arguments, Flag flag, String because) {
    if (arguments.has(flag)) {
      throw UsageRefusal.of(
          syntax,
          flag.name() + because,
          "Leave one of " + flag.name() + " and " + ROOTFS.name() + " out");
    }
  }
}
