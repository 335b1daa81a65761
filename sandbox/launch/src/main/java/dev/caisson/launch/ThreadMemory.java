package dev.caisson.launch;

import java.util.Arrays;
import java.util.Optional;

/** The memory of another process's thread (process_vm_readv(2)). */
final class ThreadMemory {
  private static final int PAGE = 4096;

  /** PATH_MAX of linux/limits.h. */
  private static final int LONGEST_TEXT = 4096;

  private ThreadMemory() {}

  static Optional<byte[]> text(int thread, long address) {
    Optional<byte[]> read = read(thread, address, LONGEST_TEXT);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = read.get();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return Optional.of(Arrays.copyOf(bytes, i));
      }
    }
    return Optional.empty();
  }

  /** At most {@code length} bytes; fewer where the memory that can be read ends. */
  static Optional<byte[]> read(int thread, long address, int length) {
    // a vector for each page: the kernel reads whole vectors
    int first = (int) Math.min(length, PAGE - Long.remainderUnsigned(address, PAGE));
    int pages = 1 + (length - first + PAGE - 1) / PAGE;
    try (SystemCalls.Memory into = SystemCalls.allocate(length);
        SystemCalls.Memory local = SystemCalls.allocate(16);
        SystemCalls.Memory remote = SystemCalls.allocate(16 * pages)) {
      local.putLong(0, into.address());
      local.putLong(8, length);
      int at = 0;
      for (int i = 0; i < pages; i++) {
        int count = i == 0 ? first : Math.min(PAGE, length - at);
        remote.putLong(16 * i, address + at);
        remote.putLong(16 * i + 8, count);
        at += count;
      }
      long count =
          SystemCalls.call(
              Syscall.PROCESS_VM_READV, thread, local.address(), 1, remote.address(), pages, 0);
      return count <= 0 ? Optional.empty() : Optional.of(into.get(0, (int) count));
    }
  }

  /** Whether all of {@code bytes} could be written. */
  static boolean write(int thread, long address, byte[] bytes) {
    try (SystemCalls.Memory content = SystemCalls.allocate(bytes.length);
        SystemCalls.Memory local = SystemCalls.allocate(16);
        SystemCalls.Memory remote = SystemCalls.allocate(16)) {
      content.put(0, bytes);
      local.putLong(0, content.address());
      local.putLong(8, bytes.length);
      remote.putLong(0, address);
      remote.putLong(8, bytes.length);
      return SystemCalls.call(
              Syscall.PROCESS_VM_WRITEV, thread, local.address(), 1, remote.address(), 1, 0)
          == bytes.length;
    }
  }
}
