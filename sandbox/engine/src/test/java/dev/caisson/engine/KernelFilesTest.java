package dev.caisson.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelFilesTest {
  @ParameterizedTest
  @ValueSource(strings = {"/proc", "/proc/sys", "/sys/firmware", "/sys/fs/cgroup/memory"})
  void whatLiesInOneIsRefused(String source) {
    assertThrows(EngineRefusal.class, () -> KernelFiles.below(UnixPath.of(source)));
  }

  @Test
  void whatHoldsSomeNamesThem() {
    assertTrue(KernelFiles.below(UnixPath.of("/")).contains(UnixPath.of("/proc")));
    assertTrue(KernelFiles.below(UnixPath.of("/sys")).contains(UnixPath.of("/sys/firmware")));
    assertEquals(List.of(), KernelFiles.below(UnixPath.of("/sys/devices/system/cpu")));
    assertEquals(List.of(), KernelFiles.below(UnixPath.of("/process")));
  }
}
