package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.engine.PreparedLaunch;
import dev.caisson.launch.LaunchRequest.Mode;
import java.util.ArrayList;
import java.util.List;

/** {@code caisson compile}: a launch as one executable file. */
final class CompileVerb implements Verb {
  private static final Flag OUTPUT =
      Flag.value("-o --output", "FILE", "Where the executable is written.");

  private static final Syntax SYNTAX =
      new Syntax(
          "compile",
          List.of("-o FILE (IMAGE | --rootfs DIR) CMD ARG..."),
          "Writes a confined run as one native executable, which starts without a JVM.",
          List.of(
              "The executable holds the whole launch: policy, system call filter, image and"
                  + " command. It runs for the same user on the same kernel, takes no arguments,"
                  + " and refuses with 125 where what it was planned on has changed."),
          flags(),
          List.of(
              new Syntax.Example(
                  "caisson compile -o hello hello && ./hello",
                  "The embedded image; it starts in a few milliseconds."),
              new Syntax.Example(
                  "caisson compile -o check --policy strict --rootfs ./debian /usr/bin/python3 -V",
                  "A program of a root file system under another policy.")),
          true);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    UnixPath file = arguments.required(OUTPUT);
    PreparedLaunch launch =
        session.engine().prepare(RunVerb.order(SYNTAX, arguments), Mode.COMPILED);
    launch.notes().forEach(session::note);
    new NewFile(file).replace(launch.executable(), 0755);
    return 0;
  }

  private static List<Flag> flags() {
    List<Flag> flags = new ArrayList<>();
    flags.add(OUTPUT);
    flags.addAll(RunVerb.flags());
    return flags;
  }
}
