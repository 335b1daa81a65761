package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.UnixPath;
import dev.caisson.launch.ControlGroupPlace.Controller;
import dev.caisson.launch.ControlGroupPlace.Kind;
import dev.caisson.launch.GroupLimits.Setting;
import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Protection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sandbox's control group, one for each hierarchy that limits it. The keeper makes it, opens
 * the way in before the sandbox exists, stays outside and removes it at the end; the first process
 * goes in before it has a cgroup namespace, so that the group is that namespace's root.
 */
final class ControlGroupSteps {
  /** Of the groups that the keeper makes; its process id follows. */
  static final String NAME = "caisson-";

  private static final String KEEPERS = "keeper";

  /** How often a group that is not empty yet is tried again, and how long to wait in between. */
  private static final long TRIES = 200;

  private static final long WAIT_NANOSECONDS = 5_000_000;

  /** One directory with its settings. */
  private record Group(
      NumberedDirectory directory,
      Operand.Slot entrance,
      boolean memory,
      List<Controller> controllers) {}

  private final LaunchContext c;
  private final ProgramBuilder b;
  private final GroupLimits limits;
  private final ControlGroupPlace place;
  private final ProgramGroup programs;
  private final List<Group> groups = new ArrayList<>();
  private final Operand.Slot file;
  private final Operand.Slot tries;

  /** What the groups counted, once {@link #report} was done. */
  final GroupReport counted;

  ControlGroupSteps(LaunchContext context, ProgramGroup programs) {
    c = context;
    this.programs = programs;
    b = context.b;
    limits = GroupLimits.of(c.policy.limits());
    place = c.request.controlGroup();
    file = b.slot();
    tries = b.slot();
    counted = new GroupReport(context);
    Map<UnixPath, List<Controller>> byParent = new LinkedHashMap<>();
    for (Controller controller : limits.wanted()) {
      place
          .parent(controller)
          .ifPresent(
              parent -> byParent.computeIfAbsent(parent, p -> new ArrayList<>()).add(controller));
    }
    if (isWanted()) {
      byParent.forEach((parent, controllers) -> groups.add(group(parent, controllers)));
    }
    if (groups.isEmpty() && place.forPrograms()) {
      place.unified().ifPresent(parent -> groups.add(group(parent, List.of())));
    }
  }

