package dev.caisson.image;

import dev.caisson.policy.Architecture;
import java.util.Optional;

/** What an image runs on (OCI image-spec, image-index.md). */
record Platform(String os, String architecture, Optional<String> variant) {
  private static final String BASELINE_AMD64 = "v1";
  private static final String BASELINE_ARM64 = "v8";

  static Platform read(Document document) {
    document.knowing("os", "architecture", "variant");
    return new Platform(
        document.requiredText("os"),
        document.requiredText("architecture"),
        document.text("variant").filter(variant -> !variant.isEmpty()));
  }

  /** True if every processor of that architecture runs it; newer variants are not guessed at. */
  boolean runsOn(Architecture host) {
    boolean baseline =
        variant.map(v -> v.equals(BASELINE_AMD64) || v.equals(BASELINE_ARM64)).orElse(true);
    return os.equals("linux") && architecture.equals(host.ociName()) && baseline;
  }

  @Override
  public String toString() {
    return dev.caisson.Printable.of(os + "/" + architecture + variant.map(v -> "/" + v).orElse(""));
  }
}
