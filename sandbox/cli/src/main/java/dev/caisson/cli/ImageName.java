package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.signing.ImageReference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads what a user calls an image. */
final class ImageName {
  private static final byte[] LAYOUT = "oci:".getBytes(StandardCharsets.US_ASCII);
  private static final List<String> EMBEDDED = List.of("hello");

  /** What was typed is no image's name. */
  static final class Unknown extends dev.caisson.Refusal {
    Unknown(UnixPath name, String why, String remedy) {
      super("find the image " + name, why, remedy);
    }
  }

  private ImageName() {}

  /**
   * {@code hello}, or {@code oci:PATH[:TAG]}: what follows the last colon after the last slash is
   * the tag.
   *
   * @throws Unknown for everything else
   */
  static ImageReference parse(UnixPath name) {
    byte[] bytes = name.bytes();
    if (bytes.length > LAYOUT.length
        && Arrays.equals(Arrays.copyOf(bytes, LAYOUT.length), LAYOUT)) {
      return layout(Arrays.copyOfRange(bytes, LAYOUT.length, bytes.length));
    }
    String text = name.toString();
    if (EMBEDDED.contains(text)) {
      return new ImageReference.Embedded(text);
    }
    throw new Unknown(name, "it is neither hello nor of the form oci:PATH[:TAG]", remedy(text));
  }

  private static String remedy(String text) {
    if (text.startsWith("/") || text.startsWith(".")) {
      return "For an image layout write oci:" + text + "; for a root file system, --rootfs " + text;
    }
    return "Copy the image into a layout first, for instance with 'skopeo copy docker://NAME"
        + " oci:DIR:TAG' (with --all where the index of all platforms is signed), and in the same"
        + " way its signature, the tag sha256-DIGEST.sig";
  }

  private static ImageReference layout(byte[] rest) {
    int colon = -1;
    for (int i = 0; i < rest.length; i++) {
      if (rest[i] == '/') {
        colon = -1;
      } else if (rest[i] == ':') {
        colon = i;
      }
    }
    if (colon < 0) {
      return new ImageReference.Layout(UnixPath.of(rest), Optional.empty());
    }
    return new ImageReference.Layout(
        UnixPath.of(Arrays.copyOf(rest, colon)),
        Optional.of(
            new String(Arrays.copyOfRange(rest, colon + 1, rest.length), StandardCharsets.UTF_8)));
  }
}
