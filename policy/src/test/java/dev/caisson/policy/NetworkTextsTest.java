package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Destinations and published ports as flags write them. */
class NetworkTextsTest {
  @ParameterizedTest
  @CsvSource({
    "files.test:443, files.test:443/tcp",
    "Files.Test:443/tcp, files.test:443/tcp",
    "192.0.2.1:8000-8010, 192.0.2.1/32:8000-8010/tcp",
    "192.0.2.1:53/udp, 192.0.2.1/32:53/udp",
    "[2001:db8::1]:443, [2001:db8::1/128]:443/tcp",
  })
  void aDestinationIsAPlaceAndPorts(String text, String read) {
    assertEquals(read, Destination.parse(text).orElseThrow().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "files.test",
        "files.test:",
        ":443",
        "files.test:0",
        "files.test:65536",
        "files.test:9-8",
        "files.test:443/sctp",
        "2001:db8::1:443",
        "192.0.2.256:443",
        "a..test:443",
      })
  void anythingElseIsNoDestination(String text) {
    assertEquals(Optional.empty(), Destination.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "8080:80, 127.0.0.1:8080 to 80/tcp",
    "0.0.0.0:8080:80, 0.0.0.0:8080 to 80/tcp",
    "[::1]:5353:53/udp, [::1]:5353 to 53/udp",
  })
  void aPublishedPortIsOpenToTheHostAlone(String text, String read) {
    assertEquals(read, PublishedPort.parse(text).orElseThrow().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "80", "8080:", ":80", "0:80", "8080:0", "x:8080:80", "8080:80/x"})
  void anythingElseIsNoPublishedPort(String text) {
    assertEquals(Optional.empty(), PublishedPort.parse(text));
  }
}
