package dev.caisson.image;

import dev.caisson.UnixPath;
import dev.caisson.image.tar.GzipWriter;
import dev.caisson.image.tar.TarWriter;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.launch.Directory;
import dev.caisson.launch.FileProblem;
import dev.caisson.policy.Architecture;
import dev.caisson.signing.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
  private final Map<String, JsonValue> settings = new LinkedHashMap<>();
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
    settings.put("Entrypoint", JsonText.texts(List.of(arguments)));
    return this;
  }

  public LayoutBuilder command(String... arguments) {
    settings.put("Cmd", JsonText.texts(List.of(arguments)));
    return this;
  }

  /** Sets the environment: texts of the form NAME=VALUE. */
  public LayoutBuilder environment(String... variables) {
    settings.put("Env", JsonText.texts(List.of(variables)));
    return this;
  }

  public LayoutBuilder workingDirectory(String path) {
    settings.put("WorkingDir", JsonText.text(path));
    return this;
  }

  public LayoutBuilder user(String user) {
    settings.put("User", JsonText.text(user));
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
    List<JsonObject> layers = new ArrayList<>();
    List<String> diffIds = new ArrayList<>();
    for (byte[] archive : archives) {
      Descriptor blob = writer.put(MediaType.OCI_TAR_GZIP, GzipWriter.compress(archive));
      layers.add(LayoutWriter.json(blob, Map.of()));
      diffIds.add(Digest.of(archive).toString());
    }
    Descriptor config = writer.put(MediaType.OCI_CONFIG, JsonText.bytes(config(diffIds)));
    Map<String, JsonValue> manifest = new LinkedHashMap<>();
    manifest.put("schemaVersion", JsonText.number(2));
    manifest.put("mediaType", JsonText.text(MediaType.OCI_MANIFEST.text()));
    manifest.put("config", LayoutWriter.json(config, Map.of()));
    manifest.put("layers", JsonText.array(layers));
    byte[] document = JsonText.bytes(JsonText.object(manifest));
    Descriptor stored = writer.put(MediaType.OCI_MANIFEST, document);
    writer.putEntry(
        LayoutWriter.json(stored, Map.of(Layout.REF_NAME, tag)),
        entry -> tag.equals(entry.annotations().get(Layout.REF_NAME)));
    return stored.digest();
  }

  private JsonObject config(List<String> diffIds) {
    Map<String, JsonValue> rootfs = new LinkedHashMap<>();
    rootfs.put("type", JsonText.text("layers"));
    rootfs.put("diff_ids", JsonText.texts(diffIds));
    Map<String, JsonValue> config = new LinkedHashMap<>();
    config.put("architecture", JsonText.text(architecture.ociName()));
    config.put("os", JsonText.text("linux"));
    config.put("config", JsonText.object(settings));
    config.put("rootfs", JsonText.object(rootfs));
    return JsonText.object(config);
  }

  private TarWriter layer() {
    if (open.isEmpty()) {
      open = Optional.of(new TarWriter(LAYER_TIME));
    }
    return open.get();
  }
}
