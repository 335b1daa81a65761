package dev.caisson.signing;

import dev.caisson.UnixPath;
import java.util.Optional;

/** What a user called an image. */
public sealed interface ImageReference {
  /** As the user writes it. */
  @Override
  String toString();

  /**
   * An image in an OCI image layout: {@code oci:PATH[:TAG]}.
   *
   * @param tag the org.opencontainers.image.ref.name annotation; absent where the layout holds a
   *     single image
   */
  record Layout(UnixPath path, Optional<String> tag) implements ImageReference {
    @Override
    public String toString() {
      return "oci:" + path + tag.map(t -> ":" + t).orElse("");
    }
  }

  /** An image that the distribution carries: {@code hello} is the one there is. */
  record Embedded(String name) implements ImageReference {
    @Override
    public String toString() {
      return name;
    }
  }
}
