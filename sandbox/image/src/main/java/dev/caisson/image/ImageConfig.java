package dev.caisson.image;

import dev.caisson.policy.Architecture;
import dev.caisson.signing.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an image says of how it is run (OCI image-spec, config.md). Nothing here grants anything.
 *
 * @param entrypoint what comes before the command
 * @param command the default command
 * @param environment NAME=VALUE, in the image's order
 * @param workingDirectory an absolute path
 * @param user as whom the program runs: a name or number, and behind a colon a group's
 * @param diffIds the digests of the layers' inflated archives, the lowest first
 */
public record ImageConfig(
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    String workingDirectory,
    Optional<String> user,
    List<Digest> diffIds) {
  public ImageConfig {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
    diffIds = List.copyOf(diffIds);
  }

  /** Reads the config of an image for {@code host}. */
  static ImageConfig read(String source, byte[] bytes, Architecture host) {
    Document document =
        Document.read(source, bytes)
            .knowing("os", "architecture", "variant", "rootfs", "config", "history");
    Platform platform = Platform.read(document);
    if (!platform.runsOn(host)) {
      throw new ImageRefusal(
          "use the image of " + source,
          "it is for " + platform + " and this host is linux/" + host.ociName(),
          "Name an image for this host");
    }
    Document rootfs = document.requiredChild("rootfs").knowing("type", "diff_ids");
    if (!rootfs.requiredText("type").equals("layers")) {
      throw rootfs.refusal("only a rootfs of the type \"layers\" is known");
    }
    List<Digest> diffIds = new ArrayList<>();
    for (String text : rootfs.texts("diff_ids")) {
      diffIds.add(
          Digest.parse(text).orElseThrow(() -> rootfs.refusal("a diff_id is no sha256 digest")));
    }
    return document
        .child("config")
        .map(config -> read(config, diffIds))
        .orElse(new ImageConfig(List.of(), List.of(), List.of(), "/", Optional.empty(), diffIds));
  }

  private static ImageConfig read(Document config, List<Digest> diffIds) {
    config.knowing("User", "Entrypoint", "Cmd", "Env", "WorkingDir");
    String directory = config.text("WorkingDir").orElse("");
    return new ImageConfig(
        config.texts("Entrypoint"),
        config.texts("Cmd"),
        config.texts("Env"),
        directory.startsWith("/") ? directory : "/" + directory,
        config.text("User").filter(user -> !user.isEmpty()),
        diffIds);
  }
}