  /** For processes alone no group is made. */
  private boolean isWanted() {
    for (Controller controller : limits.required()) {
      if (place.parent(controller).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private Group group(UnixPath parent, List<Controller> controllers) {
    return new Group(
        new NumberedDirectory(b, parent.resolve(NAME)),
        b.slot(),
        controllers.contains(Controller.MEMORY),
        controllers);
  }

  /** Whether a group refuses processes beyond the limit, and counts how often. */
  boolean countsProcesses() {
    return groups.stream().anyMatch(group -> group.controllers().contains(Controller.PIDS));
  }

  /** Refuses what no group will limit, unless the policy can do without. */
  void require() {
    programs.require();
    if (limits.memory().isPresent()) {
      require(Controller.MEMORY, "memory", Protection.MEMORY_LIMIT);
    }
    if (limits.swap().isPresent()) {
      require(Controller.MEMORY, "swap", Protection.SWAP_LIMIT);
    }
    if (limits.cpus().isPresent()) {
      require(Controller.CPU, "cpus", Protection.CPU_LIMIT);
    }
    if (limits.io()) {
      require(
          Controller.IO, limits.ioRead().isPresent() ? "ioRead" : "ioWrite", Protection.IO_LIMIT);
    }
    if (place.kind() == Kind.LEGACY && limits.swap().isPresent() && limits.memory().isEmpty()) {
      c.requirements.require(
          Protection.SWAP_LIMIT,
          "this host's control groups are of version 1, which limits swap only together with memory",
          "Set limits.memory too");
    }
  }

  private void require(Controller controller, String limit, Protection protection) {
    if (place.parent(controller).isEmpty()) {
      c.requirements.require(
          protection,
          "limits." + limit + " needs a control group, and " + place.lack(),
          place.remedy() + "; or list " + protection.word() + " in the policy's bestEffort");
    }
  }

  /** In the keeper: makes the groups, sets their limits and opens the way in. */
  void make() {
    if (groups.isEmpty()) {
      return;
    }
    if (place.kind() == Kind.OWN_SCOPE) {
      leaveScope();
    }
    if (place.kind() != Kind.LEGACY && !groups.get(0).controllers().isEmpty()) {
      turnOn(groups.get(0));
    }
    groups.forEach(this::make);
  }

  private UnixPath parent() {
    return place.unified().orElseThrow();
  }

  private void leaveScope() {
    UnixPath own = parent().resolve(KEEPERS);
    String meaning = "leave the scope's own group";
    b.call(meaning, Syscall.MKDIRAT, Linux.AT_FDCWD, b.text(own), n(0755)).tolerate(Errno.EEXIST);
    c.writeFile(meaning, own.resolve("cgroup.procs"), "0");
  }

  private void turnOn(Group group) {
    c.writeFile("turn on controllers", parent().resolve("cgroup.subtree_control"), words(group));
  }

  private static String words(Group group) {
    StringBuilder words = new StringBuilder();
    for (Controller controller : group.controllers()) {
      words.append(words.length() == 0 ? "+" : " +").append(controller.word());
    }
    return words.toString();
  }

  private void make(Group group) {
    NumberedDirectory directory = group.directory();
    String meaning = "make a control group";
    directory
        .make(meaning, 0755)
        .advise(Errno.ENOENT, "The group that it is made in is gone; start caisson once more")
        .advise(Errno.EAGAIN, "The limit of groups is reached (cgroup.max.descendants)");
    programs.make(directory, words(group));
    b.call(
            "open the control group",
            Syscall.OPENAT,
            directory.directory,
            b.text(programs.relative("cgroup.procs")),
            n(Linux.O_WRONLY | Linux.O_CLOEXEC))
        .into(group.entrance())
        .tolerate(Errno.ENOENT, Errno.ENODEV);
    b.jumpIfEqual(group.entrance(), n(-Errno.ENOENT.number()), directory.again);
    b.jumpIfEqual(group.entrance(), n(-Errno.ENODEV.number()), directory.again);
    for (Controller controller : group.controllers()) {
      limits
          .settings(controller, place.kind() != Kind.LEGACY)
          .forEach(setting -> write(directory, setting));
    }
  }

  private void write(NumberedDirectory directory, Setting setting) {
    Label done = b.label();
    Label absent = b.label();
    ProgramBuilder.Call open =
        b.call(
                setting.meaning(),
                Syscall.OPENAT,
                directory.directory,
                b.text(setting.file()),
                n(Linux.O_WRONLY | Linux.O_CLOEXEC))
            .into(file);
    boolean optional = c.policy.bestEffort().contains(setting.protection());
    if (optional) {
      open.tolerate(Errno.ENOENT);
      b.jumpIfEqual(file, n(-Errno.ENOENT.number()), absent);
    } else {
      open.advise(
          Errno.ENOENT,
          "This kernel does not count it (swapaccount=1 is the boot parameter for swap,"
              + " CONFIG_CFS_BANDWIDTH the option for processors); take the limit out, or list it in"
              + " the policy's bestEffort");
    }
    b.call(
            setting.meaning(),
            Syscall.WRITE,
            file,
            b.text(setting.value()),
            n(setting.value().length()))
        .advise(Errno.EINVAL, "A group above allows less; take a smaller limit");
    b.call(Syscall.CLOSE, file);
    if (optional) {
      b.jump(done);
      b.place(absent);
      say("caisson: not enforced: this kernel cannot " + setting.meaning() + "\n");
      b.place(done);
    }
  }

  /** In the first process, with the caller's own ids still: goes into the groups. */
  void enter() {
    for (Group group : groups) {
      b.call("enter the control group", Syscall.WRITE, group.entrance(), b.text("0"), n(1))
          .advise(Errno.EACCES, "This process may not leave the group that it was started in");
      b.call(Syscall.CLOSE, group.entrance());
      b.call(Syscall.CLOSE, group.directory().directory);
    }
  }

  /** In the keeper, with the sandbox gone: reads what was counted, and says what ended it. */
  void report() {
    boolean legacy = place.kind() == Kind.LEGACY;
    for (Group group : groups) {
      if (group.memory()) {
        counted.memory(group.directory().directory, legacy);
        limits.memory().ifPresent(bytes -> counted.sayMemory(legacy, bytes));
      }
      if (group.controllers().contains(Controller.PIDS)) {
        counted.processes(group.directory().directory);
      }
    }
  }

  /** In the keeper, with the sandbox gone: removes the groups. */
  void remove() {
    for (Group group : groups) {
      Label again = b.label();
      Label done = b.label();
      b.jumpIfEqual(group.directory().directory, n(0), done);
      b.set(tries, n(0));
      b.place(again);
      programs.empty(group.directory().directory);
      b.call(
              "remove the control group",
              Syscall.UNLINKAT,
              Linux.AT_FDCWD,
              group.directory().path,
              n(Linux.AT_REMOVEDIR))
          .into(file)
          .tolerateAll();
      b.jumpIfNotEqual(file, n(-Errno.EBUSY.number()), done);
      // the kernel counts its last process out a little after that was waited for
      b.call(Syscall.PPOLL, n(0), n(0), b.words(0, WAIT_NANOSECONDS), n(0), n(8)).tolerateAll();
      b.add(tries, tries, n(1));
      b.jumpIfLess(tries, n(TRIES), again);
      b.place(done);
    }
  }

  private void say(String text) {
    byte[] line = text.getBytes(StandardCharsets.UTF_8);
    b.call(Syscall.WRITE, n(2), b.bytes(line), n(line.length)).tolerateAll();
  }
}
