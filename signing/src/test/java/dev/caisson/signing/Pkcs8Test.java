package dev.caisson.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Pkcs8Test {
  private static final int SCALAR = 36;
  private static final byte[] DER = Pkcs8.write(SigningKey.generate());

  /** One key in 256 has a scalar with a leading zero octet. */
  @Test
  void shortScalarsKeepTheirPlace() {
    byte[] der = Pkcs8.write(SigningKey.generate());
    Arrays.fill(der, SCALAR, SCALAR + 31, (byte) 0);
    der[SCALAR + 31] = 5;
    byte[] withoutPublicKey = withoutPublicKey(der);
    SigningKey key = Pkcs8.read("k", withoutPublicKey).orElseThrow();
    assertEquals(BigInteger.valueOf(5), key.scalar());
    SigningKey again = Pkcs8.read("k", Pkcs8.write(key)).orElseThrow();
    assertEquals(key.publicKey(), again.publicKey());
    byte[] message = "m".getBytes(UTF_8);
    assertTrue(key.publicKey().verifies(message, again.sign(message)));
  }

  @Test
  void aPublicKeyThatIsNotTheScalarsIsRejected() {
    byte[] der = DER.clone();
    der[der.length - 1] ^= 1;
    assertEquals(Optional.empty(), Pkcs8.read("k", der));
  }

  @Test
  void scalarsOutOfRangeAreRejected() {
    byte[] der = DER.clone();
    assertTrue(Pkcs8.read("k", withoutPublicKey(der)).isPresent());
    Arrays.fill(der, SCALAR, SCALAR + 32, (byte) 0);
    assertEquals(Optional.empty(), Pkcs8.read("k", withoutPublicKey(der)));
    Arrays.fill(der, SCALAR, SCALAR + 32, (byte) 0xff);
    assertEquals(Optional.empty(), Pkcs8.read("k", withoutPublicKey(der)));
  }

  @Test
  void everyTruncationAndEveryAdditionIsRejected() {
    for (int length = 0; length < DER.length; length++) {
      assertEquals(Optional.empty(), Pkcs8.read("k", Arrays.copyOf(DER, length)));
    }
    assertEquals(Optional.empty(), Pkcs8.read("k", Arrays.copyOf(DER, DER.length + 1)));
  }

  private static byte[] withoutPublicKey(byte[] der) {
    byte[] shorter = Arrays.copyOf(der, der.length - 70);
    // The three lengths around the optional public key shrink by its 70 octets.
    byte[] head = {0x30, 0x41, 2, 1, 0};
    byte[] out = new byte[shorter.length - 1];
    System.arraycopy(head, 0, out, 0, head.length);
    System.arraycopy(shorter, 6, out, 5, shorter.length - 6);
    out[27] = 0x27;
    out[29] = 0x25;
    return out;
  }
}
