package dev.caisson.policy;

import dev.caisson.json.JsonText;
import dev.caisson.policy.seccomp.ProfileOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one policy allows and another does not, field by field. A field's order answers with a
 * witness; where it cannot tell, it says that more is allowed. Names, the host name, the working
 * directory and what the host itself decides allow nothing and are not compared.
 */
public final class PermissionOrder {
  private final EffectivePolicy one;
  private final EffectivePolicy other;
  private final List<Excess> found = new ArrayList<>();

  private PermissionOrder(EffectivePolicy one, EffectivePolicy other) {
    this.one = one;
    this.other = other;
  }

  /**
   * Something that is allowed.
   *
   * @param field the field that allows it, {@code limits.memory} for instance
   * @param witness what is allowed, in words
   */
  public record Excess(String field, String witness) {
    @Override
    public String toString() {
      return witness.startsWith(field) ? witness : field + " " + witness;
    }
  }

  /** What {@code one} allows and {@code other} does not; empty where it allows no more. */
  public static List<Excess> excess(EffectivePolicy one, EffectivePolicy other) {
    PermissionOrder order = new PermissionOrder(one, other);
    order.compare();
    return List.copyOf(order.found);
  }

  private void compare() {
    namespaces(one.namespaces(), other.namespaces());
    field(Fields.CAPABILITIES, one.capabilities(), other.capabilities());
    ProfileOrder.excess(one.seccomp(), one.capabilities(), other.seccomp(), other.capabilities())
        .forEach(said -> found.add(new Excess("seccomp", said)));
    field(Fields.ROOT, one.root(), other.root());
    field(Fields.PROC, one.proc(), other.proc());
    field(Fields.DEVICES, one.devices(), other.devices());
    field(Fields.NETWORK, one.network(), other.network());
    SecretOrder.excess(one.secrets(), other.secrets())
        .forEach(said -> found.add(new Excess("secrets", said)));
    field(Fields.UNIX_SOCKETS, one.unixSockets(), other.unixSockets());
    field(Fields.LANDLOCK, one.landlock(), other.landlock());
    limits(one.limits(), other.limits());
    process(one.process(), other.process());
    field(Fields.BEST_EFFORT, one.bestEffort(), other.bestEffort());
    EnvironmentOrder.excess(one.environment(), other.environment())
        .forEach(said -> found.add(new Excess("environment", said)));
    new FilesystemOrder(one, other)
        .excess()
        .forEach(said -> found.add(new Excess("filesystem", said)));
    for (Waiver waiver : one.waivers()) {
      if (other.waivers().stream().noneMatch(theirs -> theirs.rule().equals(waiver.rule()))) {
        found.add(new Excess("audit", "waives " + waiver.rule()));
      }
    }
    if (one.images().isPresent() && !text(one).equals(text(other))) {
      found.add(new Excess("images", "the trust document is another one"));
    }
  }

  private void namespaces(Namespaces mine, Namespaces theirs) {
    field(Fields.USER_MAP, mine.user(), theirs.user());
    field(Fields.NESTED_USER, mine.nestedUser(), theirs.nestedUser());
    field(Fields.IPC, mine.ipc(), theirs.ipc());
    field(Fields.HOST_NAME, mine.hostname(), theirs.hostname());
    field(Fields.CGROUP, mine.cgroup(), theirs.cgroup());
  }

  private void process(
      EffectivePolicy.ProcessSettings mine, EffectivePolicy.ProcessSettings theirs) {
    field(Fields.USER, mine.user(), theirs.user());
    field(Fields.GROUPS, mine.groups(), theirs.groups());
    field(Fields.UMASK, mine.umask(), theirs.umask());
    field(Fields.SESSION_KEYRING, mine.sessionKeyring(), theirs.sessionKeyring());
    field(Fields.ROOT_EMULATION, mine.rootEmulation(), theirs.rootEmulation());
    field(Fields.INIT, mine.init(), theirs.init());
  }

  /** A trust document without its places in files. */
  private static Optional<String> text(EffectivePolicy policy) {
    return policy.images().map(images -> JsonText.line(images.document()));
  }

  private void limits(EffectivePolicy.Limits mine, EffectivePolicy.Limits theirs) {
    field(Fields.MEMORY, mine.memory(), theirs.memory());
    field(Fields.SWAP, mine.swap(), theirs.swap());
    field(Fields.CPUS, mine.cpus(), theirs.cpus());
    field(Fields.IO_READ, mine.ioRead(), theirs.ioRead());
    field(Fields.IO_WRITE, mine.ioWrite(), theirs.ioWrite());
    field(Fields.PIDS, mine.processes(), theirs.processes());
    field(Fields.OPEN_FILES, mine.openFiles(), theirs.openFiles());
    field(Fields.FILE_SIZE, mine.fileSize(), theirs.fileSize());
    field(Fields.CPU_TIME, mine.cpuTime(), theirs.cpuTime());
    field(Fields.WALL_CLOCK, longest(one), longest(other));
    field(Fields.OUTPUT, mine.output(), theirs.output());
    field(Fields.TMPFS, mine.tmpfs(), theirs.tmpfs());
  }

  /** How long it runs at the most: what it is given to end in counts. */
  private static OptionalLong longest(EffectivePolicy policy) {
    return policy
        .limits()
        .wallClock()
        .map(limit -> OptionalLong.of(limit.plus(policy.process().stop().grace()).toMillis()))
        .orElse(OptionalLong.empty());
  }

  private <T> void field(OrderedField<T> field, T mine, T theirs) {
    Optional<String> said = field.excess(mine, theirs);
    said.ifPresent(witness -> found.add(new Excess(field.path(), witness)));
  }
}
