package dev.caisson.launch;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.Function;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import dev.caisson.UnixPath;
import dev.caisson.policy.Architecture;

/**
 * Raw system calls from the JVM, through libc's {@code syscall}. jffi's own invoker is used, not
 * jnr-ffi's generated stubs: it starts four times faster.
 */
public final class SystemCalls {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();
  private static final Architecture ARCHITECTURE = Architecture.current();
  private static final Function SYSCALL = function("syscall", 7);

  private SystemCalls() {}

  /**
   * Makes a call; missing arguments are 0.
   *
   * @return the result, or the negated errno
   */
  public static long call(Syscall syscall, long... arguments) {
    if (arguments.length > 6) {
      throw new IllegalArgumentException(syscall + " with " + arguments.length + " arguments");
    }
    HeapInvocationBuffer buffer = new HeapInvocationBuffer(SYSCALL);
    buffer.putLong(syscall.number(ARCHITECTURE));
    for (int i = 0; i < 6; i++) {
      buffer.putLong(i < arguments.length ? arguments[i] : 0);
    }
    long result = Invoker.getInstance().invokeLong(SYSCALL, buffer);
    return result == -1 ? -LastError.getInstance().get() : result;
  }

  /** Calls {@code function} with that many machine words. */
  static long invoke(Function function, long... arguments) {
    HeapInvocationBuffer buffer = new HeapInvocationBuffer(function);
    for (long argument : arguments) {
      buffer.putLong(argument);
    }
    return Invoker.getInstance().invokeLong(function, buffer);
  }

  /** A function of libc that takes {@code arguments} machine words and returns one. */
  static Function function(String name, int arguments) {
    Type[] types = new Type[arguments];
    java.util.Arrays.fill(types, Type.SINT64);
    long address = Library.getDefault().getSymbolAddress(name);
    return new Function(
        address,
        CallContext.getCallContext(
            Type.SINT64, types, com.kenai.jffi.CallingConvention.DEFAULT, true));
  }

  /** Memory outside the heap, freed by {@link Memory#close()}. */
  public static Memory allocate(int bytes) {
    return new Memory(MEMORY.allocateMemory(Math.max(bytes, 1), true), bytes);
  }

  /** {@code path} and a NUL byte in memory outside the heap. */
  public static Memory string(UnixPath path) {
    byte[] bytes = path.bytes();
    Memory memory = allocate(bytes.length + 1);
    memory.put(0, bytes);
    return memory;
  }

  /** A block of memory outside the heap. */
  public static final class Memory implements AutoCloseable {
    private final long address;
    private final int size;

    private Memory(long address, int size) {
      this.address = address;
      this.size = size;
    }

    public long address() {
      return address;
    }

    public int size() {
      return size;
    }

    public void put(int offset, byte[] bytes) {
      check(offset, bytes.length);
      MEMORY.putByteArray(address + offset, bytes, 0, bytes.length);
    }

    public void put(int offset, byte[] bytes, int from, int length) {
      check(offset, length);
      MEMORY.putByteArray(address + offset, bytes, from, length);
    }

    public byte[] get(int offset, int length) {
      check(offset, length);
      byte[] bytes = new byte[length];
      MEMORY.getByteArray(address + offset, bytes, 0, length);
      return bytes;
    }

    public void get(int offset, byte[] into, int from, int length) {
      check(offset, length);
      MEMORY.getByteArray(address + offset, into, from, length);
    }

    public long getLong(int offset) {
      check(offset, 8);
      return MEMORY.getLong(address + offset);
    }

    public int getInt(int offset) {
      check(offset, 4);
      return MEMORY.getInt(address + offset);
    }

    public int getShort(int offset) {
      check(offset, 2);
      return MEMORY.getShort(address + offset);
    }

    public void putLong(int offset, long value) {
      check(offset, 8);
      MEMORY.putLong(address + offset, value);
    }

    public void putInt(int offset, int value) {
      check(offset, 4);
      MEMORY.putInt(address + offset, value);
    }

    private void check(int offset, int length) {
      java.util.Objects.checkFromIndexSize(offset, length, size);
    }

    @Override
    public void close() {
      MEMORY.freeMemory(address);
    }
  }
}
