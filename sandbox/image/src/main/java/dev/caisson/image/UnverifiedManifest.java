package dev.caisson.image;

import java.util.Optional;

/**
 * A document that a reference led to, its digest and size checked and nothing else: an index or a
 * manifest. Only a trust policy makes more of it.
 *
 * @param descriptor what led to it
 * @param bytes exactly as they are stored and signed
 * @param place how errors name it
 */
public record UnverifiedManifest(Descriptor descriptor, byte[] bytes, String place) {
  /**
   * This document, after a look at its form: nobody is to sign what no tool could read.
   *
   * @throws ImageRefusal if it is no index and no manifest
   */
  public UnverifiedManifest wellFormed() {
    if (isIndex()) {
      ImageIndex.read(place, bytes, Optional.of(descriptor.mediaType()));
    } else {
      ImageManifest.read(place, bytes, descriptor.mediaType());
    }
    return this;
  }

  boolean isIndex() {
    return descriptor.is(MediaType.Role.INDEX);
  }
}
