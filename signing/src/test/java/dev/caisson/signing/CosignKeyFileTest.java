package dev.caisson.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CosignKeyFileTest {
  private static final byte[] MESSAGE = "message".getBytes(UTF_8);

  @ParameterizedTest
  @ValueSource(strings = {"pemcosignkey.pem", "pemsigstorekey.pem"})
  void opensWhatCosignWrote(String name) {
    SigningKey key = open(Vectors.read("cosign-keys/" + name), "hello");
    assertTrue(key.publicKey().verifies(MESSAGE, key.sign(MESSAGE)));
  }

  @Test
  void readsBackWhatItWrote() {
    SigningKey key = SigningKey.generate();
    byte[] file = write(key, "pässword");
    assertTrue(
        new String(file, UTF_8).startsWith("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----"));
    SigningKey read = open(file, "pässword");
    assertEquals(key.publicKey(), read.publicKey());
    assertTrue(key.publicKey().verifies(MESSAGE, read.sign(MESSAGE)));
  }

  @Test
  void theEmptyPasswordIsAPassword() {
    SigningKey key = SigningKey.generate();
    assertEquals(key.publicKey(), open(write(key, ""), "").publicKey());
  }

  @Test
  void writesWhatCosignReads() {
    String json = new String(Pem.read("k", write(SigningKey.generate(), "x")).content(), UTF_8);
    String base64 = "[A-Za-z0-9+/]+=*";
    assertTrue(
        json.matches(
            "\\{\"kdf\":\\{\"name\":\"scrypt\",\"params\":\\{\"N\":32768,\"r\":8,\"p\":1\\},\"salt\":\""
                + base64
                + "\"\\},\"cipher\":\\{\"name\":\"nacl/secretbox\",\"nonce\":\""
                + base64
                + "\"\\},\"ciphertext\":\""
                + base64
                + "\"\\}"),
        json);
  }

  @Test
  void twoFilesOfOneKeyShareNothing() {
    SigningKey key = SigningKey.generate();
    assertNotEquals(new String(write(key, "x"), UTF_8), new String(write(key, "x"), UTF_8));
  }

  @Test
  void aWrongPasswordIsSaidToBeOne() {
    TrustRefusal refusal = refusal(Vectors.read("cosign-keys/pemcosignkey.pem"), "hallo");
    assertEquals("the password does not open it", refusal.why());
    assertTrue(refusal.remedy().contains("password"), refusal.remedy());
    assertEquals(125, refusal.exitStatus());
  }

  @Test
  void aChangedCiphertextIsNotDecrypted() {
    String json = json("pemcosignkey.pem");
    int at = json.indexOf("ciphertext\":\"") + 60;
    char other = json.charAt(at) == 'A' ? 'B' : 'A';
    refusal(pem(json.substring(0, at) + other + json.substring(at + 1)), "hello");
  }

  @Test
  void aKeyOfAnotherFormIsNamed() {
    TrustRefusal refusal = refusal(Vectors.read("cosign-keys/pemcosigneckey.pem"), "hello");
    assertTrue(refusal.why().contains("the password is right"), refusal.why());
  }

  @ParameterizedTest
  @CsvSource({
    "1073741824, 8, 1",
    "1048576, 8, 1",
    "32768, 1073741824, 1",
    "32768, 8, 2147483647",
    "9223372036854775807, 8, 1",
    "4611686018427387904, 4611686018427387904, 4611686018427387904",
    "2, 1, 9223372036854775807",
    "32767, 8, 1",
    "65536, 1, 1",
    "0, 8, 1",
    "1, 8, 1",
    "-32768, 8, 1",
    "32768, 0, 1",
    "32768, -8, 1",
    "32768, 8, 0",
  })
  void excessiveParametersCostNothing(String n, String r, String p) {
    byte[] file =
        pem(
            json("pemcosignkey.pem")
                .replace(
                    "\"N\":32768,\"r\":8,\"p\":1", "\"N\":" + n + ",\"r\":" + r + ",\"p\":" + p));
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> assertTrue(refusal(file, "hello").why().contains("scrypt parameters")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "",
        "{\"kdf\":1,\"cipher\":2,\"ciphertext\":3}",
        "{\"kdf\":{\"name\":\"scrypt\",\"params\":{\"N\":1e99999999999,\"r\":8,\"p\":1},\"salt\":\"\"},"
            + "\"cipher\":{\"name\":\"nacl/secretbox\",\"nonce\":\"\"},\"ciphertext\":\"\"}"
      })
  void damageIsToldApartFromAWrongPassword(String json) {
    String why = refusal(pem(json), "hello").why();
    assertTrue(why.contains("the password was not tried"), why);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"scrypt\"',           '\"argon2\"'",
    "'nacl/secretbox',       'nacl/other'",
    "'{\"kdf\"',             '{\"more\":1,\"kdf\"'",
    "'{\"kdf\"',             '{\"ciphertext\":\"AAAA\",\"kdf\"'",
    "'\"nonce\":\"',         '\"nonce\":\"AAAA'",
    "'\"ciphertext\":\"',    '\"ciphertext\":\"-'",
  })
  void theFormIsStrict(String from, String to) {
    byte[] file = pem(json("pemcosignkey.pem").replace(from, to));
    String why = refusal(file, "hello").why();
    assertTrue(why.contains("the password was not tried"), why);
  }

  @ParameterizedTest
  @CsvSource({
    "validecpkcs8.pem,         in openssl's form (PRIVATE KEY)",
    "invalidrsawithpubkey.pem, a public key",
    "invalidkey.pem,           a block PGP PRIVATE KEY BLOCK",
  })
  void otherKeyFilesAreNamed(String name, String kind) {
    String why = refusal(Vectors.read("cosign-keys/" + name), "hello").why();
    assertTrue(why.contains(kind), why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "EC PRIVATE KEY",
        "RSA PRIVATE KEY",
        "DSA PRIVATE KEY"
      })
  void aKeyOfOpensslIsRefusedWithoutAPassword(String label) {
    for (String before :
        List.of("", "-----BEGIN EC PARAMETERS-----\nAA==\n-----END EC PARAMETERS-----\n")) {
      String block = "-----BEGIN " + label + "-----\nProc-Type: 4,ENCRYPTED\n\nAA==\n";
      byte[] file = (before + block + "-----END " + label + "-----\n").getBytes(UTF_8);
      TrustRefusal refusal =
          assertThrows(TrustRefusal.class, () -> CosignKeyFile.read("my key", file));
      assertTrue(refusal.why().contains("openssl's form (" + label + ")"), refusal.why());
      assertTrue(
          refusal.remedy().contains("cosign import-key-pair --key 'my key'"), refusal.remedy());
    }
  }

  @Test
  void theCallersPasswordIsLeftAloneAndTheCopyIsWiped() {
    char[] typed = "secret".toCharArray();
    Password password = Password.of(typed);
    byte[] copy = password.bytes();
    assertArrayEquals("secret".getBytes(UTF_8), copy);
    password.close();
    assertArrayEquals(new byte[6], copy);
    assertArrayEquals("secret".toCharArray(), typed);
  }

  private static byte[] write(SigningKey key, String password) {
    try (Password secret = Password.of(password.toCharArray())) {
      return CosignKeyFile.write(key, secret);
    }
  }

  private static SigningKey open(byte[] file, String password) {
    try (Password secret = Password.of(password.toCharArray())) {
      return CosignKeyFile.read("test.key", file).open(secret);
    }
  }

  private static TrustRefusal refusal(byte[] file, String password) {
    return assertThrows(TrustRefusal.class, () -> open(file, password));
  }

  private static String json(String name) {
    return new String(Pem.read(name, Vectors.read("cosign-keys/" + name)).content(), UTF_8);
  }

  private static byte[] pem(String json) {
    return new Pem("ENCRYPTED COSIGN PRIVATE KEY", json.getBytes(UTF_8)).toBytes();
  }
}
