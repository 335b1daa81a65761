package dev.caisson.signing;

import dev.caisson.UnixPath;
import java.util.List;
import java.util.Optional;

/** What a user called an image. */
public sealed interface ImageReference {
  /** As the user writes it. */
  @Override
  String toString();

  /** The last part of the image's name without its tag, if it has one. */
  Optional<String> localName();

  /**
   * An image in an OCI image layout: {@code oci:PATH[:TAG]}.
   *
   * @param tag the org.opencontainers.image.ref.name annotation; absent where the layout holds a
   *     single image
   */
  record Layout(UnixPath path, Optional<String> tag) implements ImageReference {
    @Override
    public Optional<String> localName() {
      List<UnixPath> components = path.components();
      return components.isEmpty()
          ? Optional.empty()
          : Optional.of(components.get(components.size() - 1).toString());
    }

    @Override
    public String toString() {
      return "oci:" + path + (tag.isPresent() ? ":" + tag.get() : "");
    }
  }

  /** An image that the distribution carries: {@code hello} is the one there is. */
  record Embedded(String name) implements ImageReference {
    @Override
    public Optional<String> localName() {
      return Optional.of(name);
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
