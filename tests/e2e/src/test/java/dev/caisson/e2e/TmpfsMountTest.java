package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that mount a tmpfs where the policy lets them, and nothing else anywhere. */
class TmpfsMountTest {
  private static final String PYTHON = "/usr/bin/python3";

  /** Calls mount(2) and umount2(2) and prints an errno's name or ok for each attempt. */
  private static final String CALLS =
      """
      import ctypes, errno, os, sys, threading
      libc = ctypes.CDLL(None, use_errno=True)

      def answered(result):
          return "ok" if result == 0 else errno.errorcode[ctypes.get_errno()]

      def mount(target, type=b"tmpfs", flags=0, data=None, source=b"none"):
          return answered(libc.mount(source, target, type, ctypes.c_ulong(flags), data))

      def unmount(target, flags=0):
          return answered(libc.umount2(target, flags))
      """;

  private static final String PLACES =
      "\"filesystem\": {\"/build\": {\"tmpfs\": \"8MiB\", \"mounts\": %s},"
          + " \"/other\": {\"tmpfs\": \"1MiB\"},"
          + " \"/plain\": {\"tmpfs\": \"1MiB\", \"exec\": false, \"mounts\": %s}}";

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    Peer.need("python3");
    scratch = Scratch.in(temporary);
  }

  private String run(boolean mounts, String program) throws IOException {
    return scratch
        .wrap(
            List.of("--policy", scratch.policy(PLACES.formatted(mounts, mounts))),
            PYTHON,
            "-c",
            CALLS + program)
        .run()
        .expect(0)
        .text();
  }

  private static final String ATTEMPTS =
      """
      os.makedirs("/build/a/b")
      os.mkdir("/build/c")
      os.symlink("/other", "/build/link")
      print("place", mount(b"/build/a"))
      open("/build/a/file", "w").write("x")
      os.chdir("/build")
      print("relative", mount(b"c", data=b"size=1m,mode=700"), oct(os.stat("c").st_mode))
      print("size", os.statvfs("c").f_blocks * os.statvfs("c").f_frsize)
      print("owner", os.stat("c").st_uid == os.getuid() and os.stat("c").st_gid == os.getgid())
      print("more", mount(b"/plain", data=b"size=1g"), os.statvfs("/plain").f_blocks * 4096)
      flags = os.statvfs("/plain").f_flag
      print("nosuid", flags & os.ST_NOSUID != 0, "nodev", flags & os.ST_NODEV != 0)
      print("noexec", flags & os.ST_NOEXEC != 0)
      print("other", mount(b"/other"))
      print("by link", mount(b"/build/link"))
      print("root", mount(b"/"))
      print("etc", mount(b"/etc"))
      print("tmp", mount(b"/tmp"))
      print("dev", mount(b"/dev"))
      print("bind", mount(b"/build/c", source=b"/etc", type=None, flags=4096))
      print("remount", mount(b"/build/a", flags=32))
      print("shared", mount(b"/build/a", type=None, flags=1 << 20))
      print("move", mount(b"/build/c", source=b"/build/a", flags=8192))
      print("proc", mount(b"/build/c", type=b"proc"))
      print("overlay", mount(b"/build/c", type=b"overlay"))
      print("option", mount(b"/build/c", data=b"huge=always"))
      print("percent", mount(b"/build/c", data=b"size=50%"))
      print("address", answered(libc.mount(b"none", 1, b"tmpfs", 0, None)))
      os.mkdir("/build/a/inner")
      print("inner", mount(b"/build/a/inner"))
      print("busy", unmount(b"/build/a", 2))
      print("not mounted", unmount(b"/build/a/inner/none"))
      print("unmount", unmount(b"/build/a/inner"), unmount(b"/build/a"), os.path.exists("/build/a/b"))
      print("again", unmount(b"/build/a"))
      print("of the policy", unmount(b"/build"), unmount(b"/tmp", 2), unmount(b"/proc", 2))
      many = [mount(b"/build/a") for _ in range(110)]
      print("many", many.count("ok"), many[-1])
      """;

  @Test
  void onlyATmpfsAndOnlyWhereThePolicySays() throws IOException {
    assertEquals(
        """
        place ok
        relative ok 0o40700
        size 1048576
        owner True
        more ok 1048576
        nosuid True nodev True
        noexec True
        other EPERM
        by link EPERM
        root EPERM
        etc EPERM
        tmp EPERM
        dev EPERM
        bind EPERM
        remount EPERM
        shared EPERM
        move EPERM
        proc EPERM
        overlay EPERM
        option EINVAL
        percent EINVAL
        address EFAULT
        inner ok
        busy EBUSY
        not mounted ENOENT
        unmount ok ok True
        again EPERM
        of the policy EPERM EPERM EPERM
        many 98 ENOSPC
        """,
        run(true, ATTEMPTS));
  }

  @Test
  void withoutThatNothingIsMounted() throws IOException {
    String said = run(false, "print(mount(b'/build'), unmount(b'/build'))");
    assertEquals("EPERM EPERM\n", said);
  }

  /** One thread mounts by a path, others change the path and what it names meanwhile. */
  @Test
  void aPlaceThatChangesIsTheOneThatWasLookedAt() throws IOException {
    String race =
        """
        import random
        os.mkdir("/build/a")
        os.symlink("/build/a", "/build/x")
        os.symlink("/other", "/build/y")
        path = ctypes.create_string_buffer(b"/build/x")
        ended = False
        def flip():
            while not ended:
                libc.renameat2(-100, b"/build/x", -100, b"/build/y", 2)
        def write():
            while not ended:
                # at random: threads take turns where they always do
                path[0:6] = random.choice((b"/other", b"/build"))
        threads = [threading.Thread(target=each) for each in (flip, write)]
        for each in threads:
            each.start()
        sys.setswitchinterval(1e-5)
        made = {"ok": 0, "EPERM": 0}
        while min(made["ok"], made["EPERM"]) < 50 or sum(made.values()) < 600:
            result = mount(path)
            made[result] = made.get(result, 0) + 1
            if result == "ok":
                print("unmounted", unmount(b"/build/a"))
        ended = True
        for each in threads:
            each.join()
        print(sorted(made))
        print(sum(" /other" in line for line in open("/proc/self/mountinfo")))
        """;
    String said = run(true, race);
    assertTrue(said.endsWith("]\n1\n"), said);
    assertFalse(said.contains("unmounted E"), said);
  }

  @Test
  void whatMountsItselfNeedsNoSupervisor() throws IOException {
    String nested = "\"namespaces\": {\"nestedUser\": true}, " + PLACES.formatted("true", "false");
    Outcome refused =
        scratch.wrap(List.of("--policy", scratch.policy(nested)), "/bin/true").run().expect(125);
    assertTrue(
        refused.error().contains("a tmpfs with mounts is for programs that cannot mount"),
        refused.error());
  }
}
