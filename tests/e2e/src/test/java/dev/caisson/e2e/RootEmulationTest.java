package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs that act as root over ids are told, and that it is no more than told. */
class RootEmulationTest {
  private static final String NONE = "\"process\": {\"rootEmulation\": \"none\"}";
  private static final String ERRNO = "\"process\": {\"rootEmulation\": \"errno\"}";

  private static final String FULL = "\"process\": {\"rootEmulation\": \"full\"}";

  /** Of the family of setuid, in a program that says what it was answered. */
  private static final String SET_IDS =
      "/usr/bin/python3 -c 'import os; os.setgroups([5]); os.setresgid(6, 6, 6);"
          + " os.setresuid(7, 7, 7); print(os.getresuid()[0] == 7)'";

  private static final String NODE = "mknod /tmp/null c 1 3";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    scratch = Scratch.in(temporary);
  }

  private Outcome wrap(String settings, String command) throws IOException {
    return scratch.wrap(List.of("--policy", scratch.policy(settings)), "sh", "-c", command).run();
  }

  @Test
  void withoutItTheKernelRefuses() throws IOException {
    for (String refused : List.of("touch /tmp/f; chown 7:8 /tmp/f", SET_IDS, NODE)) {
      assertNotEquals(0, wrap(NONE, refused).status(), refused);
    }
  }

  @Test
  void changesSeemToSucceedAndDoNothing() throws IOException {
    String chown = "touch /tmp/f; a=$(stat -c %u:%g /tmp/f); chown 7:8 /tmp/f || exit 3; ";
    Outcome outcome = wrap(ERRNO, chown + "test $a = $(stat -c %u:%g /tmp/f)");
    assertEquals(0, outcome.status(), outcome::toString);
    assertEquals("False\n", wrap(ERRNO, SET_IDS).expect(0).text());
    Outcome node = wrap(ERRNO, NODE + " && mknod /tmp/pipe p && ls -d /tmp/null /tmp/pipe; true");
    assertEquals("/tmp/pipe\n", node.expect(0).text());
  }

  @Test
  void whatThePolicyRefusesStaysRefused() throws IOException {
    String refusing = ERRNO + ", \"seccomp\": {\"deny\": [\"chown\", \"fchownat\"]}";
    Outcome outcome = wrap(refusing, "touch /tmp/f; chown 7:8 /tmp/f");
    assertEquals(1, outcome.status(), outcome::toString);
    assertTrue(outcome.error().contains("Operation not permitted"), outcome::toString);
  }

  @Test
  void filesKeepTheOwnersThatTheyAreGivenWhateverTheirNames() throws IOException {
    String script =
        """
        cd /tmp && mkdir own && cd own && umask 022
        echo one > file && ln file linked && ln -s file link && mkdir dir && chmod 4755 file
        chown 7:8 file && chown -h 9:10 link && chown 11 dir && chgrp 12 dir
        stat -c '%n %u:%g %a' file linked link dir
        mv file dir/moved && rm linked && echo two > file
        stat -c '%n %u:%g' dir/moved file
        exec 3< dir/moved
        chown 13:14 /proc/self/fd/3 && stat -c '%u:%g' dir/../dir/moved
        chown 0:0 dir/moved && stat -L -c '%u:%g' /dev/fd/3
        chown 1:1 nothing || chown 1:1 /etc/hostname/x || echo refused
        """;
    assertEquals(
        """
        file 7:8 755
        linked 7:8 755
        link 9:10 777
        dir 11:12 755
        dir/moved 7:8
        file 0:0
        13:14
        0:0
        refused
        """,
        asRoot(script).expect(0).text());
  }

  @Test
  void processesHaveTheIdsThatTheyTookAndPassThemOn() throws IOException {
    String script =
        """
        /usr/bin/python3 - <<'END'
        import os
        def refused(call, *ids):
            try:
                call(*ids)
                return False
            except PermissionError:
                return True
        def groups(*numbers):
            os.setgroups(numbers)
            return os.getgroups()
        print(groups(30, 20), os.getresuid(), os.getresgid(), flush=True)
        read, write = os.pipe()
        ended, lives = os.pipe()
        os.set_inheritable(lives, True)
        if os.fork() == 0:
            os.setresgid(5, 5, 5)
            os.setresuid(0, 7, 8)
            print(os.getresuid(), refused(os.setresuid, 9, 9, 9), refused(os.setgroups, []), flush=True)
            os.setuid(0)
            os.setuid(7)
            # an orphan, which makes its first call when its parent is gone
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.read(read, 1)
                    print(os.getresuid(), os.getresgid(), os.getgroups(), refused(os.setuid, 0), flush=True)
                    os.execlp("id", "id", "-u")
                os._exit(0)
            os._exit(os.wait()[1])
        os.wait()
        print(os.getresuid(), flush=True)
        os.write(write, b"x")
        os.close(lives)
        os.read(ended, 1)
        END
        """;
    Outcome outcome = asRoot(script);
    assertEquals(
        """
        [20, 30] (0, 0, 0) (0, 0, 0)
        (0, 7, 8) True True
        (0, 0, 0)
        (7, 7, 7) (5, 5, 5) [20, 30] True
        7
        """,
        outcome.text(),
        outcome::toString);
  }

  /** A policy's user root, in the view of the host. */
  private Outcome asRoot(String script) throws IOException {
    String settings = FULL.replace("{", "{\"user\": \"root\", ");
    return wrap(settings, script);
  }

  @Test
  void harmlessNodesAreSeenAndNoneIsADevice() throws IOException {
    if (Peer.isRoot()) {
      assertEquals("refused\n", asRoot("mknod /tmp/zero c 1 5 || echo refused").text());
      return;
    }
    String script =
        """
        cd /tmp && mknod -m 640 zero c 1 5 && stat -c '%F %t:%T %a' zero && wc -c < zero
        for node in 'mem c 1 1' 'tty0 c 4 0' 'white c 0 0' 'sda b 8 0'; do
          mknod $node 2> /dev/null && echo made $node; done
        mknod pipe p && stat -c %F pipe && mknod pipe c 1 3 || ls -d mem tty0 white sda
        """;
    assertEquals(
        "character special file 1:5 640\n0\nfifo\n", asRoot(script).text(), "0 bytes of zero");
  }

  @Test
  void itEndsWithItsSupervisorAndIsEndedThroughIt() throws Exception {
    String policy = scratch.policy(FULL);
    String loop = "trap 'echo term; exit 3' TERM; echo up; while :; do sleep 0.1; done";
    String caisson = Caisson.distribution() + "/bin/caisson";
    String run = caisson + " wrap --policy " + policy + " -- sh -c \"" + loop + "\" > out & ";
    String up = "until grep -q up out; do sleep 0.1; done; ";
    Outcome ended = scratch.shell(run + up + "kill -TERM $!; wait $!; echo $?; cat out").run();
    assertEquals("3\nup\nterm\n", ended.text(), ended::toString);
    // the end of the pipe is the end of every process that writes to it
    String left =
        run.replace("> out &", "> pipe &") + "exec 3< pipe; read word <&3; kill -KILL $!;";
    Outcome killed = scratch.shell("mkfifo pipe; " + left + " cat <&3; echo $word gone").run();
    assertEquals("up gone\n", killed.text(), killed::toString);
  }

  @Test
  void noProgramConfusesIt() throws IOException {
    Outcome outcome = asRoot("/usr/bin/python3 " + scratch.program("hostile_ids.py")).expect(0);
    assertEquals("children\nlinks\nmemory\npointers\ninodes\nhidden\n7:8\n", outcome.text());
  }

  @Test
  void itIsNotCompiledForItNeedsAProcessThatStays() throws IOException {
    Outcome outcome =
        scratch
            .caisson("compile", "-o", "x", "--policy", scratch.policy(FULL), "hello")
            .run()
            .expect(125);
    assertTrue(outcome.error().contains("process.rootEmulation is full"), outcome::toString);
  }
}
