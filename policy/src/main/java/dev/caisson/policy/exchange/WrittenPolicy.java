package dev.caisson.policy.exchange;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.PolicyFiles;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.PolicyProblem;
import dev.caisson.policy.PolicyRefusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads a policy that was written as the reader would read it from a file. */
final class WrittenPolicy {
  private static final UnixPath NAME = UnixPath.of("/policy.json");

  private WrittenPolicy() {}

  /** What the reader has against it. */
  static List<String> mistakes(JsonObject policy, HostFacts host) {
    byte[] text = JsonText.indented(policy).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    List<String> mistakes = new ArrayList<>();
    try {
      for (PolicyProblem problem :
          PolicyLoader.load(NAME, host.uid(), new OneFile(text)).check(host)) {
        mistakes.add(
            "in the policy that it comes to, "
                + problem.origin().path()
                + ": "
                + problem.message());
      }
    } catch (PolicyRefusal refusal) {
      mistakes.add("the policy that it comes to is refused: " + refusal.why());
    }
    return mistakes;
  }

  /** A file system of root's that holds this file. */
  private record OneFile(byte[] content) implements PolicyFiles {
    @Override
    public Found find(UnixPath name, int limit) throws IOException {
      if (!name.equals(NAME)) {
        throw new IOException("No such file or directory");
      }
      return new Found(NAME, new Status(0, 0, 0100644), content);
    }

    @Override
    public Status status(UnixPath path) {
      return new Status(0, 0, path.equals(NAME) ? 0100644 : 0040755);
    }
  }
}
