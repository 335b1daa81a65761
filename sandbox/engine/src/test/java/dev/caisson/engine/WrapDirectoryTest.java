package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.UnixPath;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrapDirectoryTest {
  private static final UnixPath HOME = UnixPath.of("/home/u");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/home",
        "/home/u",
        "/etc",
        "/etc/ssl",
        "/run/user/1000",
        "/var/lib/x",
        "/proc",
        "/sys",
        "/dev/shm",
        "/root",
        "/root/x",
        "/tmp"
      })
  void showsNothingThatTheViewHides(String directory) {
    assertThrows(EngineRefusal.class, () -> WrapDirectory.check(UnixPath.of(directory), HOME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/home/u/src", "/tmp/x", "/srv/www", "/etcetera", "/home/v"})
  void showsOtherDirectories(String directory) {
    assertDoesNotThrow(() -> WrapDirectory.check(UnixPath.of(directory), HOME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/var/home/u", "/var/home", "/var/home/v/src"})
  void homesBelowVarAreHomes(String directory) {
    UnixPath home = UnixPath.of("/var/home/u");
    assertThrows(EngineRefusal.class, () -> WrapDirectory.check(UnixPath.of(directory), home));
    assertDoesNotThrow(() -> WrapDirectory.check(UnixPath.of("/var/home/u/src"), home));
  }
}
