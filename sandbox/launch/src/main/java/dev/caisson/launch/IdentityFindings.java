package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.launch.Doctor.Finding;
import dev.caisson.launch.Doctor.State;
import dev.caisson.policy.HostFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whose ids a sandbox carries: the caller's groups, and ranges of subordinate ids. */
final class IdentityFindings {
  private static final int FILE_LIMIT = 1 << 20;

  /** Groups that open devices or sockets that amount to root, or other users' files. */
  private static final Set<String> POWERFUL =
      Set.of(
          "disk",
          "docker",
          "kvm",
          "lxd",
          "incus",
          "incus-admin",
          "libvirt",
          "video",
          "render",
          "input",
          "audio",
          "sudo",
          "wheel",
          "adm",
          "shadow",
          "systemd-journal",
          "podman",
          "root",
          "kmem",
          "tape",
          "vboxusers",
          "wireshark");

  private final HostFacts host;

  IdentityFindings(HostFacts host) {
    this.host = host;
  }

  List<Finding> all() {
    return List.of(groups(), subordinateIds());
  }

  /** A single-id map cannot drop supplementary groups: setgroups(2) is denied in it. */
  private Finding groups() {
    Map<Integer, String> names = groupNames();
    List<String> carried = new ArrayList<>();
    for (int group : host.supplementaryGroups()) {
      String name = names.getOrDefault(group, Integer.toUnsignedString(group));
      if (POWERFUL.contains(name)) {
        carried.add(name);
      }
    }
    if (host.uid() == 0 || carried.isEmpty()) {
      return new Finding(
          "supplementary groups", false, State.OK, "none that opens devices or sockets", "");
    }
    return new Finding(
        "supplementary groups",
        false,
        State.NOTE,
        String.join(", ", carried) + " is carried inside",
        "An ordinary user cannot drop a group. No device or socket of the host is reachable inside"
            + " all the same, but what a bind shows is readable by these groups too; a user"
            + " without them is safer");
  }

  private Finding subordinateIds() {
    boolean helper =
        HostFiles.status(UnixPath.of("/usr/bin/newuidmap")).isPresent()
            && HostFiles.status(UnixPath.of("/usr/bin/newgidmap")).isPresent();
    boolean listed = isListed("/etc/subuid") && isListed("/etc/subgid");
    if (helper && listed) {
      return new Finding("subordinate ids", false, State.OK, "newuidmap and a range are there", "");
    }
    return new Finding(
        "subordinate ids",
        false,
        State.NOTE,
        helper ? "no range in /etc/subuid and /etc/subgid" : "no newuidmap",
        "Not needed: sandboxes run with the caller's one id. With the package uidmap and, as root,"
            + " 'usermod --add-subuids 100000-165535 --add-subgids 100000-165535 "
            + host.user()
            + "' they could have more");
  }

  private boolean isListed(String path) {
    for (String[] fields : fields(path)) {
      if (fields.length == 3
          && (fields[0].equals(host.user())
              || fields[0].equals(Integer.toUnsignedString(host.uid())))) {
        return true;
      }
    }
    return false;
  }

  private static Map<Integer, String> groupNames() {
    Map<Integer, String> names = new HashMap<>();
    for (String[] fields : fields("/etc/group")) {
      if (fields.length == 4 && fields[2].matches("[0-9]{1,10}")) {
        names.put((int) Long.parseLong(fields[2]), fields[0]);
      }
    }
    return names;
  }

  private static List<String[]> fields(String path) {
    return HostFiles.start(UnixPath.of(path), FILE_LIMIT).stream()
        .flatMap(bytes -> new String(bytes, StandardCharsets.UTF_8).lines())
        .map(line -> line.split(":", -1))
        .toList();
  }
}
