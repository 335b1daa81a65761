package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.caisson.launch.Elf;
import dev.caisson.launch.ProgramCheck;
import dev.caisson.policy.Architecture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HelloProgramTest {
  @ParameterizedTest
  @EnumSource
  void everyCallExists(Architecture architecture) {
    assertEquals(List.of(), ProgramCheck.problems(HelloProgram.of(architecture)));
  }

  @ParameterizedTest
  @EnumSource
  void runsOnBothArchitectures(Architecture architecture) throws Exception {
    List<String> lines = run(architecture);
    assertEquals(read("/proc/sys/kernel/hostname"), value(lines, "host name"));
    assertEquals(capabilities("CapBnd"), value(lines, "  bounding"));
  }

  @Test
  void saysWhatItSees() throws Exception {
    List<String> lines = run(Architecture.current());
    assertEquals(read("/proc/sys/kernel/hostname"), value(lines, "host name"));
    assertTrue(Long.parseLong(value(lines, "process")) > 1);
    assertEquals(status("Uid"), value(lines, "user"));
    assertEquals(status("Gid"), value(lines, "group"));
    assertEquals(capabilities("CapInh"), value(lines, "  inheritable"));
    assertEquals(capabilities("CapPrm"), value(lines, "  permitted"));
    assertEquals(capabilities("CapEff"), value(lines, "  effective"));
    assertEquals(capabilities("CapBnd"), value(lines, "  bounding"));
    assertEquals(capabilities("CapAmb"), value(lines, "  ambient"));
    assertEquals(status("NoNewPrivs").equals("1") ? "on" : "off", value(lines, "no_new_privs"));
    assertEquals(status("Seccomp").equals("0") ? "off" : "a filter", value(lines, "seccomp"));
    List<String> mounts = mountPoints();
    assertEquals(Integer.toString(mounts.size()), value(lines, "mounts"));
    assertEquals(mounts, wordsAfter(lines, "mounts").subList(1, mounts.size() + 1));
    assertEquals(devices(), new TreeSet<>(wordsAfter(lines, "in /dev")));
    String newFile = value(lines, "a new file in /");
    assertEquals(Files.isWritable(Path.of("/")), newFile.equals("can be created"), newFile);
    assertTrue(lines.stream().allMatch(line -> line.equals(line.stripTrailing())));
  }

  /** What the program prints; the other architecture's runs under qemu's user emulation. */
  private static List<String> run(Architecture architecture) throws Exception {
    List<String> command = new ArrayList<>();
    if (architecture != Architecture.current()) {
      command.add(emulator(architecture));
    }
    Path program = Files.createTempFile(Path.of("target"), "hello", "");
    try {
      Files.write(program, Elf.write(HelloProgram.of(architecture)));
      assertTrue(program.toFile().setExecutable(true));
      command.add(program.toAbsolutePath().toString());
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), output);
      return output.lines().toList();
    } finally {
      Files.delete(program);
    }
  }

  private static String emulator(Architecture architecture) {
    String name = "qemu-" + architecture.kernelName() + "-static";
    for (String directory : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(directory, name))) {
        return name;
      }
    }
    assertNotEquals("true", System.getenv("CI"), name + " is not on the path");
    return abort(name + " is not on the path");
  }

  private static String value(List<String> lines, String label) {
    String start = "  " + label + " ";
    for (String line : lines) {
      if (line.startsWith(start)) {
        return line.substring(start.length()).strip();
      }
    }
    throw new AssertionError("no line " + label + " in " + lines);
  }

  /** The words of that line and of those that continue it. */
  private static List<String> wordsAfter(List<String> lines, String label) {
    List<String> words = new ArrayList<>();
    boolean within = false;
    for (String line : lines) {
      boolean starts = line.startsWith("  " + label + " ");
      within = starts || (within && line.startsWith("   "));
      if (within) {
        String text = starts ? line.substring(label.length() + 2) : line;
        words.addAll(List.of(text.strip().split(" +")));
      }
    }
    return words;
  }

  private static String capabilities(String field) throws IOException {
    String set = status(field);
    return set.equals("0000000000000000") ? "none" : set;
  }

  /** The first word of a field of this process's own status, which a child inherits. */
  private static String status(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1).strip().split("\\s")[0];
      }
    }
    throw new AssertionError(field);
  }

  private static List<String> mountPoints() throws IOException {
    List<String> points = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      points.add(line.split(" ")[4]);
    }
    return points;
  }

  private static TreeSet<String> devices() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("/dev"))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .forEach(names::add);
    }
    return names;
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file)).strip();
  }
}
