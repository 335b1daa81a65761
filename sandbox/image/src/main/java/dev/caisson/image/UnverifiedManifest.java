package dev.caisson.image;

/**
 * A document that a reference led to, its digest and size checked and nothing else: an index or a
 * manifest. Only a trust policy makes more of it.
 *
 * @param descriptor what led to it
 * @param bytes exactly as they are stored and signed
 * @param place how errors name it
 */
public record UnverifiedManifest(Descriptor descriptor, byte[] bytes, String place) {
  boolean isIndex() {
    return descriptor.is(MediaType.Role.INDEX);
  }
}
