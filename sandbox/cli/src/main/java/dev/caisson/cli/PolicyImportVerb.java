package dev.caisson.cli;

import dev.caisson.Printable;
import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import dev.caisson.json.JsonText;
import dev.caisson.launch.HostFiles;
import dev.caisson.policy.exchange.ExchangeRefusal;
import dev.caisson.policy.exchange.Imported;
import dev.caisson.policy.exchange.LeftOut;
import dev.caisson.policy.exchange.PolicyImport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** {@code caisson policy import}: a policy from another tool's document. */
final class PolicyImportVerb implements Verb {
  static final List<String> FORMATS =
      List.of("oci-seccomp", "podman-seccomp", "kubernetes", "docker-run");

  private static final Flag OUTPUT =
      Flag.value("-o --output", "FILE", "Where the policy is written; standard output without it.");
  private static final Flag LEAVE_OUT =
      Flag.on("--leave-out", "Go on without what the policy cannot say.").opening();
  private static final Flag CONTAINER =
      Flag.value("--container", "NAME", "Which container of a pod, where it has several.");
  private static final int LONGEST = 4 << 20;

  private static final Syntax SYNTAX =
      new Syntax(
          "policy import",
          List.of("[FLAG...] FORMAT FILE", "[FLAG...] docker-run -- FLAG..."),
          "Makes a policy of another tool's document.",
          List.of(
              "FORMAT is oci-seccomp (a profile of OCI or Docker), podman-seccomp (Podman's"
                  + " seccomp.json), kubernetes (a pod in JSON, or its securityContext alone), or"
                  + " docker-run (the flags of docker run or podman run). FILE may be - for standard"
                  + " input.",
              "What the policy does not say is a line on standard error each: what is not allowed"
                  + " here, what is not enforced here, and notes. With one of the first two nothing"
                  + " is written and the exit status is 125, but with --leave-out. What Caisson does"
                  + " not know is a mistake."),
          List.of(OUTPUT, LEAVE_OUT, CONTAINER, SeccompFlags.KNOWN_THROUGH),
          List.of(
              new Syntax.Example(
                  "caisson policy import -o ci.json docker-run -- --cap-drop ALL --read-only debian",
                  "A policy that allows what this command line does."),
              new Syntax.Example(
                  "caisson policy import --container web kubernetes ./pod.json",
                  "One container of a pod."),
              new Syntax.Example(
                  "caisson policy import --known-through 6.12 oci-seccomp ./moby.json",
                  "The system calls of a profile of Docker's.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    try {
      return write(imported(arguments, session), arguments, session);
    } catch (ExchangeRefusal refusal) {
      refusal.mistakes().forEach(session.err()::println);
      int count = refusal.mistakes().size();
      session.note(count == 1 ? "one mistake" : count + " mistakes");
      return Refusal.STATUS;
    }
  }

  private static Imported imported(Arguments arguments, Session session) {
    List<UnixPath> operands = arguments.operands();
    if (operands.isEmpty()) {
      throw UsageRefusal.of(SYNTAX, "a format is missing", "Write one of " + formats());
    }
    String format = operands.get(0).toString();
    Optional<String> container = arguments.text(CONTAINER);
    Optional<String> known = arguments.text(SeccompFlags.KNOWN_THROUGH);
    if (container.isPresent() && !format.equals("kubernetes")) {
      throw UsageRefusal.of(SYNTAX, "--container belongs to kubernetes", "");
    }
    if (known.isPresent() && !format.endsWith("-seccomp")) {
      throw UsageRefusal.of(SYNTAX, "--known-through belongs to a seccomp profile", "");
    }
    return switch (format) {
      case "oci-seccomp" -> {
        UnixPath file = file(operands);
        yield PolicyImport.ociSeccomp(
            file.toString(), content(file, session), known, session.host());
      }
      case "podman-seccomp" -> {
        UnixPath file = file(operands);
        yield PolicyImport.podmanSeccomp(
            file.toString(), content(file, session), known, session.host());
      }
      case "kubernetes" -> {
        UnixPath file = file(operands);
        yield PolicyImport.kubernetes(
            file.toString(), content(file, session), container, session.host());
      }
      case "docker-run" ->
          PolicyImport.dockerRun(
              operands.subList(1, operands.size()).stream().map(PolicyImportVerb::text).toList(),
              name -> content(UnixPath.of(name), session),
              session.host());
      default ->
          throw UsageRefusal.of(
              SYNTAX,
              (format.isEmpty() ? "an empty word is no format" : "there is no format " + format)
                  + "; there are "
                  + formats(),
              Spelling.hint(format, FORMATS));
    };
  }

  private static String formats() {
    return String.join(", ", FORMATS);
  }

  private static UnixPath file(List<UnixPath> operands) {
    if (operands.size() != 2) {
      throw UsageRefusal.of(
          SYNTAX,
          operands.size() < 2 ? "a file is missing" : operands.get(2) + " is one argument too many",
          "Write " + operands.get(0) + " FILE");
    }
    return operands.get(1);
  }

  private static byte[] content(UnixPath file, Session session) {
    if (!file.equals(UnixPath.of("-"))) {
      return HostFiles.content(file, LONGEST);
    }
    try {
      // one byte more, so that what is too long is seen to be
      return session.in().readNBytes(LONGEST + 1);
    } catch (IOException e) {
      throw new FileRefusal("read standard input", String.valueOf(e.getMessage()), "Name a file");
    }
  }

  /** A word of a command line, which a policy can only hold as UTF-8. */
  private static String text(UnixPath word) {
    String text = new String(word.bytes(), StandardCharsets.UTF_8);
    if (!UnixPath.of(text).equals(word)) {
      throw UsageRefusal.of(SYNTAX, word + " is not UTF-8", "A policy cannot hold it");
    }
    return text;
  }

  private static int write(Imported imported, Arguments arguments, Session session) {
    for (LeftOut each : imported.leftOut()) {
      session.err().println(Printable.of(each.toString()));
    }
    if (imported.changes() > 0 && !arguments.has(LEAVE_OUT)) {
      session.note(
          "nothing is written: the policy would not say "
              + (imported.changes() == 1 ? "one thing" : imported.changes() + " things")
              + " that change what is allowed. Take them out, or leave them out with --leave-out");
      return Refusal.STATUS;
    }
    String text = JsonText.indented(imported.policy()) + "\n";
    Optional<UnixPath> file = arguments.value(OUTPUT);
    if (file.isPresent()) {
      new NewFile(file.get()).replace(text.getBytes(StandardCharsets.UTF_8), 0644);
    } else {
      session.out().print(text);
    }
    return 0;
  }
}
