package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.engine.Adjustments;
import dev.caisson.engine.Adjustments.HostBind;
import dev.caisson.engine.Adjustments.Variable;
import dev.caisson.engine.NetworkFlags;
import dev.caisson.policy.Destination;
import dev.caisson.policy.Egress;
import dev.caisson.policy.FirstProcess;
import dev.caisson.policy.Mount.Access;
import dev.caisson.policy.Network;
import dev.caisson.policy.PublishedPort;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The flags that {@code run} and {@code wrap} share. */
final class WorkloadFlags {
  static final Flag POLICY =
      Flag.value(
          "--policy",
          "P",
          "The policy: strict, untrusted (the default), developer, unshare, or a file, which needs a / or"
              + " ends in .json.");
  static final Flag CEILING =
      Flag.values(
          "--ceiling",
          "P",
          "A policy that bounds the policy and the flags, besides /etc/caisson/ceiling.json and"
              + " ~/.config/caisson/ceiling.json.");
  static final Flag READ_ONLY_BIND =
      Flag.values("--ro-bind", "SRC[:DST]", "Show a file or directory of the host, read-only.")
          .opening();
  static final Flag BIND =
      Flag.values("--bind", "SRC[:DST]", "Show a file or directory of the host, writable.")
          .opening();
  static final Flag VOLUME =
      Flag.values(
              "-v --volume", "SRC:DST[:ro]", "The same as Docker writes it: writable unless :ro.")
          .opening();
  static final Flag ENVIRONMENT =
      Flag.values(
          "-e --env", "NAME[=VALUE]", "Set a variable, or without =VALUE pass this shell's.");
  static final Flag SET_ENVIRONMENT =
      Flag.values("--setenv", "NAME VALUE", "Set a variable, as bubblewrap writes it.");
  static final Flag HOST_ENVIRONMENT =
      Flag.on("--env-host", "Pass the whole environment, with every token that is in it.")
          .opening();
  static final Flag NETWORK =
      Flag.value(
              "--network",
              "none|private|host",
              "No network but loopback, one that reaches out but not the host itself, or the host's.")
          .opening();
  static final Flag EGRESS =
      Flag.values(
              "--egress",
              "HOST:PORT",
              "Let a private network reach this and nothing else; PORT may be a range, and end in"
                  + " /udp.")
          .opening();
  static final Flag PUBLISH =
      Flag.values(
              "-p --publish",
              "[ADDR:]PORT:PORT",
              "Lead a port of the host, on 127.0.0.1 unless ADDR says, to one inside.")
          .opening();
  static final Flag ALLOW_UNIX =
      Flag.on(
              "--allow-unix",
              "Allow Unix sockets even where a bound directory holds sockets of the host.")
          .opening();
  static final Flag ALLOW_WRITE =
      Flag.values(
              "--allow-write",
              "PATH",
              "Do not protect this path below a writable directory, .git/config for instance.")
          .opening();
  static final Flag WORKING_DIRECTORY =
      Flag.value("-w --workdir --chdir", "DIR", "Start in this directory inside.");

  static final Flag INIT =
      Flag.value(
          "--init",
          "reaper|none|image",
          "Who is process 1 inside: one of Caisson's that reaps orphans, the program, or the"
              + " program as the image's init.");

  static final Flag RESULT =
      Flag.value(
          "--result",
          "FILE",
          "Write how it ended, what it used and which limit ended it to this file, as JSON.");

  static final UnixPath DEFAULT_POLICY = UnixPath.of("untrusted");

  static final List<Flag> ALL = all();

  private static List<Flag> all() {
    List<Flag> all =
        new ArrayList<>(
            List.of(
                POLICY,
                CEILING,
                READ_ONLY_BIND,
                BIND,
                VOLUME,
                ENVIRONMENT,
                SET_ENVIRONMENT,
                HOST_ENVIRONMENT,
                NETWORK,
                EGRESS,
                PUBLISH,
                ALLOW_UNIX,
                ALLOW_WRITE,
                WORKING_DIRECTORY,
                INIT,
                RESULT));
    all.addAll(PlaceOptions.ALL);
    all.addAll(IdentityOptions.ALL);
    all.addAll(LimitOptions.ALL);
    return List.copyOf(all);
  }

  private final Syntax syntax;
  private final Arguments arguments;

  WorkloadFlags(Syntax syntax, Arguments arguments) {
    this.syntax = syntax;
    this.arguments = arguments;
  }

  UnixPath policy() {
    return arguments.value(POLICY).orElse(DEFAULT_POLICY);
  }

  List<UnixPath> ceilings() {
    return ceilings(arguments);
  }

  static List<UnixPath> ceilings(Arguments arguments) {
    return arguments.all(CEILING).stream().map(value -> value.get(0)).toList();
  }

  static Optional<UnixPath> result(Arguments arguments) {
    return arguments.value(RESULT);
  }

  Adjustments adjustments() {
    PlaceOptions places = new PlaceOptions(syntax, arguments);
    return new Adjustments(
        binds(),
        places.places(),
        places.hostname(),
        variables(),
        arguments.has(HOST_ENVIRONMENT),
        new NetworkFlags(network(), egress(), published()),
        new LimitOptions(syntax, arguments).limits(),
        new IdentityOptions(arguments).identity(),
        init(),
        workingDirectory(),
        arguments.has(ALLOW_UNIX),
        arguments.all(ALLOW_WRITE).stream().map(value -> value.get(0)).toList());
  }

