package dev.caisson.engine.learn;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.launch.HostPolicyFiles;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Policy;
import dev.caisson.policy.PolicyFiles;
import dev.caisson.policy.PolicyLoader;
import java.io.IOException;

/** The host's files, and one that is not written yet: a learned policy. */
final class LearnedFile implements PolicyFiles {
  /** What the policy is called here. */
  static final UnixPath NAME = UnixPath.of("/the learned policy.json");

  private static final int OWNERS = 0100600;

  private final PolicyFiles host = new HostPolicyFiles();
  private final byte[] content;

  LearnedFile(JsonObject document) {
    content = JsonText.bytes(document);
  }

  /** The policy, read as from a file. */
  Policy load(HostFacts facts) {
    return PolicyLoader.load(NAME, facts.uid(), this);
  }

  @Override
  public Found find(UnixPath name, int limit) throws IOException {
    return name.equals(NAME)
        ? new Found(NAME, new Status(0, 0, OWNERS), content)
        : host.find(name, limit);
  }

  @Override
  public Status status(UnixPath path) throws IOException {
    return path.equals(NAME) ? new Status(0, 0, OWNERS) : host.status(path);
  }
}
