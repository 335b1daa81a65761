package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.Executable.Streams;
import dev.caisson.launch.FileType;
import dev.caisson.launch.HostProbe;
import dev.caisson.launch.Notification;
import dev.caisson.launch.RunningSandbox;
import dev.caisson.launch.SandboxView;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.seccomp.SyscallTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Launches some or all of whose calls this process is asked about. */
class SupervisedLaunchTest {
  private static final HostFacts HOST = inUsr(HostProbe.probe());
  private static final SyscallTable CALLS = SyscallTable.of(HOST.architecture());

  @TempDir Path directory;

  private static HostFacts inUsr(HostFacts facts) {
    return facts.withCurrentDirectory(UnixPath.of("/usr"));
  }

  private UnixPath at(String name) {
    return UnixPath.of(directory.resolve(name).toString());
  }

  private PreparedLaunch prepare(String script, Notification notification) {
    EngineDirectories directories =
        new EngineDirectories(at("data"), at("configuration"), at("run"));
    List<UnixPath> command =
        List.of(UnixPath.of("/bin/sh"), UnixPath.of("-c"), UnixPath.of(script));
    return Engine.open(directories, new Installation(Optional.empty()), HOST)
        .prepareSupervised(
            new Order(
                new Workload.HostCommand(command, false, new Workload.Home.OfPolicy()),
                UnixPath.of("untrusted"),
                Adjustments.NONE),
            notification);
  }

  private static int number(String call) {
    return CALLS.number(call).orElseThrow();
  }

  @Test
  void everyCallIsSeenAndDecidedByThePolicy() {
    Map<String, CallAnswer> seen = new TreeMap<>();
    List<String> executed = new ArrayList<>();
    try (PreparedLaunch launch =
            prepare("cat /etc/passwd > /dev/null; exit 7", new Notification.EveryCall());
        RunningSandbox sandbox = launch.spawn(Streams.INHERITED)) {
      sandbox.observe(
          (call, decision) -> {
            String name = CALLS.name(call.number()).orElse("?");
            seen.putIfAbsent(name, decision);
            if (name.equals("execve")) {
              executed.add(
                  call.text(call.argument(0))
                      .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                      .orElse("?"));
            }
          });
      assertEquals(7, sandbox.waitFor());
    }
    assertTrue(seen.keySet().containsAll(Set.of("execve", "openat", "read")), seen.toString());
    assertTrue(executed.contains("/bin/sh"), executed.toString());
    assertTrue(executed.stream().anyMatch(path -> path.endsWith("/cat")), executed.toString());
  }

  @Test
  void whatThePolicyRefusesFailsThoughItIsSeen() {
    List<CallAnswer> mounts = new ArrayList<>();
    try (PreparedLaunch launch =
            prepare("mount -t tmpfs none /tmp && exit 1; exit 7", new Notification.EveryCall());
        RunningSandbox sandbox = launch.spawn(Streams.INHERITED)) {
      sandbox.observe(
          (call, decision) -> {
            if (call.number() == number("mount") || call.number() == number("fsopen")) {
              mounts.add(decision);
            }
          });
      assertEquals(7, sandbox.waitFor());
    }
    assertTrue(mounts.contains(new CallAnswer.Fail(1)), mounts.toString());
    assertTrue(mounts.stream().noneMatch(CallAnswer.Proceed.class::isInstance), mounts.toString());
  }

  /** What the sandbox's tree says of links that hostile programs make. */
  @Test
  void aLookAtTheTreeNeverLeavesIt() {
    Map<String, SandboxView.Place> found = new TreeMap<>();
    String script =
        "cd /tmp; ln -s / root; ln -s loop loop; ln -s /proc/self/root proc; ln -s ../../.. up;"
            + " mkdir d; ln -s d/f chain; echo x > d/f; mkfifo pipe; umask 22";
    try (PreparedLaunch launch = prepare(script, new Notification.EveryCall());
        RunningSandbox sandbox = launch.spawn(Streams.INHERITED)) {
      sandbox.observe(
          (call, decision) -> {
            if (call.number() == number("umask")) {
              try (SandboxView view = SandboxView.of(call.thread()).orElseThrow()) {
                for (String path :
                    List.of(
                        "/tmp/root/etc/shadow",
                        "/tmp/root/tmp/d/../chain",
                        "/tmp/loop",
                        "/tmp/proc/etc/shadow",
                        "/tmp/up/usr",
                        "/../../usr/bin",
                        "/tmp/pipe",
                        "/etc/shadow")) {
                  found.put(path, view.find(UnixPath.of(path), true));
                }
                assertTrue(view.start(UnixPath.of("/tmp/pipe"), 10).isEmpty(), "never waits");
              }
            }
          });
      assertEquals(0, sandbox.waitFor());
    }
    assertEquals("absent /etc/shadow", said(found, "/tmp/root/etc/shadow"));
    assertEquals("absent /etc/shadow", said(found, "/etc/shadow"), "of the sandbox, not the host");
    assertEquals("REGULAR /tmp/d/f", said(found, "/tmp/root/tmp/d/../chain"));
    assertTrue(said(found, "/tmp/loop").startsWith("absent "), found::toString);
    assertEquals("absent /proc/self/root/etc/shadow", said(found, "/tmp/proc/etc/shadow"));
    assertEquals("DIRECTORY /usr", said(found, "/tmp/up/usr"));
    assertEquals("DIRECTORY /usr/bin", said(found, "/../../usr/bin"));
    assertEquals("FIFO /tmp/pipe", said(found, "/tmp/pipe"));
  }

  private static String said(Map<String, SandboxView.Place> found, String path) {
    return Optional.ofNullable(found.get(path))
        .map(place -> place.type().map(FileType::name).orElse("absent") + " " + place.path())
        .orElse("not looked at");
  }

  @Test
  void someCallsAreAnswered() {
    Notification mkdir = new Notification.Calls(Set.of(number("mkdir"), number("mkdirat")));
    try (PreparedLaunch launch = prepare("mkdir /tmp/a && mkdir /tmp/b; exit $?", mkdir);
        RunningSandbox sandbox = launch.spawn(Streams.INHERITED)) {
      List<String> asked = new ArrayList<>();
      sandbox.supervise(
          call -> {
            int path = call.number() == number("mkdirat") ? 1 : 0;
            String name =
                new String(call.text(call.argument(path)).orElseThrow(), StandardCharsets.UTF_8);
            asked.add(name);
            return name.equals("/tmp/b") ? new CallAnswer.Fail(28) : new CallAnswer.Proceed();
          });
      assertEquals(1, sandbox.waitFor());
      assertEquals(List.of("/tmp/a", "/tmp/b"), asked);
    }
  }
}
