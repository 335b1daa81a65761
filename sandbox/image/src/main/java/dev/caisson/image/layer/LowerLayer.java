package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import dev.caisson.launch.Directory;
import java.util.Set;

/**
 * An unpacked layer beneath the one being unpacked.
 *
 * @param root its files
 * @param opaque as {@link LayerContent#opaque()}
 */
public record LowerLayer(Directory root, Set<UnixPath> opaque) {
  public LowerLayer {
    opaque = Set.copyOf(opaque);
  }
}
