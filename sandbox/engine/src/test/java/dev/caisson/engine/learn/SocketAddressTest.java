package dev.caisson.engine.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SocketAddressTest {
  private static ByteBuffer address(int length, int family) {
    return ByteBuffer.allocate(length)
        .order(ByteOrder.nativeOrder())
        .putShort((short) family)
        .order(ByteOrder.BIG_ENDIAN);
  }

  private static String read(ByteBuffer bytes) {
    return SocketAddress.read(bytes.array()).map(SocketAddress::toString).orElse("none");
  }

  @Test
  void internetAddressesAreRead() {
    assertEquals(
        "192.0.2.7:443",
        read(address(16, 2).putShort((short) 443).put(new byte[] {(byte) 192, 0, 2, 7})));
    ByteBuffer six = address(28, 10).putShort((short) 53).putInt(0);
    assertEquals("[2001:db8:0:0:0:0:0:1]:53", read(six.putInt(0x20010db8).putInt(23, 1 << 24)));
    ByteBuffer mapped = address(28, 10).putShort((short) 80).putInt(0);
    mapped.putShort(18, (short) 0xffff).putInt(20, 0x7f000001);
    assertEquals("127.0.0.1:80", read(mapped));
    assertEquals("none", read(address(7, 2)));
    assertEquals("none", read(address(16, 16)));
  }

  @Test
  void unixAddressesAreRead() {
    ByteBuffer path = address(110, 1).put("/run/x\0/y".getBytes(StandardCharsets.US_ASCII));
    SocketAddress.Unix unix = (SocketAddress.Unix) SocketAddress.read(path.array()).orElseThrow();
    assertEquals("/run/x", unix.path().toString());
    ByteBuffer name = address(110, 1).put("\0bus".getBytes(StandardCharsets.US_ASCII));
    unix = (SocketAddress.Unix) SocketAddress.read(name.array()).orElseThrow();
    assertEquals("bus true", unix.path() + " " + unix.isAbstract());
    assertEquals(Optional.empty(), SocketAddress.read(address(2, 1).array()));
  }

  @Property
  void nothingElseIsThrown(@ForAll @Size(max = 120) byte[] bytes) {
    String read = SocketAddress.read(bytes).map(SocketAddress::toString).orElse("none");
    assertFalse(read.isEmpty());
  }
}
