package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hostile program tries under the policy untrusted, and the error that it gets. */
class EscapeTest {
  private static final String PYTHON = "/usr/bin/python3";

  /** Where two errors stand, Landlock gives the second one. */
  private static final String EXPECTED =
      """
      mknod-block EPERM|EACCES
      mknod-character EPERM|EACCES
      mount EPERM
      umount EPERM
      fsopen EPERM
      open_tree EPERM
      pivot_root EPERM
      chroot EPERM
      unshare-user EPERM
      unshare-net EPERM
      clone-user EPERM
      clone3 ENOSYS
      setns EPERM
      ptrace-reaper EPERM
      read-reaper EPERM
      write-reaper EPERM
      limit-reaper EPERM
      pin-reaper EPERM
      renice-reaper EPERM
      ioprio-reaper EPERM
      keyctl EPERM
      add_key EPERM
      bpf EPERM
      perf_event_open EPERM
      io_uring_setup EPERM
      userfaultfd EPERM
      kexec_load EPERM
      init_module EPERM
      reboot EPERM
      swapon EPERM
      settimeofday EPERM
      syslog EPERM
      quotactl EPERM
      fanotify_init EPERM
      open_by_handle_at EPERM
      personality EPERM
      pidfd_open done
      pidfd_getfd EPERM
      socket-vsock EPERM
      socket-alg EPERM
      socket-packet EPERM
      socket-raw EPERM
      socket-netlink-audit EPERM
      core-limit 1
      TIOCSTI EIO
      TIOCLINUX EIO
      TIOCSETD EIO
      write-sysctl EROFS
      write-namespaces EROFS
      write-sysrq EROFS|ENOENT
      write-root EROFS
      write-usr EROFS
      read-/sys/kernel/notes ENOENT
      read-/proc/kcore empty|ENOENT
      read-/proc/1/environ ENOENT
      read-/proc/1/root/etc ENOENT
      read-/dev/mem ENOENT
      kill-reaper done|EPERM
      """;

  private static final String EXPECTED_ON_X86 =
      """
      modify_ldt EPERM
      ioperm EPERM
      iopl EPERM
      x32-getpid signal 31
      """;

  /** Without a sandbox an ordinary user can do these on the hosts that can run one. */
  private static final List<String> POSSIBLE_OUTSIDE =
      List.of("unshare-user", "keyctl", "personality", "pidfd_open", "read-/sys/kernel/notes");

  @TempDir private Path temporary;

  @Test
  void everyAttemptFails() throws IOException {
    Peer.need("python3");
    Scratch scratch = Scratch.in(temporary);
    scratch.program("escapes.py");
    Map<String, String> found =
        lines(scratch.caisson("wrap", "--", PYTHON, "escapes.py").run().expect(0).text());
    Map<String, String> expected = lines(EXPECTED);
    if (System.getProperty("os.arch").equals("amd64")) {
      expected.putAll(lines(EXPECTED_ON_X86));
    }
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach(
        (attempt, errors) ->
            assertTrue(
                List.of(errors.split("\\|")).contains(found.get(attempt)),
                attempt + ": " + found.get(attempt) + ", not " + errors));
  }

  @Test
  void withoutASandboxTheAttemptsSucceed() throws IOException {
    Peer.need("python3", "setpriv");
    Scratch scratch = Scratch.in(temporary);
    scratch.program("escapes.py");
    // never with root's powers: some of the attempts would then take down the host
    Command attempt = Command.of(unprivileged(PYTHON, scratch.path("escapes.py").toString()));
    Map<String, String> found = lines(attempt.run().expect(0).text());
    assertEquals("0", found.get("core-limit"));
    for (String possible : POSSIBLE_OUTSIDE) {
      assertEquals("done", found.get(possible), possible);
    }
  }

  private static List<String> unprivileged(String... words) {
    List<String> command = new java.util.ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
    }
    command.addAll(List.of(words));
    return command;
  }

  private static Map<String, String> lines(String text) {
    Map<String, String> lines = new TreeMap<>();
    text.lines().forEach(line -> lines.put(line.split(" ", 2)[0], line.split(" ", 2)[1]));
    return lines;
  }
}
