package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.policy.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The flags that place something of nobody's inside, and that name the sandbox. */
final class PlaceOptions {
  static final Flag TMPFS =
      Flag.values(
          "--tmpfs",
          "DIR[:SIZE]",
          "Put an empty writable directory in memory there; without SIZE it holds 1GiB.");
  static final Flag SYMLINK =
      Flag.values("--symlink", "TEXT PATH", "Put a symbolic link with this text there.");
  static final Flag HOSTNAME =
      Flag.value("--hostname", "NAME", "The sandbox's host name, in place of caisson.");

  static final List<Flag> ALL = List.of(TMPFS, SYMLINK, HOSTNAME);

  private static final long MOST = 1L << 30;
  private static final int MODE = 0755;

  private static final int LONGEST_NAME = 64;

  private final Syntax syntax;
  private final Arguments arguments;

  PlaceOptions(Syntax syntax, Arguments arguments) {
    this.syntax = syntax;
    this.arguments = arguments;
  }

  List<Mount> places() {
    List<Mount> places = new ArrayList<>();
    for (List<UnixPath> value : arguments.all(TMPFS)) {
      places.add(tmpfs(value.get(0).toString()));
    }
    for (List<UnixPath> value : arguments.all(SYMLINK)) {
      places.add(new Mount.Symlink(inside(SYMLINK, value.get(1)), value.get(0)));
    }
    return places;
  }

  private Mount tmpfs(String value) {
    int colon = value.lastIndexOf(':');
    String size = value.substring(colon + 1);
    OptionalLong bytes = colon < 0 ? OptionalLong.of(MOST) : Amount.bytes(size);
    if (bytes.isEmpty()) {
      throw UsageRefusal.of(
          syntax, "--tmpfs " + value + " is not understood", "Write --tmpfs /scratch:64MiB");
    }
    UnixPath target = UnixPath.of(colon < 0 ? value : value.substring(0, colon));
    return new Mount.Tmpfs(inside(TMPFS, target), bytes.getAsLong(), MODE, true);
  }

  private UnixPath inside(Flag flag, UnixPath path) {
    boolean plain =
        path.isAbsolute()
            && !path.components().isEmpty()
            && !path.components().contains(UnixPath.of(".."));
    if (!plain) {
      throw UsageRefusal.of(
          syntax,
          flag.name() + " needs an absolute path inside, not " + Spelling.shown(path),
          "Begin it with /");
    }
    return path;
  }

  /** Labels with dots between them (hostname(7)). */
  private static boolean isHostName(String name) {
    boolean known =
        name.chars().allMatch(each -> isLetterOrDigit(each) || each == '.' || each == '-');
    return known
        && !name.isEmpty()
        && name.length() <= LONGEST_NAME
        && isLetterOrDigit(name.charAt(0))
        && isLetterOrDigit(name.charAt(name.length() - 1));
  }

  private static boolean isLetterOrDigit(int each) {
    return each < 128 && Character.isLetterOrDigit(each);
  }

  Optional<String> hostname() {
    Optional<String> name = arguments.text(HOSTNAME);
    if (name.isPresent() && !isHostName(name.get())) {
      throw UsageRefusal.of(
          syntax,
          "--hostname " + name.get() + " is no host name",
          "Write letters, digits, hyphens and dots, 64 at the most");
    }
    return name;
  }
}
