package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** apt-get in a Debian root, by a caller that has one id. */
class AptInstallTest {
  private static final String POST_INSTALLATION =
      """
      #!/bin/sh
      set -e
      adduser --system --group --home /var/lib/demo --no-create-home demo
      chown -R demo:demo /var/lib/demo
      chown root:www-data /var/lib/demo/conf
      chmod 2750 /var/lib/demo
      """;

  private static final String INSTALL =
      """
      set -e
      echo 'deb [trusted=yes] file:/repo ./' > /etc/apt/sources.list
      apt-get update
      apt-get install -y demo
      stat -c '%U:%G %a %n' /var/lib/demo /var/lib/demo/conf >&2
      su -s /bin/sh demo -c 'echo $(id -un) $(stat -c %U /var/lib/demo)' >&2
      """;

  @TempDir private Path temporary;
  private Scratch scratch;
  private Path root;

  @BeforeEach
  void makeRootAndRepository() throws IOException {
    Scratch.onlyAsRoot(false);
    Peer.need("dpkg-deb", "gzip");
    scratch = Scratch.in(temporary);
    root = Layouts.debianRoot(scratch.path("debian"));
    Path control = Files.createDirectories(scratch.path("demo/DEBIAN"));
    String about = "Package: demo\nVersion: 1\nArchitecture: all\nMaintainer: D <d@example.org>\n";
    Files.writeString(control.resolve("control"), about + "Description: has a user\n");
    Files.writeString(control.resolve("postinst"), POST_INSTALLATION);
    Files.createDirectories(scratch.path("demo/var/lib/demo"));
    scratch.file("demo/var/lib/demo/conf", "x\n");
    String make =
        "set -e; chmod 755 demo/DEBIAN demo/DEBIAN/postinst; mkdir repo;"
            + " dpkg-deb --root-owner-group -b demo repo/demo.deb;"
            + " { cat demo/DEBIAN/control; echo Filename: ./demo.deb;"
            + " echo Size: $(stat -c %s repo/demo.deb);"
            + " echo SHA256: $(sha256sum < repo/demo.deb | cut -d' ' -f1); } > repo/Packages";
    scratch.shell(make).run().expect(0);
  }

  private Outcome install(String emulation) throws IOException {
    String policy =
        scratch.policy(
            "\"root\": \"writable\", \"process\": {\"rootEmulation\": \"" + emulation + "\"}");
    String repository = scratch.path("repo") + ":/repo:ro";
    return scratch
        .caisson(
            "run",
            "--policy",
            policy,
            "--rootfs",
            root.toString(),
            "-v",
            repository,
            "sh",
            "-c",
            INSTALL)
        .run();
  }

  @Test
  void aPackageThatAddsAUserAndChownsInstalls() throws IOException {
    Outcome outcome = install("full").expect(0);
    String owners = "demo:demo 2750 /var/lib/demo\nroot:www-data 644 /var/lib/demo/conf\n";
    assertTrue(outcome.error().endsWith(owners + "demo demo\n"), outcome::toString);
    assertTrue(outcome.text().contains("Setting up demo (1)"), outcome::toString);
    assertEquals(-1, outcome.error().indexOf("unsandboxed"), outcome::toString);
  }

  @Test
  void withoutItAptFails() throws IOException {
    assertNotEquals(0, install("none").status());
    assertNotEquals(0, install("errno").status(), "apt sees through it");
  }
}
