package dev.caisson.cli;

import dev.caisson.Printable;
import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import dev.caisson.json.JsonText;
import dev.caisson.launch.Directory;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.HostFiles;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.View;
import dev.caisson.policy.exchange.ExchangeRefusal;
import dev.caisson.policy.exchange.Exported;
import dev.caisson.policy.exchange.PolicyExport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code caisson policy export}: a policy as another tool's document. */
final class PolicyExportVerb implements Verb {
  static final List<String> FORMATS = List.of("oci");

  private static final Flag OUTPUT =
      Flag.value(
          "-o --output",
          "DIR",
          "The bundle: config.json and the files it names are written there. Without it config.json"
              + " goes to standard output.");
  private static final Flag LEAVE_OUT =
      Flag.on("--leave-out", "Go on without protections that the other tool does not give.")
          .opening();
  private static final Flag ARCHITECTURE =
      Flag.value("--arch", "x86_64|aarch64", "Where it will run; this host's without it.");

  private static final Syntax SYNTAX =
      new Syntax(
          "policy export",
          List.of("[-o DIR] [--arch A] [--leave-out] oci POLICY [-- COMMAND...]"),
          "Makes another tool's document of a policy.",
          List.of(
              "oci is the config.json of a bundle for runc, crun and other OCI runtimes: what the"
                  + " policy comes to for an image on this host, with ids mapped for its caller. The"
                  + " root is DIR/rootfs, which is not made; COMMAND is /bin/sh without one.",
              "What the document does not say is a line on standard error each. Where a protection"
                  + " would be lost nothing is written and the exit status is 125, but with"
                  + " --leave-out. The seccomp profile is compared with the policy's over every"
                  + " call, and each difference is named."),
          List.of(OUTPUT, ARCHITECTURE, LEAVE_OUT),
          List.of(
              new Syntax.Example(
                  "caisson policy export --leave-out -o bundle oci ./ci.json -- /bin/sh -c id",
                  "A bundle that runc runs."),
              new Syntax.Example("caisson policy export oci strict", "A config.json to look at.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    try {
      return write(exported(arguments, session), arguments, session);
    } catch (ExchangeRefusal refusal) {
      refusal.mistakes().forEach(session.err()::println);
      session.note("nothing is written");
      return Refusal.STATUS;
    }
  }

  private static Exported exported(Arguments arguments, Session session) {
    List<UnixPath> operands = arguments.operands();
    if (operands.isEmpty() || !FORMATS.contains(operands.get(0).toString())) {
      throw UsageRefusal.of(SYNTAX, "the format is oci", "Write oci before the policy");
    }
    if (operands.size() < 2) {
      throw UsageRefusal.of(SYNTAX, "a policy is missing", "Write oci POLICY");
    }
    EffectivePolicy policy =
        PolicyArgument.load(operands.get(1), session).resolve(View.IMAGE, session.host());
    List<String> command =
        operands.subList(2, operands.size()).stream().map(PolicyExportVerb::text).toList();
    return PolicyExport.oci(
        policy,
        session.host(),
        architecture(arguments, session),
        command.isEmpty() ? List.of("/bin/sh") : command,
        path -> HostFiles.statusOfTarget(path).isPresent());
  }

  private static Architecture architecture(Arguments arguments, Session session) {
    Optional<String> word = arguments.text(ARCHITECTURE);
    if (word.isEmpty()) {
      return session.host().architecture();
    }
    return Architecture.valueOf(word.get().toUpperCase(Locale.ROOT));
  }

  /** A word of the command, which JSON can only hold as UTF-8. */
  private static String text(UnixPath word) {
    String text = new String(word.bytes(), StandardCharsets.UTF_8);
    if (!UnixPath.of(text).equals(word)) {
      throw UsageRefusal.of(SYNTAX, word + " is not UTF-8", "A config.json cannot hold it");
    }
    return text;
  }

  private static int write(Exported exported, Arguments arguments, Session session) {
    exported.leftOut().forEach(each -> session.err().println(Printable.of(each.toString())));
    if (exported.weaknesses() > 0 && !arguments.has(LEAVE_OUT)) {
      session.note(
          "nothing is written: "
              + (exported.weaknesses() == 1
                  ? "a protection would be lost"
                  : exported.weaknesses() + " protections would be lost")
              + ". Change the policy, or go on without them with --leave-out");
      return Refusal.STATUS;
    }
    String config = JsonText.indented(exported.document()) + "\n";
    Optional<UnixPath> bundle = arguments.value(OUTPUT);
    if (bundle.isEmpty()) {
      session.out().print(config);
      return 0;
    }
    try {
      Directory.makeAll(bundle.get().resolve("files"), 0755);
    } catch (FileProblem problem) {
      throw FileRefusal.of("make the directory " + bundle.get(), problem);
    }
    for (Map.Entry<String, byte[]> file : exported.files().entrySet()) {
      new NewFile(bundle.get().resolve(file.getKey())).replace(file.getValue(), 0644);
    }
    new NewFile(bundle.get().resolve("config.json"))
        .replace(config.getBytes(StandardCharsets.UTF_8), 0644);
    return 0;
  }
}
