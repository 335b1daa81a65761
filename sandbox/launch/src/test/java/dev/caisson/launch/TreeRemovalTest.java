package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TreeRemovalTest {
  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void everythingBelowGoesAndNothingElse(Architecture architecture) throws IOException {
    Path outside = Files.writeString(directory.resolve("outside"), "kept");
    Path top = Files.createDirectory(directory.resolve("top"));
    Files.createSymbolicLink(top.resolve("link"), directory);
    Files.createSymbolicLink(top.resolve("..dots"), outside);
    Files.writeString(top.resolve(".hidden"), "x");
    for (int i = 0; i < 2000; i++) {
      Files.writeString(top.resolve("a file with a long name to fill several reads " + i), "x");
    }
    Path deep = top;
    for (int i = 0; i < 200; i++) {
      deep = Files.createDirectory(deep.resolve("d"));
      Files.writeString(deep.resolve("f"), "x");
    }
    Path closed = Files.createDirectories(top.resolve("closed/within"));
    Files.writeString(closed.resolve("f"), "x");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(
        closed.resolveSibling("."), PosixFilePermissions.fromString("---------"));

    assertEquals(0, Machine.run(emptying(architecture, top)).status());

    assertArrayEquals(new String[0], top.toFile().list());
    assertTrue(Files.exists(outside));
  }

  private static LaunchProgram emptying(Architecture architecture, Path top) {
    ProgramBuilder b = new ProgramBuilder(architecture);
    ProgramBuilder.Label failed = b.label();
    b.onFailure(failed);
    TreeRemoval removal = new TreeRemoval(b, TreeRemoval.PATIENCE);
    Operand.Slot directory = b.slot();
    b.call(
            Syscall.OPENAT,
            Linux.AT_FDCWD,
            b.text(top.toAbsolutePath().toString()),
            Operand.of(Linux.O_RDONLY))
        .into(directory);
    removal.empty(directory);
    b.call(Syscall.EXIT_GROUP, Operand.of(0));
    removal.emit();
    b.place(failed);
    b.call(Syscall.EXIT_GROUP, Operand.of(99));
    return b.build();
  }
}
