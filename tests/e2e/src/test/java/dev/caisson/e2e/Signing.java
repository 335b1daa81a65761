package dev.caisson.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keys in a directory, and images in layouts that they sign. */
record Signing(Caisson caisson, Path directory) {
  private static final String PASSWORD = "correct horse";

  Command command(String... words) {
    return caisson.command(words).in(directory);
  }

  /** Makes {@code name.key} and {@code name.pub}. */
  void keygen(String name) {
    command("keygen", "-o", name).with("CAISSON_PASSWORD", PASSWORD).run().expect(0);
  }

  /** Signs {@code image}, PATH:TAG of a layout. */
  void sign(String key, String image) {
    command("sign", "--key", key + ".key", "--password-stdin", "oci:" + image)
        .input(PASSWORD + "\n")
        .run()
        .expect(0);
  }

  Outcome verify(String key, String image) {
    return command("verify", "--key", key + ".pub", "oci:" + image).run();
  }

  Command running(String key, String image, String... words) {
    List<String> all = new ArrayList<>(List.of("run", "--key", key + ".pub", "oci:" + image));
    all.addAll(List.of(words));
    return command(all.toArray(String[]::new));
  }

  Outcome run(String key, String image, String... words) {
    return running(key, image, words).run();
  }
}
