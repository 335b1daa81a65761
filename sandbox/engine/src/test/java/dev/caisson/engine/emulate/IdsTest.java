package dev.caisson.engine.emulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The rules of credentials(7), and that they are the kernel's. */
class IdsTest {
  /** Applies the calls of each line to a process of its own, and says what its ids are then. */
  private static final String KERNEL =
      """
      import ctypes, os, sys
      libc = ctypes.CDLL(None, use_errno=True)
      for line in sys.stdin:
          words = line.split()
          child = os.fork()
          if child == 0:
              for i in range(0, len(words), 4):
                  call = getattr(libc, words[i])
                  call(*[ctypes.c_int(int(word)) for word in words[i + 1:i + 4] if word != 'x'])
              last = libc.setfsuid(ctypes.c_int(-1))
              print(*os.getresuid(), last, flush=True)
              os._exit(0)
          os.waitpid(child, 0)
      """;

  private static Ids apply(Ids ids, int call, int first, int second, int third) {
    boolean privileged = ids.effective() == 0;
    Optional<Ids> next =
        switch (call) {
          case 0 -> ids.set(first, privileged);
          case 1 -> ids.setRealAndEffective(first, second, privileged);
          case 2 -> ids.setEach(first, second, third, privileged);
          default -> Optional.of(ids.setFile(first, privileged));
        };
    return next.orElse(ids);
  }

  @Test
  void aKernelAnswersTheSame() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root has other ids");
    Random random = new Random(8);
    List<String> lines = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    String[] names = {"setuid", "setreuid", "setresuid", "setfsuid"};
    for (int i = 0; i < 500; i++) {
      Ids ids = Ids.all(0);
      StringBuilder line = new StringBuilder();
      for (int j = 0; j < 6; j++) {
        int call = random.nextInt(4);
        int lowest = call == 1 || call == 2 ? -1 : 0;
        int[] given = new int[3];
        for (int k = 0; k < 3; k++) {
          // a call that changes no id at all leaves that for files since Linux 6.3, and sets it
          // before
          int least = call == 2 && k == 1 ? 0 : lowest;
          given[k] = least + random.nextInt(4 - least);
        }
        int count = call == 2 ? 3 : call == 1 ? 2 : 1;
        line.append(names[call]).append(' ');
        for (int k = 0; k < 3; k++) {
          line.append(k < count ? given[k] + " " : "x ");
        }
        ids = apply(ids, call, given[0], given[1], given[2]);
      }
      lines.add(line.toString());
      expected.add(ids.real() + " " + ids.effective() + " " + ids.saved() + " " + ids.file());
    }
    assertEquals(String.join("\n", expected), ofKernel(lines).strip());
  }

  private static String ofKernel(List<String> lines) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("/usr/bin/python3", "-c", KERNEL)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var out = process.getOutputStream()) {
      out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, process.waitFor());
    return said;
  }

  @Property
  void whoGaveUpRootForGoodNeverHasItAgain(
      @ForAll @IntRange(min = 1, max = 3) int user,
      @ForAll @Size(12) List<@IntRange(min = -1, max = 3) Integer> arguments) {
    Ids ids = Ids.all(0).set(user, true).orElseThrow();
    for (int i = 0; i + 3 < arguments.size(); i += 4) {
      int call = Math.floorMod(arguments.get(i), 4);
      ids = apply(ids, call, arguments.get(i + 1), arguments.get(i + 2), arguments.get(i + 3));
      assertNotEquals(0, ids.real());
      assertNotEquals(0, ids.effective());
      assertNotEquals(0, ids.saved());
    }
  }

  @Property
  void theIdForFilesFollowsTheEffectiveOne(
      @ForAll @IntRange(min = 0, max = 3) int real,
      @ForAll @IntRange(min = 0, max = 3) int effective,
      @ForAll @IntRange(min = 0, max = 3) int next) {
    Ids ids = new Ids(real, effective, real, 9);
    assertEquals(
        ids.setEach(next, next, next, true).orElseThrow().effective(),
        ids.setEach(next, next, next, true).orElseThrow().file());
  }
}
