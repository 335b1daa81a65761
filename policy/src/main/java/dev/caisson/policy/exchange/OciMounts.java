package dev.caisson.policy.exchange;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.EffectivePolicy.ProcView;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Secret;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What stands in a container, as mounts of an OCI bundle. */
final class OciMounts {
  private static final long DEV_BYTES = 64L << 10;
  private static final long SHM_BYTES = 64L << 20;

  private final EffectivePolicy policy;
  private final Predicate<UnixPath> exists;
  private final List<JsonValue> mounts = new ArrayList<>();
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final List<String> mistakes = new ArrayList<>();

  OciMounts(EffectivePolicy policy, Predicate<UnixPath> exists) {
    this.policy = policy;
    this.exists = exists;
  }

  Map<String, byte[]> files() {
    return files;
  }

  List<LeftOut> leftOut() {
    return leftOut;
  }

  /** Bytes that no JSON can hold. */
  List<String> mistakes() {
    return mistakes;
  }

  JsonValue all() {
    proc();
    add("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=" + DEV_BYTES);
    add("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666");
    add("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=" + SHM_BYTES);
    add("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
    policy.filesystem().forEach(this::place);
    policy.secrets().forEach(this::secret);
    return JsonText.array(mounts);
  }

  private void proc() {
    List<String> options = new ArrayList<>(List.of("nosuid", "noexec", "nodev"));
    if (policy.proc() == ProcView.NONE) {
      report(Kind.NOTE, "proc", "there is none, and some runtimes need one");
      return;
    }
    if (policy.proc() != ProcView.FULL) {
      options.add("hidepid=2");
    }
    if (policy.proc() == ProcView.PID_ONLY) {
      options.add("subset=pid");
    }
    if (policy.proc() != ProcView.FULL && !policy.namespaces().nestedUser()) {
      options.add("ro");
    }
    add("/proc", "proc", "proc", options.toArray(new String[0]));
  }

  private void place(Mount mount) {
    String target = text(mount.target());
    if (mount instanceof Mount.Bind bind) {
      bind(bind, target);
    } else if (mount instanceof Mount.Tmpfs tmpfs) {
      tmpfs(tmpfs, target);
    } else if (mount instanceof Mount.TextFile file) {
      String name = "files/" + files.size();
      files.put(name, file.text().getBytes(StandardCharsets.UTF_8));
      bound(target, name, "bind", "ro", "nosuid", "nodev", "noexec");
    } else if (mount instanceof Mount.Copy copy) {
      if (exists.test(copy.source())) {
        bound(target, text(copy.source()), "bind", "ro", "nosuid", "nodev", "noexec");
      }
    } else {
      report(Kind.NOT_ALLOWED, "filesystem " + target, "a link; put it into the root");
    }
  }

  private void tmpfs(Mount.Tmpfs tmpfs, String target) {
    long size = Math.min(tmpfs.size(), policy.limits().tmpfs().orElse(Long.MAX_VALUE));
    List<String> options = new ArrayList<>(List.of("nosuid", "nodev"));
    if (!tmpfs.exec()) {
      options.add("noexec");
    }
    options.add("mode=" + Integer.toOctalString(tmpfs.mode()));
    options.add("size=" + size);
    add(target, "tmpfs", "tmpfs", options.toArray(new String[0]));
    if (tmpfs.mounts()) {
      report(Kind.NOT_ALLOWED, "filesystem " + target, "mounts in it; nothing can be mounted");
    }
  }

  private void bind(Mount.Bind bind, String target) {
    String place = "filesystem " + target;
    if (bind.optional() && !exists.test(bind.source())) {
      report(Kind.NOTE, place, "its source is not there");
      return;
    }
    boolean writable = bind.access() == Mount.Access.READ_WRITE;
    if (bind.access() == Mount.Access.OVERLAY) {
      report(Kind.NOT_ALLOWED, place, "writes to memory; it is read-only");
    }
    if (!bind.system() && !writable) {
      report(
          Kind.NOT_ENFORCED,
          place,
          policy.unixSockets()
              ? "a socket or FIFO in it reaches its owner"
              : "a FIFO in it reaches its owner");
    }
    bound(target, text(bind.source()), options(writable, bind.exec()));
    for (UnixPath path : writable ? bind.protect() : List.<UnixPath>of()) {
      protect(bind, path, place);
    }
  }

  private static String[] options(boolean writable, boolean exec) {
    List<String> options = new ArrayList<>(List.of("rbind", "rprivate", "rnosuid", "rnodev"));
    options.add(writable ? "rw" : "rro");
    if (!exec) {
      options.add("rnoexec");
    }
    return options.toArray(new String[0]);
  }

  /**
   * A read-only mount, beneath mounts of the directories that lead to it: those cannot be moved.
   */
  private void protect(Mount.Bind bind, UnixPath path, String place) {
    if (!exists.test(bind.source().resolve(path))) {
      report(Kind.NOT_ENFORCED, place, path + " is not there yet, and may be made");
      return;
    }
    UnixPath source = bind.source();
    UnixPath target = bind.target();
    List<UnixPath> parts = path.components();
    for (int i = 0; i < parts.size(); i++) {
      source = source.resolve(parts.get(i));
      target = target.resolve(parts.get(i));
      bound(text(target), text(source), options(i < parts.size() - 1, bind.exec()));
    }
  }

  private void secret(Secret secret) {
    if (secret.source() instanceof Secret.File file) {
      bound(
          "/run/secrets/" + secret.name(),
          text(file.path()),
          "bind",
          "ro",
          "nosuid",
          "nodev",
          "noexec");
    } else {
      report(Kind.NOT_ALLOWED, "secrets " + secret.name(), "what a descriptor gives");
    }
  }

  private void bound(String target, String source, String... options) {
    add(target, "bind", source, options);
  }

  private void add(String target, String type, String source, String... options) {
    Map<String, JsonValue> mount = new LinkedHashMap<>();
    mount.put("destination", JsonText.text(target));
    mount.put("type", JsonText.text(type));
    mount.put("source", JsonText.text(source));
    mount.put("options", JsonText.texts(List.of(options)));
    mounts.add(JsonText.object(mount));
  }

  private void report(Kind kind, String place, String said) {
    leftOut.add(new LeftOut(kind, place, said));
  }

  /** A path as JSON can hold it. */
  String text(UnixPath path) {
    String text = new String(path.bytes(), StandardCharsets.UTF_8);
    if (!UnixPath.of(text).equals(path)) {
      mistakes.add(path + " is not UTF-8");
    }
    return text;
  }
}
