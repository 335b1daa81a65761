package dev.caisson.image;

import dev.caisson.Printable;
import dev.caisson.json.Nearest;
import dev.caisson.policy.Architecture;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the entry of a layout's index.json that a tag means. */
final class TagLookup {
  private static final int MOST_SHOWN = 20;

  private final ImageIndex index;
  private final String place;

  TagLookup(ImageIndex index, String place) {
    this.index = index;
    this.place = place;
  }

  Descriptor find(Optional<String> tag, Architecture host) {
    List<Descriptor> candidates =
        index.manifests().stream()
            .filter(entry -> tag.isEmpty() ? isImage(entry) : tag.equals(name(entry)))
            .toList();
    List<Descriptor> different = distinct(candidates);
    if (different.size() > 1) {
      // some tools list one entry for each platform under the same name
      different =
          different.stream()
              .filter(entry -> entry.platform().filter(p -> p.runsOn(host)).isPresent())
              .toList();
    }
    if (different.size() != 1) {
      throw refusal(tag, candidates);
    }
    Descriptor found = different.get(0);
    if (!found.is(MediaType.Role.MANIFEST) && !found.is(MediaType.Role.INDEX)) {
      throw new ImageRefusal(
          "use what " + place + " names" + tag.map(t -> " " + Printable.of(t)).orElse(""),
          "it is of the type " + Printable.of(found.mediaType()) + " and no image",
          "Name an image");
    }
    return found;
  }

  private ImageRefusal refusal(Optional<String> tag, List<Descriptor> candidates) {
    String which = tag.map(t -> "the tag " + Printable.of(t)).orElse("the image");
    String why =
        !candidates.isEmpty()
            ? "several entries could be meant"
            : tag.isPresent() ? "no entry has it" : "it lists none";
    return new ImageRefusal("find " + which + " in " + place, why, tags(tag));
  }

  private String tags(Optional<String> wanted) {
    TreeSet<String> names = new TreeSet<>();
    index.manifests().stream()
        .filter(TagLookup::isImage)
        .forEach(entry -> name(entry).map(Printable::of).ifPresent(names::add));
    if (names.isEmpty()) {
      return "Put an image into the layout, for example with skopeo copy";
    }
    String shown = String.join(", ", names.stream().limit(MOST_SHOWN).toList());
    return "The layout has these tags: "
        + shown
        + (names.size() > MOST_SHOWN ? " and more" : "")
        + wanted.map(tag -> Nearest.hint(tag, names)).orElse("");
  }

  private static List<Descriptor> distinct(List<Descriptor> entries) {
    return entries.stream()
        .filter(
            entry ->
                entries.stream().filter(e -> e.digest().equals(entry.digest())).findFirst().get()
                    == entry)
        .toList();
  }

  private static boolean isImage(Descriptor entry) {
    boolean document = entry.is(MediaType.Role.MANIFEST) || entry.is(MediaType.Role.INDEX);
    return document && !LayoutSignatures.isAttachment(entry);
  }

  private static Optional<String> name(Descriptor entry) {
    return Optional.ofNullable(entry.annotations().get(Layout.REF_NAME));
  }
}
