package dev.caisson.policy.exchange;

import dev.caisson.json.JsonDocument;
import dev.caisson.policy.HostFacts;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Policies from the documents of other tools. What a document says and a policy cannot is reported,
 * never dropped in silence; what is not known is a mistake.
 */
public final class PolicyImport {
  private PolicyImport() {}

  /**
   * A seccomp profile in the format of the OCI runtime specification and of Docker.
   *
   * @param knownThrough the kernel release whose calls its author knew, as 6.12
   * @throws ExchangeRefusal that lists every mistake
   */
  public static Imported ociSeccomp(
      String source, byte[] content, Optional<String> knownThrough, HostFacts host) {
    return new SeccompImport(new Report(source), false)
        .of(JsonDocument.read(source, content), knownThrough, host);
  }

  /**
   * A seccomp profile of Podman's (containers/common, seccomp.json), which names errnos.
   *
   * @throws ExchangeRefusal that lists every mistake
   */
  public static Imported podmanSeccomp(
      String source, byte[] content, Optional<String> knownThrough, HostFacts host) {
    return new SeccompImport(new Report(source), true)
        .of(JsonDocument.read(source, content), knownThrough, host);
  }

  /**
   * A container of a pod in JSON, or a securityContext alone.
   *
   * @param container its name; not needed where there is only one
   * @throws ExchangeRefusal that lists every mistake
   */
  public static Imported kubernetes(
      String source, byte[] content, Optional<String> container, HostFacts host) {
    return new KubernetesImport(new Report(source))
        .of(JsonDocument.read(source, content), container, host);
  }

  /**
   * The flags of docker run or podman run.
   *
   * @param words perhaps with docker run before them, and an image and its command behind
   * @param files gives the content of a file that a flag names
   * @throws ExchangeRefusal that lists every mistake
   */
  public static Imported dockerRun(
      List<String> words, Function<String, byte[]> files, HostFacts host) {
    return new DockerImport(new Report("docker run"), files).of(words, host);
  }
}
