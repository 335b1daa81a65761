package dev.caisson.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caisson.UnixPath;
import dev.caisson.image.tar.GzipWriter;
import dev.caisson.image.tar.TarWriter;
import dev.caisson.launch.Directory;
import dev.caisson.launch.FileProblem;
import dev.caisson.policy.Architecture;
import dev.caisson.signing.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes an image of a few files in memory and writes it into a layout. The same calls give the same
 * bytes on the same JDK.
 */
public final class LayoutBuilder {
  private static final long LAYER_TIME = 0;

  private final Architecture architecture;
  private final List<byte[]> archives = new ArrayList<>();
  private final ObjectNode settings = JsonWriter.object();
  private Optional<TarWriter> open = Optional.empty();

  /** Begins an image for {@code architecture} with no layers. */
  public LayoutBuilder(Architecture architecture) {
    this.architecture = architecture;
  }

  /** Adds a directory to the layer that is open, relative to the image's root. */
  public LayoutBuilder directory(String path, int permissions) {
    layer().directory(UnixPath.of(path), permissions);
    return this;
  }

  public LayoutBuilder file(String path, int permissions, byte[] content) {
    layer().file(UnixPath.of(path), permissions, content);
    return this;
  }

  public LayoutBuilder symlink(String path, String target) {
    layer().symlink(UnixPath.of(path), UnixPath.of(target));
    return this;
  }

  /** Ends the open layer; what is added next lies above it. */
  public LayoutBuilder nextLayer() {
    archives.add(layer().finish());
    open = Optional.empty();
    return this;
  }

  /** Adds a whole layer from its tar archive. */
  public LayoutBuilder layer(byte[] archive) {
    open.ifPresent(unfinished -> nextLayer());
    archives.add(archive.clone());
    return this;
  }

  public LayoutBuilder entrypoint(String... arguments) {
    settings.set("Entrypoint", JsonWriter.texts(List.of(arguments)));
    return this;
  }

  public LayoutBuilder command(String... arguments) {
    settings.set("Cmd", JsonWriter.texts(List.of(arguments)));
    return this;
  }

  /** Sets the environment: texts of the form NAME=VALUE. */
  public LayoutBuilder environment(String... variables) {
    settings.set("Env", JsonWriter.texts(List.of(variables)));
    return this;
  }

  public LayoutBuilder workingDirectory(String path) {
    settings.put("WorkingDir", path);
    return this;
  }

  public LayoutBuilder user(String user) {
    settings.put("User", user);
    return this;
  }

  /**
   * Writes the image into the layout at {@code path}, made where it does not exist, and gives it
   * the tag, taking it from an image that has it.
   *
   * @return the digest of the manifest, which is what is signed
   */
  public Digest write(UnixPath path, String tag) {
    if (open.isPresent()) {
      nextLayer();
    }
    try {
      Directory.makeAll(path, 0755);
      try (Directory directory = Directory.open(path)) {
        LayoutWriter.initialize(directory);
      }
      try (Layout layout = Layout.open(path);
          LayoutWriter writer = LayoutWriter.open(layout)) {
        return write(writer, tag);
      }
    } catch (FileProblem problem) {
      throw ImageRefusal.of("write the image layout " + path, problem);
    }
  }

  private Digest write(LayoutWriter writer, String tag) throws FileProblem {
    List<ObjectNode> layers = new ArrayList<>();
    List<String> diffIds = new ArrayList<>();
    for (byte[] archive : archives) {
      Descriptor blob = writer.put(MediaType.OCI_TAR_GZIP, GzipWriter.compress(archive));
      layers.add(JsonWriter.descriptor(blob));
      diffIds.add(Digest.of(archive).toString());
    }
    Descriptor config = writer.put(MediaType.OCI_CONFIG, JsonWriter.bytes(config(diffIds)));
    Descriptor stored = writer.put(MediaType.OCI_MANIFEST, JsonWriter.manifest(config, layers));
    writer.putEntry(
        stored.annotated(Map.of(Layout.REF_NAME, tag)),
        entry -> tag.equals(entry.annotations().get(Layout.REF_NAME)));
    return stored.digest();
  }

  private ObjectNode config(List<String> diffIds) {
    ObjectNode config =
        JsonWriter.object().put("architecture", architecture.ociName()).put("os", "linux");
    config.set("config", settings);
    config.putObject("rootfs").put("type", "layers").set("diff_ids", JsonWriter.texts(diffIds));
    return config;
  }

  private TarWriter layer() {
    if (open.isEmpty()) {
      open = Optional.of(new TarWriter(LAYER_TIME));
    }
    return open.get();
  }
}
