package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.launch.LaunchPlan;
import dev.caisson.launch.LaunchProgram;
import dev.caisson.launch.Listing;
import dev.caisson.launch.Role;
import dev.caisson.launch.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Has a launch go wrong at each of its calls. */
final class FaultTrial {
  /** What the payload prints, and a newline. */
  static final String PRINTED = "ran";

  private static final int ENOMEM = 12;
  private static final int EIO = 5;

  /** More often than any loop of a launch goes round, and not for good: some may try again. */
  private static final int TIMES = 1000;

  /**
   * One message; that of a connection says that what pasta said stands above. A setuid helper that
   * is no longer waited for finds its target gone, and says so whenever it gets there.
   */
  private static final Pattern REFUSAL =
      Pattern.compile(
          "(?:/usr/bin/pasta [^\n]*\n(?=caisson: .* stands above))?caisson: cannot \\w[^\n]+\\.\n"
              + "(?:new[ug]idmap: [^\n]*\n)?");

  private static final Pattern NOTE = Pattern.compile("caisson: (?!cannot)\\w[^\n]+\n");
  private static final Set<Integer> REFUSED = Set.of(125, 126, 127);

  /** The only calls that a launch goes on without: none of them confines anything. */
  private static final Set<String> NEEDLESS =
      Set.of(
          "fchown # make a pipe for standard input",
          "fchown # make a pipe for standard output",
          "fchown # make a pipe for standard error",
          "prctl # name the keeper",
          "close_range # close the pipes of the launch",
          "openat # let the workload be killed first where memory is used up",
          "write # let the workload be killed first where memory is used up",
          "faccessat2 # look for the program");

  /** What is done in another way where it fails, done again later, or only told. */
  private static final Set<String> OTHERWISE =
      Set.of(
          "open standard input again",
          "wait for the payload",
          "end pasta",
          "read what the control group counted",
          "remove the control group");

  private final Path directory;
  private final Path work;
  private final Set<String> tried;
  private final String name = "f%06d".formatted(ProcessHandle.current().pid() % 1_000_000);
  private final List<String> problems = new ArrayList<>();
  private Set<Path> files = Set.of();

  /**
   * @param tried what was tried by other trials: it is left out here, and what this one tries added
   */
  FaultTrial(Path directory, Set<String> tried) throws IOException {
    this.directory = directory;
    this.tried = tried;
    work = Files.createDirectory(directory.resolve("work"));
    Files.writeString(work.resolve("in"), "input\n");
    Files.setPosixFilePermissions(work.resolve("in"), PosixFilePermissions.fromString("rw-r--r--"));
  }

  void tryEachStep(LaunchPlan plan) {
    LaunchProgram program = plan.program();
    FaultyRun plain = FaultyRun.of(program, work, name);
    assertEquals(0, plain.status(), plain::toString);
    assertEquals(PRINTED + "\n", plain.out(), plain::toString);
    files = files();
    Set<String> before = new HashSet<>(tried);
    for (int i = 0; i < program.steps().size(); i++) {
      Step step = program.steps().get(i);
      String key = step.role() + " " + step.number() + " " + program.meaningOf(i);
      if (canFail(program, i) && !before.contains(key)) {
        tried.add(key);
        tryStep(program, i, plain);
      }
    }
    assertTrue(problems.isEmpty(), () -> String.join("\n", problems));
  }

  private void tryStep(LaunchProgram program, int index, FaultyRun plain) {
    Step step = program.steps().get(index);
    FaultyRun killed = FaultyRun.of(new Fault.Death(index).in(program), work, name);
    if (killed.isAs(plain)) {
      // it is not reached
      return;
    }
    if (killed.status() == 0) {
      report("a death is not told", program, index, killed);
    }
    lookForLeft(program, index, killed);
    int errno = step.tolerated().contains(ENOMEM) ? EIO : ENOMEM;
    FaultyRun failed = FaultyRun.of(new Fault.Error(index, errno, TIMES).in(program), work, name);
    lookForLeft(program, index, failed);
    if (failed.isAs(plain)) {
      if (!isNeedless(program, index)) {
        report("a failure is not told", program, index, failed);
      }
      return;
    }
    boolean refused =
        REFUSED.contains(failed.status())
            && REFUSAL.matcher(failed.err()).matches()
            && (failed.out().isEmpty() || mayRunMeanwhile(step.role()));
    boolean otherwise =
        failed.status() == 0
            && NOTE.matcher(failed.err()).matches()
            && failed.out().equals(plain.out());
    if (!refused && !otherwise) {
      report("a failure is not one clear message", program, index, failed);
    }
  }

  /** The payload runs beside the keeper and its relays, and before the first process only reaps. */
  private static boolean mayRunMeanwhile(Role role) {
    return role == Role.KEEPER || role == Role.RELAY;
  }

  private static boolean isNeedless(LaunchProgram program, int index) {
    String call = Listing.step(program, index).replaceAll("^s\\d+ = ", "").replaceAll("\\(.*", "");
    String meaning = program.meaningOf(index);
    return call.equals("close")
        || NEEDLESS.contains(call + " # " + meaning)
        || OTHERWISE.contains(meaning);
  }

  private void lookForLeft(LaunchProgram program, int index, FaultyRun run) {
    if (!run.left().isEmpty()) {
      report("processes are left", program, index, run);
    }
    Set<Path> now = files();
    if (!now.equals(files)) {
      report("files are left, of " + now, program, index, run);
      files = now;
    }
  }

  private void report(String problem, LaunchProgram program, int index, FaultyRun run) {
    Role role = program.steps().get(index).role();
    String line = Listing.step(program, index) + " # " + program.meaningOf(index);
    problems.add(problem + ": " + role + " " + index + " " + line + ": " + run);
  }

  /** exit_group(2) does not return, and a wait for children that are there has no error. */
  private static boolean canFail(LaunchProgram program, int index) {
    String call = Listing.step(program, index);
    return program.steps().get(index).operation().isCall()
        && !call.contains("exit_group(")
        && !call.contains("wait4(-1");
  }

  private Set<Path> files() {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(path -> !work.equals(path.getParent()))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
