package dev.caisson.launch;

import dev.caisson.Printable;
import dev.caisson.policy.Architecture;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** The memory of a program before its first step, as a {@link Listing} shows it. */
final class ProgramMemory {
  private static final int SHOWN_BYTES = 400;
  private static final int SMALL = 1 << 16;

  private final LaunchProgram program;
  private final ByteBuffer data;

  ProgramMemory(LaunchProgram program) {
    this.program = program;
    this.data = ByteBuffer.wrap(program.data()).order(ByteOrder.LITTLE_ENDIAN);
  }

  Architecture architecture() {
    return program.architecture();
  }

  /** The 64-bit word at {@code address}, if it is in the data. */
  Optional<Long> word(long address) {
    return holds(address, 8) ? Optional.of(data.getLong(offset(address))) : Optional.empty();
  }

  /** The NUL-terminated text at {@code address} in quotes, if there is one. */
  Optional<String> text(long address) {
    if (!holds(address, 1)) {
      return Optional.empty();
    }
    int end = offset(address);
    while (end < data.capacity() && data.get(end) != 0) {
      end++;
    }
    return end == data.capacity() ? Optional.empty() : bytes(address, end - offset(address));
  }

  /** {@code count} bytes at {@code address} in quotes, if they are in the data. */
  Optional<String> bytes(long address, long count) {
    if (!holds(address, count)) {
      return Optional.empty();
    }
    int start = offset(address);
    int shown = (int) Math.min(count, SHOWN_BYTES);
    String quoted = quote(Arrays.copyOfRange(data.array(), start, start + shown));
    return Optional.of(shown < count ? quoted + "..." : quoted);
  }

  /** {@code count} bytes at {@code address}, if they are in the data. */
  Optional<byte[]> raw(long address, long count) {
    return holds(address, count)
        ? Optional.of(
            Arrays.copyOfRange(data.array(), offset(address), offset(address) + (int) count))
        : Optional.empty();
  }

  private static String quote(byte[] bytes) {
    ByteArrayOutputStream escaped = new ByteArrayOutputStream();
    for (byte b : bytes) {
      if (b == '"' || b == '\\') {
        escaped.write('\\');
      }
      if (b == '\n') {
        escaped.writeBytes(new byte[] {'\\', 'n'});
      } else {
        escaped.write(b);
      }
    }
    // a backslash of Printable's own is single, one of the text's is doubled
    return '"' + Printable.of(escaped.toByteArray()) + '"';
  }

  /** A number that may be an address: {@code &s5}, {@code data+0x40}, or as it is. */
  String number(long value) {
    long slots = value - LaunchProgram.SLOTS_ADDRESS;
    if (slots >= 0 && slots < LaunchProgram.SLOTS * 8L) {
      return "&s" + slots / 8 + (slots % 8 == 0 ? "" : "+" + slots % 8);
    }
    long at = value - LaunchProgram.DATA_ADDRESS;
    if (at >= 0 && at <= (long) data.capacity() + program.zeroBytes()) {
      return "data+0x" + Long.toHexString(at);
    }
    long text = value - LaunchProgram.TEXT_ADDRESS;
    if (text >= 0 && text < Elf.CODE_OFFSET + Interpreter.MAX_BYTES) {
      return "text+0x" + Long.toHexString(text);
    }
    return value > -SMALL && value < SMALL ? Long.toString(value) : "0x" + Long.toHexString(value);
  }

  private boolean holds(long address, long count) {
    long at = address - LaunchProgram.DATA_ADDRESS;
    return at >= 0 && count >= 0 && at <= data.capacity() && count <= data.capacity() - at;
  }

  private static int offset(long address) {
    return (int) (address - LaunchProgram.DATA_ADDRESS);
  }
}
