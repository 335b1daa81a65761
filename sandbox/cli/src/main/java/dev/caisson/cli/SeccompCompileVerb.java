package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonDocument;
import dev.caisson.json.JsonProblem;
import dev.caisson.launch.HostFiles;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.SeccompCompiler;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code caisson seccomp compile}: a profile as the kernel loads it. */
final class SeccompCompileVerb implements Verb {
  private static final Flag OUTPUT =
      Flag.value("-o --output", "FILE", "Where the filter is written; - for standard output.");
  private static final Flag ARCHITECTURE =
      Flag.value("--arch", "A", "x86_64 or aarch64; this host's without it.");
  private static final int LONGEST_PROFILE = 16 << 20;

  private static final Syntax SYNTAX =
      new Syntax(
          "seccomp compile",
          List.of("[--arch A] -o FILE PROFILE"),
          "Compiles a seccomp profile into a BPF filter.",
          List.of(
              "PROFILE is "
                  + String.join(", ", SeccompProfile.BUILT_IN)
                  + " or a file in the format of OCI and Docker, which needs a / or ends in .json."
                  + " The filter is what seccomp(2) takes: an array of struct sock_filter."),
          List.of(OUTPUT, ARCHITECTURE),
          List.of(
              new Syntax.Example(
                  "caisson seccomp compile -o filter.bpf default",
                  "The default profile for this host."),
              new Syntax.Example(
                  "caisson seccomp compile --arch aarch64 -o filter.bpf ./moby.json",
                  "A profile of Docker's for another architecture.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    UnixPath file = arguments.required(OUTPUT);
    UnixPath name = arguments.onlyOperand("a profile");
    Architecture architecture = architecture(arguments);
    SeccompProfile profile = profile(name);
    for (JsonProblem warning : profile.warnings()) {
      session.note(
          profile.name()
              + ":"
              + warning.position()
              + ": "
              + warning.path()
              + ": "
              + warning.message());
    }
    BpfProgram program =
        SeccompCompiler.compile(profile.resolve(architecture, session.host().kernel(), Set.of()));
    if (file.equals(UnixPath.of("-"))) {
      session.out().writeBytes(program.toBytes());
    } else {
      new NewFile(file).replace(program.toBytes(), 0644);
      session.note(
          program.instructions().size() + " instructions for " + architecture.kernelName());
    }
    return 0;
  }

  private static SeccompProfile profile(UnixPath name) {
    String text = name.toString();
    if (text.indexOf('/') < 0 && !text.endsWith(".json")) {
      return SeccompProfile.builtIn(text);
    }
    return SeccompProfile.read(JsonDocument.read(text, HostFiles.content(name, LONGEST_PROFILE)));
  }

  private static Architecture architecture(Arguments arguments) {
    if (!arguments.has(ARCHITECTURE)) {
      return Architecture.current();
    }
    String wanted = arguments.required(ARCHITECTURE).toString();
    List<String> names = new ArrayList<>();
    for (Architecture architecture : Architecture.values()) {
      if (wanted.equals(architecture.kernelName()) || wanted.equals(architecture.ociName())) {
        return architecture;
      }
      names.add(architecture.kernelName());
    }
    throw UsageRefusal.of(
        SYNTAX,
        "--arch knows " + String.join(" and ", names) + ", not " + wanted,
        Spelling.hint(wanted, names));
  }
}
