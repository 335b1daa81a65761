package dev.caisson.launch;

import static dev.caisson.launch.Linux.n;

import dev.caisson.launch.ProgramBuilder.Label;
import dev.caisson.policy.Mount;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a sandbox of root's writes to, which runs with other ids: trees whose owner on disk is the
 * program's user inside, and no one else of the disk is anyone there (mount_setattr(2),
 * MOUNT_ATTR_IDMAP). Only root may map the ids of a mount, so the keeper makes them, each as a
 * mount that hangs nowhere, and the sandbox's first process inherits their descriptors.
 *
 * <p>Root's own files are never the program's: a setuid program that it leaves would be root's.
 */
final class MappedBinds {
  private final LaunchContext c;
  private final ProgramBuilder b;
  private final SourceTrees sources;
  private final Map<Mount.Bind, Operand.Slot> trees = new LinkedHashMap<>();
  private final Map<Owner, Operand.Slot> namespaces = new LinkedHashMap<>();

  /** Who owns a tree on disk. */
  private record Owner(int uid, int gid) {
    boolean isRoot() {
      return uid == 0 || gid == 0;
    }
  }

  MappedBinds(LaunchContext context, SourceTrees sources) {
    c = context;
    b = context.b;
    this.sources = sources;
  }

  /** The tree that was made for {@code bind}; empty where it needs none. */
  Optional<Operand.Slot> tree(Mount.Bind bind) {
    return Optional.ofNullable(trees.get(bind));
  }

  /** In the keeper, before the sandbox exists: makes the trees. */
  void make() {
    if (!c.startedByRoot()) {
      return;
    }
    for (Mount mount : c.policy.filesystem()) {
      if (mount instanceof Mount.Bind bind && bind.access() != Mount.Access.READ_ONLY) {
        make(bind);
      }
    }
    namespaces.values().forEach(each -> b.call(Syscall.CLOSE, each));
  }

  /** In the keeper, once the sandbox's first process has them. */
  void close() {
    trees.values().forEach(each -> b.call(Syscall.CLOSE, each));
  }

  private void make(Mount.Bind bind) {
    String meaning = "bind " + bind.source() + " on " + bind.target() + " with its owner's id";
    Optional<HostPath> path = BindSources.of(c).find(bind);
    if (path.isEmpty()) {
      return;
    }
    boolean writable = bind.access() == Mount.Access.READ_WRITE;
    if (!writable && MountTable.own().hasBelow(path.get().real())) {
      throw new PlanRefusal(
          meaning,
          "something is mounted below it, which an overlay would not show",
          "Make the access ro or rw");
    }
    Owner owner =
        HostFiles.status(path.get().real())
            .map(entry -> new Owner(entry.uid(), entry.gid()))
            .orElse(new Owner(0, 0));
    if (writable && owner.isRoot()) {
      throw new PlanRefusal(
          meaning,
          "root or its group owns it, so a setuid program left there would be root's",
          "Give it to the account whose files it holds (chown USER:GROUP), make its access"
              + " \"overlay\" or \"ro\", or run as an ordinary user");
    }
    Operand.Slot namespace = namespaces.get(owner);
    if (namespace == null) {
      namespace = namespaceOf(owner);
      namespaces.put(owner, namespace);
    }
    Operand.Slot tree = b.slot();
    sources.openMapped(meaning, path.get(), writable, bind.exec(), namespace, tree);
    trees.put(bind, tree);
  }

  /** A user namespace that only holds a map: a child of the keeper's makes it, and ends. */
  private Operand.Slot namespaceOf(Owner owner) {
    String meaning =
        "make a map in which the host's user "
            + Integer.toUnsignedString(owner.uid())
            + " is the program's";
    Operand.Slot read = b.slot();
    Operand.Slot write = b.slot();
    Operand.Slot child = b.slot();
    Operand.Slot namespace = b.slot();
    Label wait = b.label();
    Label end = b.label();
    Label made = b.label();
    c.pipe(meaning, read, write);
    c.fork(meaning, Linux.CLONE_NEWUSER, child, wait);
    new IdMapSteps(c)
        .mapOther(
            meaning,
            child,
            line(owner.uid(), c.payloadUid()),
            line(owner.gid(), c.payloadGid()),
            namespace);
    b.call(Syscall.CLOSE, write);
    b.call(Syscall.CLOSE, read);
    b.call(meaning, Syscall.WAIT4, child, n(0), n(0), n(0)).again();
    b.jump(made);
    b.role(Role.MAPPER);
    b.place(wait);
    // until the keeper closes its end, or is gone
    b.call(Syscall.CLOSE, write).otherwise(end);
    b.call(Syscall.READ, read, c.buffer, n(1)).again().otherwise(end);
    b.place(end);
    b.call(Syscall.EXIT_GROUP, n(0)).otherwise(end);
    b.role(Role.KEEPER);
    b.place(made);
    return namespace;
  }

  /** The id on disk stands where a map has the one inside, the sandbox's where the host's is. */
  private String line(int onDisk, long inside) {
    long first = Integer.toUnsignedLong(((IdMap.Range) c.ids).first());
    return Integer.toUnsignedString(onDisk) + " " + (first + inside) + " 1";
  }
}
