package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.policy.seccomp.BpfProgram;
import dev.caisson.policy.seccomp.FilterTarget;
import dev.caisson.policy.seccomp.ProofStore;
import dev.caisson.policy.seccomp.ProvenFilter;
import dev.caisson.policy.seccomp.Reading;
import dev.caisson.policy.seccomp.ReadingDifference;
import dev.caisson.policy.seccomp.SeccompProfile;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** {@code caisson seccomp compile}: a profile as the kernel loads it. */
final class SeccompCompileVerb implements Verb {
  private static final Flag OUTPUT =
      Flag.value("-o --output", "FILE", "Where the filter is written; - for standard output.");

  private static final Syntax SYNTAX =
      new Syntax(
          "seccomp compile",
          List.of("[--arch A] [FLAG...] -o FILE PROFILE"),
          "Compiles a seccomp profile into a BPF filter.",
          List.of(
              "PROFILE is "
                  + String.join(", ", SeccompProfile.BUILT_IN)
                  + ", a file in the format of OCI and Docker, or a policy, whose own seccomp is"
                  + " meant; a file needs a / or ends in .json."
                  + " The filter is what seccomp(2) takes: an array of struct sock_filter. It is"
                  + " proved to decide every call as the profile does, or it is not written.",
              "Where the strict mode decides a call of a file otherwise than libseccomp would, a"
                  + " line says why, with an example."),
          SeccompFlags.and(OUTPUT),
          List.of(
              new Syntax.Example(
                  "caisson seccomp compile -o filter.bpf default",
                  "The default profile for this host."),
              new Syntax.Example(
                  "caisson seccomp compile --arch x86_64,i386 -o filter.bpf ./moby.json",
                  "A profile of Docker's, for 32-bit programs too.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    UnixPath file = arguments.required(OUTPUT);
    UnixPath name = arguments.onlyOperand("a profile");
    SeccompFlags.Named named = new SeccompFlags(SYNTAX, arguments, session).named(name);
    SeccompProfile profile = named.profile();
    FilterTarget target = named.target();
    BpfProgram program = ProvenFilter.of(named.rules(), ProofStore.none()).program();
    byte[] bytes = program.toBytes(target.nativeAbi().byteOrder());
    if (target.reading() == Reading.STRICT && !SeccompProfile.BUILT_IN.contains(profile.name())) {
      noteDifferences(ReadingDifference.all(profile, target), session);
    }
    if (file.equals(UnixPath.of("-"))) {
      session.out().writeBytes(bytes);
    } else {
      new NewFile(file).replace(bytes, 0644);
      session.note(
          program.instructions().size()
              + " instructions for "
              + target.nativeAbi().kernelName()
              + ", proved equal to the profile");
    }
    return 0;
  }

  private static void noteDifferences(List<ReadingDifference> differences, Session session) {
    Map<ReadingDifference.Cause, List<ReadingDifference>> byCause =
        new EnumMap<>(ReadingDifference.Cause.class);
    for (ReadingDifference difference : differences) {
      byCause.computeIfAbsent(difference.cause(), cause -> new ArrayList<>()).add(difference);
    }
    for (List<ReadingDifference> alike : byCause.values()) {
      ReadingDifference example = alike.get(0);
      session.note(
          "unlike libseccomp, "
              + example.cause().meaning()
              + ": "
              + example.call()
              + " gives "
              + example.strict()
              + ", not "
              + example.compat()
              + (alike.size() == 1 ? "" : "; and " + (alike.size() - 1) + " more"));
    }
  }
}
