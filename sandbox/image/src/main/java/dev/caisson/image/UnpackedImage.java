package dev.caisson.image;

import dev.caisson.image.layer.UnpackNote;
import dev.caisson.launch.Root;
import java.util.List;

/**
 * An image that can be launched.
 *
 * @param notes what the layers that were unpacked just now asked for and did not get; of layers
 *     that the store had it was said when they were added
 */
public record UnpackedImage(Root.Layers root, ImageConfig config, List<UnpackNote> notes) {
  public UnpackedImage {
    notes = List.copyOf(notes);
  }
}
