package dev.caisson.cli;

import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import dev.caisson.engine.Engine;
import dev.caisson.engine.EngineDirectories;
import dev.caisson.engine.Installation;
import dev.caisson.engine.PreparedLaunch;
import dev.caisson.launch.HostProbe;
import dev.caisson.policy.HostFacts;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/** What a verb works with: three streams, and the host once it is asked for. */
final class Session {
  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean rehearsal;
  private Optional<HostFacts> host = Optional.empty();

  private Session(InputStream in, OutputStream out, OutputStream err, boolean rehearsal) {
    this.in = in;
    this.out = new PrintStream(out, false, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.rehearsal = rehearsal;
  }

  /** This process's own streams; text is UTF-8 whatever the locale says. */
  static Session ofProcess(StandardOutput output) {
    return new Session(
        System.in,
        new BufferedOutputStream(output),
        new FileOutputStream(FileDescriptor.err),
        false);
  }

  static Session of(InputStream in, OutputStream out, OutputStream err) {
    return new Session(in, out, err, false);
  }

  /** One that goes all the way but the last step, in silence, to load every class of the way. */
  static Session rehearsal() {
    return new Session(
        InputStream.nullInputStream(),
        OutputStream.nullOutputStream(),
        OutputStream.nullOutputStream(),
        true);
  }

  InputStream in() {
    return in;
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  /** A line for the user beside what a verb prints. */
  void note(String text) {
    err.println("caisson: " + text);
  }

  HostFacts host() {
    if (host.isEmpty()) {
      HostFacts facts = HostProbe.probe();
      host = Optional.of(rehearsal ? inSystemDirectory(facts) : facts);
    }
    return host.get();
  }

  /** Training may run in a directory that wrap refuses. */
  private static HostFacts inSystemDirectory(HostFacts facts) {
    return facts.withCurrentDirectory(UnixPath.of("/usr"));
  }

  /**
   * Replaces this process by a launch, or stays with one that it supervises, and returns its exit
   * status. What refuses it is written to {@code result} too.
   */
  int start(Supplier<PreparedLaunch> prepare, Optional<UnixPath> result) {
    PreparedLaunch supervised;
    try {
      PreparedLaunch launch = prepare.get();
      if (rehearsal || !launch.isSupervised()) {
        return start(launch);
      }
      supervised = launch;
    } catch (Refusal refusal) {
      result.ifPresent(file -> RefusalRecord.write(file, refusal));
      throw refusal;
    }
    supervised.notes().forEach(this::note);
    out.flush();
    return StayingRun.of(
        supervised, sandbox -> supervised.supervise(sandbox, new CallLines(this)::say));
  }

  private int start(PreparedLaunch launch) {
    launch.notes().forEach(this::note);
    out.flush();
    if (rehearsal) {
      launch.executable();
      return 0;
    }
    launch.exec();
    throw new AssertionError("an exec that succeeded returned");
  }

  Engine engine() {
    return Engine.open(EngineDirectories.of(host()), Installation.ofProcess(), host());
  }
}
