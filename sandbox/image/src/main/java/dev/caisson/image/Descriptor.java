package dev.caisson.image;

import dev.caisson.signing.Digest;
import java.util.Map;
import java.util.Optional;

/**
 * What one document says of another (OCI image-spec, descriptor.md). Its {@code urls} are never
 * followed.
 *
 * @param mediaType as it was written; whether it is a known one is for the reader of the content
 * @param size the content's length in bytes
 * @param platform what it runs on, for an entry of an index
 */
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    Map<String, String> annotations,
    Optional<Platform> platform) {
  public Descriptor {
    annotations = Map.copyOf(annotations);
  }

  /** A descriptor without annotations and platform. */
  static Descriptor of(MediaType type, Digest digest, long size) {
    return new Descriptor(type.text(), digest, size, Map.of(), Optional.empty());
  }

  /** What says the same of the same content, with these annotations alone and for no platform. */
  Descriptor annotated(Map<String, String> only) {
    return new Descriptor(mediaType, digest, size, only, Optional.empty());
  }

  static Descriptor read(Document document) {
    document.knowing("mediaType", "digest", "size", "annotations", "platform", "urls", "data");
    return new Descriptor(
        document.requiredText("mediaType"),
        document.requiredDigest("digest"),
        document.requiredSize("size"),
        document.map("annotations"),
        document.child("platform").map(Platform::read));
  }

  Optional<MediaType> known() {
    return MediaType.of(mediaType);
  }

  boolean is(MediaType.Role role) {
    return known().map(type -> type.role() == role).orElse(false);
  }
}
