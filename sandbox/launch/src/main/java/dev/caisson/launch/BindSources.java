package dev.caisson.launch;

import dev.caisson.policy.Mount;
import java.util.Optional;

/** The files and directories of the host that binds show. */
final class BindSources {
  private final HostReader reader;

  private BindSources(HostReader reader) {
    this.reader = reader;
  }

  static BindSources of(LaunchContext context) {
    return new BindSources(new HostReader(context.request.host().uid()));
  }

  /**
   * What {@code bind} shows; empty where it is optional and nothing that may be shown is there.
   *
   * @throws PlanRefusal where it has to be there and is not, or is neither a file nor a directory
   */
  Optional<HostPath> find(Mount.Bind bind) {
    String meaning = "bind " + bind.source() + " on " + bind.target();
    Optional<HostPath> host = HostPath.findWithoutLinks(meaning, bind.source());
    if (bind.optional() && host.filter(path -> reader.maySee(path.real())).isEmpty()) {
      return Optional.empty();
    }
    HostPath path =
        host.orElseThrow(
            () ->
                new PlanRefusal(
                    meaning,
                    bind.source() + " does not exist or cannot be reached",
                    "Create it, or take the bind out"));
    if (!path.isDirectory() && !path.isRegular()) {
      throw new PlanRefusal(
          meaning,
          bind.source() + " is neither a file nor a directory, but a device, socket or FIFO",
          "Bind a file or directory; devices are listed in the policy's devices");
    }
    return Optional.of(path);
  }

  /** Whether the sandbox's own ids may see it. */
  boolean maySee(HostPath path) {
    return reader.maySee(path.real());
  }
}