  private Optional<UnixPath> workingDirectory() {
    Optional<UnixPath> directory = arguments.value(WORKING_DIRECTORY);
    if (directory.isPresent() && !directory.get().isAbsolute()) {
      throw UsageRefusal.of(
          syntax,
          WORKING_DIRECTORY.name() + " needs an absolute path inside, not " + directory.get(),
          "Begin it with /");
    }
    return directory;
  }

  private Optional<FirstProcess> init() {
    return arguments
        .text(INIT)
        .map(
            word ->
                switch (word) {
                  case "none" -> FirstProcess.NONE;
                  case "image" -> FirstProcess.IMAGE;
                  default -> FirstProcess.REAPER;
                });
  }

  private List<HostBind> binds() {
    List<HostBind> binds = new ArrayList<>();
    for (List<UnixPath> value : arguments.all(READ_ONLY_BIND)) {
      binds.add(bind(READ_ONLY_BIND, split(value.get(0), ':'), Access.READ_ONLY));
    }
    for (List<UnixPath> value : arguments.all(BIND)) {
      binds.add(bind(BIND, split(value.get(0), ':'), Access.READ_WRITE));
    }
    for (List<UnixPath> value : arguments.all(VOLUME)) {
      binds.add(volume(value.get(0)));
    }
    return binds;
  }

  private HostBind volume(UnixPath value) {
    List<UnixPath> parts = split(value, ':');
    String option = parts.size() == 3 ? parts.get(2).toString() : "rw";
    if (parts.size() < 2 || parts.size() > 3) {
      throw UsageRefusal.of(
          syntax, "-v " + value + " is not of the form SRC:DST[:ro]", "Name both paths");
    }
    if (!option.equals("ro") && !option.equals("rw")) {
      throw UsageRefusal.of(
          syntax,
          "-v knows :ro and :rw, not :" + option,
          Spelling.hint(option, List.of("ro", "rw")));
    }
    return bind(
        VOLUME, parts.subList(0, 2), option.equals("ro") ? Access.READ_ONLY : Access.READ_WRITE);
  }

  private HostBind bind(Flag flag, List<UnixPath> parts, Access access) {
    if (parts.stream().anyMatch(part -> part.bytes().length == 0)) {
      throw UsageRefusal.of(
          syntax, "a path of " + flag.name() + ValueCheck.EMPTY, "Write " + flag.form());
    }
    if (parts.size() > 2) {
      throw UsageRefusal.of(
          syntax,
          flag.name() + " takes one path, or two with a colon between",
          "A path with a colon in its name can be reached through a symbolic link");
    }
    return new HostBind(
        parts.get(0), parts.size() == 2 ? Optional.of(parts.get(1)) : Optional.empty(), access);
  }

  private List<Variable> variables() {
    List<Variable> variables = new ArrayList<>();
    for (List<UnixPath> value : arguments.all(ENVIRONMENT)) {
      variables.add(variable(value.get(0)));
    }
    for (List<UnixPath> value : arguments.all(SET_ENVIRONMENT)) {
      variables.add(new Variable(name(value.get(0)), Optional.of(value.get(1))));
    }
    return variables;
  }

  private Variable variable(UnixPath setting) {
    byte[] bytes = setting.bytes();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '=') {
        return new Variable(
            name(UnixPath.of(Arrays.copyOf(bytes, i))),
            Optional.of(UnixPath.of(Arrays.copyOfRange(bytes, i + 1, bytes.length))));
      }
    }
    return new Variable(name(setting), Optional.empty());
  }

  private String name(UnixPath name) {
    String text = new String(name.bytes(), StandardCharsets.UTF_8);
    if (text.isEmpty() || text.indexOf('=') >= 0) {
      throw UsageRefusal.of(syntax, "a variable needs a name without '='", "");
    }
    return text;
  }

  private Optional<Network> network() {
    return arguments
        .text(NETWORK)
        .<Network>map(
            word ->
                switch (word) {
                  case "private" -> new Network.Private(new Egress.Anywhere(), true, List.of());
                  case "host" -> new Network.Host();
                  default -> new Network.None();
                });
  }

  private List<Destination> egress() {
    return each(
        EGRESS, Destination::parse, "a host's name or address, a colon and a port: files.test:443");
  }

  private List<PublishedPort> published() {
    return each(
        PUBLISH, PublishedPort::parse, "a port of the host, a colon and one inside: 8080:80");
  }

  private <T> List<T> each(Flag flag, Function<String, Optional<T>> parse, String form) {
    List<T> read = new ArrayList<>();
    for (List<UnixPath> value : arguments.all(flag)) {
      String text = value.get(0).toString();
      read.add(
          parse
              .apply(text)
              .orElseThrow(
                  () ->
                      UsageRefusal.of(
                          syntax,
                          flag.name() + " " + text + " is not understood",
                          "Write " + form)));
    }
    return read;
  }

  private static List<UnixPath> split(UnixPath value, char separator) {
    List<UnixPath> parts = new ArrayList<>();
    byte[] bytes = value.bytes();
    int start = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == separator) {
        parts.add(UnixPath.of(Arrays.copyOfRange(bytes, start, i)));
        start = i + 1;
      }
    }
    return parts;
  }
}
