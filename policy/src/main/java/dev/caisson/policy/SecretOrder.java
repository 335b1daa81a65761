package dev.caisson.policy;

import java.util.List;

/** Which secrets of the caller reach the program; what they are called inside does not matter. */
final class SecretOrder {
  private SecretOrder() {}

  static List<String> excess(List<Secret> one, List<Secret> other) {
    return one.stream()
        .filter(mine -> other.stream().noneMatch(theirs -> theirs.source().equals(mine.source())))
        .map(mine -> "shows " + shown(mine.source()) + " as " + mine.name())
        .toList();
  }

  private static String shown(Secret.Source source) {
    return source instanceof Secret.File file
        ? file.path().toString()
        : "descriptor " + ((Secret.Descriptor) source).number();
  }
}
