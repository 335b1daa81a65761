package dev.caisson.launch;

import java.util.List;
import java.util.Optional;

/**
 * A call that waits for its supervisor, as the kernel copied it from the registers: what it points
 * to may change at any time, these values do not.
 *
 * @param id of this waiting, by which it is answered
 * @param thread the calling thread, by its number outside
 * @param number of the call, in the ABI that {@code auditArch} tells
 * @param arguments six of them
 */
public record NotifiedCall(
    long id, int thread, int number, int auditArch, List<Long> arguments, Waiting waiting) {
  /** Tells whether a call still waits. */
  interface Waiting {
    boolean stillWaits();
  }

  public NotifiedCall {
    arguments = List.copyOf(arguments);
  }

  public long argument(int index) {
    return arguments.get(index);
  }

  /** An argument of which the kernel reads 32 bits. */
  public int word(int index) {
    return (int) argument(index);
  }

  /**
   * The bytes at {@code address} of the caller's memory, at most {@code length}, fewer where its
   * memory ends. Other threads may write there: what is read decides nothing.
   *
   * @return empty where nothing can be read, or where the call has ended meanwhile
   */
  public Optional<byte[]> bytes(long address, int length) {
    return checked(ThreadMemory.read(thread, address, length));
  }

  /** The text at {@code address} up to its NUL byte; of at most 4096 bytes. */
  public Optional<byte[]> text(long address) {
    return checked(ThreadMemory.text(thread, address));
  }

  /**
   * Writes {@code bytes} to {@code address} of the caller's memory.
   *
   * @return false where not all of it can be written, or where the call has ended meanwhile
   */
  public boolean write(long address, byte[] bytes) {
    return waiting.stillWaits() && ThreadMemory.write(thread, address, bytes);
  }

  /** Whether it still waits: what was found by the thread's number then belongs to its caller. */
  public boolean stillWaits() {
    return waiting.stillWaits();
  }

  /** The thread's number may have become another's while it was looked at. */
  private Optional<byte[]> checked(Optional<byte[]> read) {
    return waiting.stillWaits() ? read : Optional.empty();
  }
}
