package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Mount;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Names that a policy protects can only be protected where they exist. The keeper, which still sees
 * the host's tree, says at the end which of the others appeared.
 */
final class AppearanceSteps {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final Operand.Slot result;
  private final Operand.Slot appeared;
  private final Operand.Immediate status;

  AppearanceSteps(LaunchContext context) {
    c = context;
    b = context.b;
    result = b.slot();
    appeared = b.slot();
    status = b.zeroes(Linux.STATX_SIZE);
  }

  void report() {
    for (Mount mount : c.policy.filesystem()) {
      if (mount instanceof Mount.Bind bind && bind.access() == Mount.Access.READ_WRITE) {
        HostPath.find(bind.source()).ifPresent(source -> report(source.real(), bind.protect()));
      }
    }
  }

  private void report(UnixPath directory, List<UnixPath> names) {
    b.set(appeared, n(0));
    for (UnixPath name : names) {
      if (HostFiles.status(directory.resolve(name)).isEmpty()) {
        reportOne(directory, name);
      }
    }
    Label none = b.label();
    b.jumpIfEqual(appeared, n(0), none);
    print(
        "\ncaisson: such files can run code outside the sandbox; they did not exist at the start, so"
            + " they were not protected: look at them before you use the directory\n");
    b.place(none);
  }

  private void reportOne(UnixPath directory, UnixPath name) {
    Label next = b.label();
    Label more = b.label();
    UnixPath path = directory.resolve(name);
    b.call(
            "look whether " + path + " appeared",
            Syscall.STATX,
            Linux.AT_FDCWD,
            b.text(path),
            n(Linux.AT_SYMLINK_NOFOLLOW),
            n(Linux.STATX_BASIC),
            status)
        .into(result)
        .tolerateAll();
    b.jumpIfNotEqual(result, n(0), next);
    b.jumpIfNotEqual(appeared, n(0), more);
    b.set(appeared, n(1));
    print("caisson: new in " + directory + ":");
    b.place(more);
    print(" " + name);
    b.place(next);
  }

  private void print(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    b.call(Syscall.WRITE, n(2), b.bytes(bytes), n(bytes.length)).tolerateAll();
  }
}
