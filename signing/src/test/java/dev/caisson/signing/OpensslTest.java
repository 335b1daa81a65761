package dev.caisson.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSL, which shares no code with this package, judges and makes keys and signatures. */
class OpensslTest {
  @TempDir Path dir;

  @BeforeEach
  void opensslIsThere() throws Exception {
    boolean present = true;
    try {
      openssl("version");
    } catch (IOException missing) {
      present = false;
    }
    assertTrue(present || !"true".equals(System.getenv("CI")), "openssl is missing");
    assumeTrue(present, "openssl is not installed");
  }

  @Test
  void acceptsASignatureMadeHere() throws Exception {
    SigningKey key = SigningKey.generate();
    StoredSignature signature = new Signer(key).sign(Digest.of(new byte[0]), "localhost/app");
    Files.write(dir.resolve("key.pub"), key.publicKey().toPem());
    Files.write(dir.resolve("payload"), signature.payload());
    Files.write(dir.resolve("sig"), Base64.getDecoder().decode(signature.signature()));
    assertEquals(0, verify("payload"));
    Files.write(dir.resolve("other"), new byte[] {1});
    assertNotEquals(0, verify("other"));
  }

  @Test
  void readsAPrivateKeyMadeHereAndItsSignatureIsAcceptedHere() throws Exception {
    SigningKey key = SigningKey.generate();
    Files.write(dir.resolve("key.der"), Pkcs8.write(key));
    Files.write(dir.resolve("payload"), new byte[] {1, 2, 3});
    assertEquals(0, openssl("pkey", "-inform", "DER", "-in", "key.der", "-check", "-noout"));
    assertEquals(0, openssl("pkey", "-inform", "DER", "-in", "key.der", "-out", "key.pem"));
    assertEquals(0, openssl("dgst", "-sha256", "-sign", "key.pem", "-out", "sig", "payload"));
    assertTrue(
        key.publicKey().verifies(new byte[] {1, 2, 3}, Files.readAllBytes(dir.resolve("sig"))));
  }

  @Test
  void aKeyMadeByOpensslIsRead() throws Exception {
    String curve = "ec_paramgen_curve:P-256";
    assertEquals(0, openssl("genpkey", "-algorithm", "EC", "-pkeyopt", curve, "-out", "key.pem"));
    assertEquals(0, openssl("pkcs8", "-topk8", "-nocrypt", "-in", "key.pem", "-out", "pkcs8.pem"));
    assertEquals(0, openssl("pkey", "-in", "key.pem", "-pubout", "-out", "key.pub"));
    Pem pem = Pem.read("pkcs8.pem", Files.readAllBytes(dir.resolve("pkcs8.pem")));
    SigningKey key = Pkcs8.read("pkcs8.pem", pem.content()).orElseThrow();
    byte[] file = Files.readAllBytes(dir.resolve("key.pub"));
    assertEquals(VerificationKey.read("key.pub", file), key.publicKey());
  }

  private int verify(String file) throws Exception {
    return openssl("dgst", "-sha256", "-verify", "key.pub", "-signature", "sig", file);
  }

  private int openssl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("openssl.log").toFile())
            .start();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "openssl hangs");
    return process.exitValue();
  }
}
