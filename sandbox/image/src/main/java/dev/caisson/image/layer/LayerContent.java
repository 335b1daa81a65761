package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What unpacking a layer came to.
 *
 * @param dependsOnLower true if other layers beneath would have given other files
 * @param opaque the directories that hide what lower layers hold in them, {@code .} for the root
 * @param notes what was left out
 */
public record LayerContent(boolean dependsOnLower, Set<UnixPath> opaque, List<UnpackNote> notes) {
  /** The name of the layer's root in {@link #opaque()}. */
  public static final UnixPath ROOT = UnixPath.of(".");

  /** Orders paths so that what lies in a directory comes before it. */
  static final Comparator<UnixPath> ROOT_LAST =
      Comparator.<UnixPath, Boolean>comparing(ROOT::equals)
          .thenComparing(Comparator.reverseOrder());

  public LayerContent {
    opaque = Set.copyOf(opaque);
    notes = List.copyOf(notes);
  }
}
