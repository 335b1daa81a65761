package dev.caisson.policy.exchange;

import dev.caisson.json.Nearest;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The flags of docker run and podman run, taken apart as they do it. */
final class DockerFlags {
  /** Flags with a value that a policy says, or that need a look. */
  private static final String VALUES =
      "--add-host --annotation --attach --blkio-weight --blkio-weight-device --cap-add --cap-drop"
          + " --cgroup-parent --cgroupns --cidfile --conmon-pidfile --cpu-count --cpu-percent"
          + " --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime --cpu-shares --cpus"
          + " --cpuset-cpus --cpuset-mems --detach-keys --device --device-cgroup-rule"
          + " --device-read-bps --device-read-iops --device-write-bps --device-write-iops --dns"
          + " --dns-option --dns-opt --dns-search --domainname --entrypoint --env --env-file"
          + " --expose --gpus --group-add --health-cmd --health-interval --health-retries"
          + " --health-start-interval --health-start-period --health-timeout --hostname --ip --ip6"
          + " --ipc --isolation --kernel-memory --label --label-file --link --link-local-ip"
          + " --log-driver --log-opt --mac-address --memory --memory-reservation --memory-swap"
          + " --memory-swappiness --mount --name --net --net-alias --network --network-alias"
          + " --oom-score-adj --pid --pids-limit --platform --publish --pull --restart --runtime"
          + " --security-opt --shm-size --stop-signal --stop-timeout --storage-opt --sysctl"
          + " --timeout --tmpfs --ulimit --user --userns --uts --volume --volume-driver"
          + " --volumes-from --workdir";

  private static final String SWITCHES =
      "--detach --disable-content-trust --init --interactive --no-healthcheck --oom-kill-disable"
          + " --privileged --publish-all --quiet --read-only --replace --rm --sig-proxy --tty";

  private static final Map<String, String> SHORT = new HashMap<>();

  static {
    String pairs =
        "-a --attach -c --cpu-shares -e --env -h --hostname -l --label -m --memory -p --publish"
            + " -u --user -v --volume -w --workdir -d --detach -i --interactive -P --publish-all"
            + " -q --quiet -t --tty";
    String[] words = pairs.split(" ", -1);
    for (int i = 0; i < words.length; i += 2) {
      SHORT.put(words[i], words[i + 1]);
    }
  }

  /**
   * A flag that was given.
   *
   * @param name its long name
   * @param value true or false for a switch
   * @param place which word it is
   */
  record Given(String name, String value, String place) {}

  private final List<String> words;
  private final Report report;
  private final List<Given> given = new ArrayList<>();
  private final List<String> values = List.of(VALUES.split(" ", -1));
  private final List<String> switches = List.of(SWITCHES.split(" ", -1));
  private int at;

  DockerFlags(List<String> words, Report report) {
    this.words = words;
    this.report = report;
  }

  /** The flags before the image; what follows is noted. */
  List<Given> read() {
    skipCommand();
    while (at < words.size() && words.get(at).startsWith("-") && !words.get(at).equals("-")) {
      if (words.get(at).equals("--")) {
        at++;
        break;
      }
      String word = words.get(at);
      if (word.startsWith("--")) {
        longFlag(word);
      } else {
        shortFlags(word);
      }
      at++;
    }
    if (at < words.size()) {
      report.add(Kind.NOTE, place(), "the image and its command belong to caisson run");
    }
    return given;
  }

  /** A line that was copied as a whole. */
  private void skipCommand() {
    List<String> before = List.of("docker", "podman", "container", "run", "create");
    while (at < words.size() && before.contains(words.get(at))) {
      at++;
    }
  }

  private void longFlag(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (switches.contains(name)) {
      give(name, equals < 0 ? "true" : word.substring(equals + 1));
    } else if (values.contains(name)) {
      if (equals < 0) {
        giveNext(name);
      } else {
        give(name, word.substring(equals + 1), place());
      }
    } else {
      unknown(name);
    }
  }

  /** Switches in one word, or a flag with its value behind it. */
  private void shortFlags(String word) {
    for (int i = 1; i < word.length(); i++) {
      String name = SHORT.getOrDefault("-" + word.charAt(i), "");
      if (name.isEmpty()) {
        unknown("-" + word.charAt(i));
        return;
      }
      if (switches.contains(name)) {
        give(name, "true");
        continue;
      }
      String rest = word.substring(i + 1);
      if (rest.isEmpty()) {
        giveNext(name);
      } else {
        give(name, rest.startsWith("=") ? rest.substring(1) : rest, place());
      }
      return;
    }
  }

  private void giveNext(String name) {
    String place = place();
    at++;
    if (at < words.size()) {
      give(name, words.get(at), place);
    } else {
      report.mistake("the last word", name + " needs a value");
    }
  }

  private void give(String name, String value) {
    Optional<Boolean> on = truth(value);
    if (on.isEmpty()) {
      report.mistake(place(), name + " is true or false, not " + value);
    }
    give(name, on.orElse(true).toString(), place());
  }

  /** What Go's strconv.ParseBool makes of {@code text}. */
  static Optional<Boolean> truth(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
      case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private void give(String name, String value, String place) {
    given.add(new Given(name, value, place + ", " + name));
  }

  private void unknown(String name) {
    List<String> all = new ArrayList<>(values);
    all.addAll(switches);
    report.mistake(place(), "docker run has no flag " + name + Nearest.hint(name, all));
  }

  private String place() {
    return "word " + (at + 1);
  }
}
