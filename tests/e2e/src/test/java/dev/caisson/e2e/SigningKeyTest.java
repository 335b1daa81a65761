package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the password of a key comes from, and which keys and names sign. */
class SigningKeyTest {
  private static final String UNPROTECTED =
      "caisson: the private key team.key is not protected by a password\n";

  @TempDir private Path scratch;
  private Signing signing = new Signing(Caisson.withHome(Path.of("")), Path.of(""));

  @BeforeEach
  void home() throws IOException {
    signing =
        new Signing(
            Caisson.withHome(Files.createDirectory(scratch.resolve("home"))),
            Files.createDirectory(scratch.resolve("keys")));
  }

  /** As in {@code false | caisson keygen ...}: what was to print the password failed. */
  @Test
  void theEndOfInputIsNoPassword() throws IOException {
    Outcome made = keygen("--password-stdin").input("").run().expect(125);
    assertTrue(made.error().contains("ended before its first byte"), made::error);
    assertFalse(Files.exists(signing.directory().resolve("team.key")));
    assertFalse(Files.exists(signing.directory().resolve("team.pub")));
    keygen("--password-stdin").input("\n").run().expect(0);
    Outcome signed = sign("--password-stdin").input("").run().expect(125);
    assertTrue(signed.error().contains("ended before its first byte"), signed::error);
    sign("--password-stdin").input("\n").run().expect(0);
  }

  @Test
  void anEmptyLineIsAnEmptyPasswordAndThatIsSaid() {
    assertEquals(UNPROTECTED, keygen("--password-stdin").input("\n").run().expect(0).error());
  }

  @Test
  void anEmptyVariableIsAnEmptyPasswordAndThatIsSaid() {
    assertEquals(UNPROTECTED, keygen().with("CAISSON_PASSWORD", "").run().expect(0).error());
  }

  @Test
  void twiceEnterIsAnEmptyPasswordAndThatIsSaid() {
    Peer.need("script");
    String keygen = "'" + Caisson.distribution() + "/bin/caisson' keygen -o team 2> said";
    Command command =
        Command.of("sh", "-c", "script -qec \"" + keygen + "\" /dev/null > typed; cat said")
            .with("HOME", signing.caisson().home().toString())
            .in(signing.directory())
            .input("\n\n");
    assertTrue(command.run().expect(0).text().contains(UNPROTECTED), () -> command.run().text());
  }

  @Test
  void aPasswordIsNotTalkedAbout() {
    assertEquals("", keygen("--password-stdin").input("secret").run().expect(0).error());
  }

  @Test
  void cosignsVariableIsReadWhereCaissonsIsNotSet() throws IOException {
    keygen().with("CAISSON_PASSWORD", "right").run().expect(0);
    sign().with("COSIGN_PASSWORD", "right").run().expect(0);
    sign().with("CAISSON_PASSWORD", "right").with("COSIGN_PASSWORD", "wrong").run().expect(0);
    Outcome wrong = sign().with("CAISSON_PASSWORD", "").with("COSIGN_PASSWORD", "right").run();
    assertTrue(wrong.expect(125).error().contains("the password does not open it"), wrong::error);
    assertTrue(
        sign("--password-stdin")
            .input("wrong\n")
            .with("COSIGN_PASSWORD", "right")
            .run()
            .expect(125)
            .error()
            .contains("the password does not open it"));
  }

  @Test
  void aKeyOfOpensslIsRefusedBeforeAPasswordIsAskedFor() throws IOException {
    Peer.need("openssl");
    for (String form : new String[] {"ecparam -name prime256v1 -genkey", "genrsa"}) {
      Command.of("sh", "-c", "openssl " + form + " -out team.key")
          .in(signing.directory())
          .run()
          .expect(0);
      Outcome outcome = sign().run().expect(125);
      assertTrue(outcome.error().contains("it is in openssl's form ("), outcome::error);
      assertTrue(outcome.error().contains("caisson keygen"), outcome::error);
    }
  }

  @Test
  void whatIsNoRepositoryIsRefusedBeforeAPasswordIsAskedFor() throws IOException {
    keygen().with("CAISSON_PASSWORD", "x").run().expect(0);
    Path image = image();
    byte[] index = Files.readAllBytes(image.resolve("index.json"));
    Outcome outcome = sign("--repository", "BAD/../x").run().expect(125);
    assertTrue(
        outcome.error().contains("cannot sign for the repository BAD/../x: BAD is no part"),
        outcome::error);
    assertArrayEquals(index, Files.readAllBytes(image.resolve("index.json")));
    sign("--repository", "registry.example.com:5000/team/app")
        .with("CAISSON_PASSWORD", "x")
        .run()
        .expect(0);
    Outcome verified = signing.verify("team", image + ":latest").expect(0);
    assertTrue(
        verified.text().contains("Repository: registry.example.com:5000/team/app\n"),
        verified::text);
  }

  @Test
  void aSignatureThatWasLeftBehindIsNamedWithTheCommandThatCopiesIt() throws IOException {
    Peer.need("skopeo");
    signing.keygen("team");
    Path original = image();
    signing.sign("team", original + ":latest");
    Path copy = scratch.resolve("copy");
    shell("skopeo copy -q oci:" + original + ":latest oci:" + copy + ":latest");
    String error = signing.verify("team", copy + ":latest").expect(125).error();
    assertEquals(error, signing.run("team", copy + ":latest", "true").expect(125).error());
    int at = error.indexOf("skopeo copy SOURCE:sha256-");
    assertTrue(at > 0, error);
    shell(error.substring(at, error.indexOf(';', at)).replace("SOURCE", "oci:" + original));
    signing.verify("team", copy + ":latest").expect(0);
  }

  private void shell(String line) {
    Command.of("sh", "-c", line).in(signing.directory()).run().expect(0);
  }

  private Command keygen(String... flags) {
    return command(new String[] {"keygen", "-o", "team"}, flags);
  }

  private Command sign(String... flags) throws IOException {
    return command(new String[] {"sign", "--key", "team.key", "oci:" + image() + ":latest"}, flags);
  }

  private Command command(String[] words, String... flags) {
    String[] all = Arrays.copyOf(words, words.length + flags.length);
    System.arraycopy(flags, 0, all, words.length, flags.length);
    return signing.command(all).without("CAISSON_PASSWORD").without("COSIGN_PASSWORD");
  }

  private Path image() throws IOException {
    Path image = scratch.resolve("busybox");
    return Files.exists(image) ? image : Layouts.busybox(scratch);
  }
}
