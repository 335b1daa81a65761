package dev.caisson.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElfTest {
  /** A program header as elf(5) lays it out. */
  private record Segment(
      int type, int flags, long offset, long address, long fileBytes, long bytes, long alignment) {}

  private static final int LOAD = 1;
  private static final int STACK = 0x6474e551;

  private static List<Segment> segments(byte[] elf) {
    ByteBuffer in = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < in.getShort(56); i++) {
      int at = (int) in.getLong(32) + i * in.getShort(54);
      segments.add(
          new Segment(
              in.getInt(at),
              in.getInt(at + 4),
              in.getLong(at + 8),
              in.getLong(at + 16),
              in.getLong(at + 32),
              in.getLong(at + 40),
              in.getLong(at + 48)));
    }
    return segments;
  }

  private static LaunchProgram program(Architecture architecture, int steps) {
    ProgramBuilder builder = new ProgramBuilder(architecture);
    builder.bytes(new byte[3001]);
    builder.zeroes(50_000);
    for (int i = 0; i < steps; i++) {
      builder.set(new Operand.Slot(4), Operand.of(i));
    }
    return builder.build();
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsWritableAndExecutable(Architecture architecture) {
    List<Segment> segments = segments(Elf.write(program(architecture, 400)));
    assertEquals(
        List.of(5, 4, 6, 6),
        segments.stream().map(Segment::flags).toList(),
        "text steps data stack");
    assertEquals(List.of(LOAD, LOAD, LOAD, STACK), segments.stream().map(Segment::type).toList());
    for (Segment segment : segments) {
      assertTrue((segment.flags & 3) != 3, segment.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void segmentsShareNoPageOf64KiB(Architecture architecture) {
    List<Segment> segments = segments(Elf.write(program(architecture, 400))).subList(0, 3);
    long free = 0x10000;
    for (Segment segment : segments) {
      assertEquals(0x10000, segment.alignment);
      assertEquals(segment.offset % 0x10000, segment.address % 0x10000);
      assertTrue(segment.address / 0x10000 >= free / 0x10000, segment + " after " + free);
      assertTrue(segment.fileBytes <= segment.bytes);
      free = segment.address + segment.bytes + 0xffff;
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFileIsSmall(Architecture architecture) {
    byte[] elf = Elf.write(program(architecture, 400));
    assertTrue(elf.length <= 400 * 64 + 3008 + 4096 + 1024, elf.length + " bytes");
    List<Segment> segments = segments(elf);
    assertEquals(elf.length, segments.get(1).offset + segments.get(1).fileBytes);
  }

  @Test
  void stepsMayLieAnywhereInTheFile() {
    for (int filler : new int[] {0, 1, 60_000, 65_536, 200_000}) {
      ProgramBuilder builder = new ProgramBuilder(Architecture.current());
      builder.bytes(new byte[filler]);
      ProgramBuilder.Label end = builder.label();
      builder.onFailure(end);
      builder.jump(end);
      for (int i = 0; i < 3000; i++) {
        builder.set(new Operand.Slot(4), Operand.of(i));
      }
      builder.place(end);
      builder.call(Syscall.EXIT_GROUP, Operand.of(9));
      assertEquals(9, Machine.run(builder.build()).status(), filler + " bytes of data");
    }
  }

  @Test
  void aProgramWithoutStepsIsRefused() {
    LaunchProgram empty = new LaunchProgram(Architecture.X86_64, List.of(), new byte[1], 0);
    assertThrows(IllegalArgumentException.class, () -> Elf.write(empty));
  }

  @Test
  void otherFilesAreRefused() {
    byte[] elf = Elf.write(program(Architecture.X86_64, 5));
    assertEquals(program(Architecture.X86_64, 5), Elf.parse(elf));
    assertRefused("it is too short", new byte[0]);
    assertRefused("it is too short", Arrays.copyOf(elf, 4000));
    assertRefused("its step table ends within a step", Arrays.copyOf(elf, elf.length - 1));
    assertRefused(
        "its interpreter or layout is not this version's", Arrays.copyOf(elf, elf.length - 64));
    byte[] patched = elf.clone();
    patched[Elf.CODE_OFFSET] ^= 1;
    assertRefused("its interpreter or layout is not this version's", patched);
    byte[] foreign = elf.clone();
    foreign[18] = 40;
    assertRefused("it is for machine 40 of the ELF standard", foreign);
  }

  private static void assertRefused(String why, byte[] file) {
    ProgramRefusal refusal = assertThrows(ProgramRefusal.class, () -> Elf.parse(file));
    assertEquals(why, refusal.why());
  }
}
