package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an image says of itself and a policy says of images, and which of them decides. */
class ImageSettingsTest {
  @TempDir private Path temporary;
  private Path layout = Path.of("");
  private Signing signing = new Signing(Caisson.withHome(Path.of("")), Path.of(""));

  @BeforeEach
  void image() throws IOException {
    layout = Layouts.busybox(temporary);
    signing =
        new Signing(Caisson.withHome(Files.createDirectory(temporary.resolve("keys"))), temporary);
    signing.keygen("team");
  }

  @Test
  void programsAreFoundAlongTheImagesPath() throws IOException {
    String tool = "#!/bin/sh\necho \"$PATH $HOME\"\n";
    Layouts.add(layout, new Tar().file("opt/go/bin/go", tool));
    configure("--config.env", "PATH=/opt/go/bin:/bin");
    assertEquals("/opt/go/bin:/bin /root\n", run("go").expect(0).text());
    Path policy = policy("'environment': {'set': {'PATH': '/bin', 'HOME': '/tmp'}}");
    Outcome outcome = run(List.of("--policy", policy.toString()), "sh", "-c", "echo $PATH $HOME");
    assertEquals("/bin /tmp\n", outcome.expect(0).text());
  }

  @Test
  void theHomeOfAnImagesUserIsTheOneOfItsPasswd() throws IOException {
    Layouts.add(layout, new Tar().file("etc/passwd", "web:x:33:33::/srv/web:/bin/sh\n"));
    configure("--config.user", "web");
    assertEquals("/srv/web\n", run("sh", "-c", "echo $HOME").expect(0).text());
  }

  @Test
  void aWorkingDirectoryThatTheImageLacksIsMade() {
    configure("--config.workingdir", "/srv/new/app");
    assertEquals("/srv/new/app\n", run("pwd").expect(0).text());
    assertEquals("/else\n", run(List.of("-w", "/else"), "pwd").expect(0).text());
  }

  @Test
  void aWorkingDirectoryIsNotMadeOnTheHost() throws IOException {
    Scratch.onlyAsRoot(false);
    Path shown = Files.createDirectory(temporary.resolve("shown"));
    configure("--config.workingdir", "/work/new");
    Outcome outcome = run(List.of("-v", shown + ":/work"), "pwd").expect(125);
    String said = "cannot enter the working directory /work/new";
    assertTrue(outcome.error().contains(said), outcome::error);
    assertEquals(0, shown.toFile().list().length);
  }

  /** Whoever made the image may have made the current directory too. */
  @Test
  void aPolicysKeyIsNotTheOneOfTheCurrentDirectory() throws IOException {
    signing.sign("team", layout + ":latest");
    Path policy =
        policy("'images': {'default': [{'type': 'sigstoreSigned', 'keyPath': 'team.pub'}]}");
    Path evil = Files.createDirectory(temporary.resolve("evil"));
    Command run =
        signing
            .caisson()
            .command("run", "--policy", policy.toString(), "oci:" + layout + ":latest", "pwd");
    assertEquals("/\n", run.in(evil).run().expect(0).text());
    new Signing(signing.caisson(), evil).keygen("team");
    assertEquals("/\n", run.in(evil).run().expect(0).text());
    Files.move(evil.resolve("team.pub"), temporary.resolve("other.pub"));
    Files.delete(temporary.resolve("team.pub"));
    Files.move(temporary.resolve("other.pub"), temporary.resolve("team.pub"));
    // with the other key where the policy lies nobody is trusted who signed it
    Outcome refused = run.in(evil).run().expect(125);
    assertTrue(refused.error().contains("cannot trust"), refused::error);
  }

  @Test
  void aTrustDocumentThatCannotBeUsedIsNotSound() throws IOException {
    assertUnsound("{'defualt': [{'type': 'reject'}]}", "did you mean default?");
    assertUnsound("{'default': [{'type': 'sigstoreSigend'}]}", "did you mean sigstoreSigned?");
    assertUnsound(
        "{'default': [{'type': 'sigstoreSigned', 'keyPath': 'none.pub'}]}",
        "none.pub: No such file");
  }

  @Test
  void explainLooksIntoTheImage() {
    assertEquals("/bin/sh is the image's own.\n", why("/bin/sh"));
    assertEquals("/dev is the image's own.\n", why("/dev"));
    assertTrue(why("/none").startsWith("/none is absent: the image has nothing there"));
  }

  private String why(String path) {
    signing.sign("team", layout + ":latest");
    return signing
        .command("explain", "--why", path, "run", "--key", "team.pub", "oci:" + layout + ":latest")
        .run()
        .expect(0)
        .text();
  }

  private void assertUnsound(String images, String said) throws IOException {
    String policy = policy("'images': " + images).toString();
    Outcome outcome = signing.command("policy", "check", policy).run().expect(125);
    assertTrue(outcome.error().contains(said), outcome::error);
  }

  private Path policy(String members) throws IOException {
    String text = "{'apiVersion': 'caisson/1', 'extends': ['untrusted'], " + members + "}";
    return Files.writeString(temporary.resolve("policy.json"), text.replace('\'', '"'));
  }

  private void configure(String flag, String value) {
    Command.of("umoci", "config", "--image", layout + ":latest", flag, value).run().expect(0);
  }

  private Outcome run(String... command) {
    return run(List.of(), command);
  }

  private Outcome run(List<String> flags, String... command) {
    signing.sign("team", layout + ":latest");
    List<String> words = new ArrayList<>(List.of("run", "--key", "team.pub"));
    words.addAll(flags);
    words.add("oci:" + layout + ":latest");
    words.addAll(List.of(command));
    return signing.command(words.toArray(String[]::new)).run();
  }
}
