package dev.caisson.image.tar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.caisson.UnixPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What {@link TarWriter} writes {@link TarReader} reads, and nothing that was damaged. */
class TarRoundTripTest {
  /** A file, or a symbolic link where the content is the target. */
  private record File(byte[] name, int permissions, byte[] content, boolean link) {}

  @Property(tries = 300)
  void theReaderReadsWhatTheWriterWrote(@ForAll("files") List<File> files) throws IOException {
    TarReader reader = reader(write(files));
    for (File file : files) {
      TarEntry entry = reader.next().orElseThrow();
      assertArrayEquals(file.name, entry.name().bytes());
      if (file.link) {
        assertEquals(TarKind.SYMLINK, entry.kind());
        assertArrayEquals(file.content, entry.link().bytes());
      } else {
        assertEquals(TarKind.REGULAR, entry.kind());
        assertEquals(file.permissions, entry.permissions());
        assertArrayEquals(file.content, content(reader));
      }
    }
    assertEquals(Optional.empty(), reader.next());
  }

  @Property(tries = 300)
  void aHeaderWithAChangedBitIsRefused(
      @ForAll("files") List<File> files,
      @ForAll @IntRange(max = 511) int at,
      @ForAll @IntRange(max = 7) int bit) {
    byte[] archive = write(files);
    archive[at] ^= (byte) (1 << bit);
    // a number is the same with a space or a NUL at its end, and with a space for its first zero
    boolean atTheEnd = (archive[at] & ~0x20) == 0 && at < 8 + 148 && at >= 148 + 6;
    if (atTheEnd || (at == 148 && archive[at] == ' ')) {
      return;
    }
    assertThrows(ArchiveProblem.class, () -> readAll(archive));
  }

  @Provide
  Arbitrary<List<File>> files() {
    Arbitrary<byte[]> names = bytes(1, 300);
    Arbitrary<Integer> permissions = Arbitraries.integers().between(0, 07777);
    Arbitrary<File> regular =
        Combinators.combine(
                names, permissions, Arbitraries.bytes().array(byte[].class).ofMaxSize(1500))
            .as((name, mode, content) -> new File(name, mode, content, false));
    Arbitrary<File> links =
        Combinators.combine(names, bytes(1, 300))
            .as((name, target) -> new File(name, 0777, target, true));
    return Arbitraries.oneOf(regular, links).list().ofMinSize(1).ofMaxSize(6);
  }

  /** Bytes of names: no NUL. */
  private static Arbitrary<byte[]> bytes(int least, int most) {
    return Arbitraries.bytes()
        .filter(b -> b != 0)
        .array(byte[].class)
        .ofMinSize(least)
        .ofMaxSize(most);
  }

  private static byte[] write(List<File> files) {
    TarWriter writer = new TarWriter(1);
    for (File file : files) {
      if (file.link) {
        writer.symlink(UnixPath.of(file.name), UnixPath.of(file.content));
      } else {
        writer.file(UnixPath.of(file.name), file.permissions, file.content);
      }
    }
    return writer.finish();
  }

  private static TarReader reader(byte[] archive) {
    return new TarReader(new ByteArrayInputStream(archive), ArchiveLimits.DEFAULT);
  }

  private static List<TarEntry> readAll(byte[] archive) throws IOException {
    List<TarEntry> entries = new ArrayList<>();
    TarReader reader = reader(archive);
    for (Optional<TarEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
      entries.add(e.get());
    }
    return entries;
  }

  private static byte[] content(TarReader reader) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    byte[] buffer = new byte[700];
    for (int n = reader.read(buffer, 0, 700); n > 0; n = reader.read(buffer, 0, 700)) {
      content.write(buffer, 0, n);
    }
    return content.toByteArray();
  }
}
