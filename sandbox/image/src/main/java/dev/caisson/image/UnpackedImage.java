package dev.caisson.image;

import dev.caisson.image.layer.UnpackNote;
import dev.caisson.launch.Root;
import java.util.List;

/**
 * An image that can be launched.
 *
 * @param notes what its layers asked for and did not get, for the user
 */
public record UnpackedImage(Root.Layers root, ImageConfig config, List<UnpackNote> notes) {
  public UnpackedImage {
    notes = List.copyOf(notes);
  }
}
