package dev.caisson.image;

import dev.caisson.signing.SimpleSigning;
import java.util.Optional;

/** The media types that images are made of (OCI image-spec, media-types.md; Docker schema 2). */
enum MediaType {
  OCI_INDEX("application/vnd.oci.image.index.v1+json", Role.INDEX),
  DOCKER_LIST("application/vnd.docker.distribution.manifest.list.v2+json", Role.INDEX),
  OCI_MANIFEST("application/vnd.oci.image.manifest.v1+json", Role.MANIFEST),
  DOCKER_MANIFEST("application/vnd.docker.distribution.manifest.v2+json", Role.MANIFEST),
  OCI_CONFIG("application/vnd.oci.image.config.v1+json", Role.CONFIG),
  DOCKER_CONFIG("application/vnd.docker.container.image.v1+json", Role.CONFIG),
  OCI_TAR("application/vnd.oci.image.layer.v1.tar", Role.TAR),
  OCI_TAR_GZIP("application/vnd.oci.image.layer.v1.tar+gzip", Role.TAR_GZIP),
  OCI_FOREIGN_TAR("application/vnd.oci.image.layer.nondistributable.v1.tar", Role.TAR),
  OCI_FOREIGN_TAR_GZIP(
      "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", Role.TAR_GZIP),
  DOCKER_TAR("application/vnd.docker.image.rootfs.diff.tar", Role.TAR),
  DOCKER_TAR_GZIP("application/vnd.docker.image.rootfs.diff.tar.gzip", Role.TAR_GZIP),
  DOCKER_FOREIGN_TAR_GZIP(
      "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", Role.TAR_GZIP),
  COSIGN_PAYLOAD(SimpleSigning.MEDIA_TYPE, Role.SIGNATURE);

  /** What a document or blob of a type is for. */
  enum Role {
    INDEX,
    MANIFEST,
    CONFIG,
    TAR,
    TAR_GZIP,
    SIGNATURE
  }

  private final String text;
  private final Role role;

  MediaType(String text, Role role) {
    this.text = text;
    this.role = role;
  }

  String text() {
    return text;
  }

  Role role() {
    return role;
  }

  static Optional<MediaType> of(String text) {
    for (MediaType type : values()) {
      if (type.text.equals(text)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
