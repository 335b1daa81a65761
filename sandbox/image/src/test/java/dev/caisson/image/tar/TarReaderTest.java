package dev.caisson.image.tar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whatever two readers could understand differently is refused. */
class TarReaderTest {
  private static final Consumer<byte[]> AS_IT_IS = block -> {};

  @Test
  void aWrongChecksumIsRefused() {
    refused("a header's checksum is wrong", new RawTar().file("f", "x").flip(0).finish());
  }

  @Test
  void unknownFormatsAreRefused() {
    refused(
        "no known tar format",
        new RawTar().entry('0', "f", 0644, "", new byte[0], b -> b[257] = 'x').finish());
  }

  @Test
  void unknownTypesAreRefused() {
    refused(
        "unknown type 'Z'", new RawTar().entry('Z', "f", 0644, "", new byte[0], AS_IT_IS).finish());
  }

  @Test
  void aNameWithNulIsRefused() {
    refused("a path holds a NUL byte", new RawTar().pax("path", "a\0b").file("f", "").finish());
    refused(
        "a linkpath holds a NUL", new RawTar().pax("linkpath", "a\0b").symlink("s", "t").finish());
    refused(
        "a long name holds a NUL byte",
        new RawTar()
            .entry('L', "././@LongLink", 0644, "", new byte[] {'a', 0, 'b', 0}, AS_IT_IS)
            .file("f", "")
            .finish());
  }

  @Test
  void aPaxKeyThatIsGivenTwiceIsRefused() {
    refused("sets path twice", new RawTar().pax("path", "a", "path", "b").file("f", "").finish());
  }

  @Test
  void twoNamesForOneEntryAreRefused() {
    refused(
        "an entry has two names",
        new RawTar()
            .pax("path", "a")
            .entry('L', "x", 0644, "", new byte[] {'b', 0}, AS_IT_IS)
            .file("f", "")
            .finish());
    refused(
        "an entry has two extended headers",
        new RawTar().pax("mtime", "1").pax("mtime", "2").file("f", "").finish());
  }

  @Test
  void globalHeadersMaySayNothingOfEntries() throws IOException {
    refused(
        "a global extended header sets path",
        new RawTar().globalPax("path", "../x").file("f", "").finish());
    assertEquals(
        List.of("f"), names(new RawTar().globalPax("comment", "c").file("f", "").finish()));
  }

  @Test
  void paxSizesThatLieAreRefused() {
    refused("ends within", new RawTar().pax("size", "99999").file("f", "x").finish());
    refused("is no number", new RawTar().pax("size", "-1").file("f", "x").finish());
    refused("is no number", new RawTar().pax("size", "0x10").file("f", "x").finish());
    refused(
        "the extended header is malformed",
        new RawTar()
            .entry('x', "p", 0644, "", "99 path=a\n".getBytes(), AS_IT_IS)
            .file("f", "")
            .finish());
  }

  @Test
  void sparseFilesAreRefused() {
    refused("sparse", new RawTar().pax("GNU.sparse.major", "1").file("f", "").finish());
  }

  @Test
  void numbersThatAreNoneAreRefused() {
    refused(
        "the header's size is no number",
        new RawTar().entry('0', "f", 0644, "", new byte[0], b -> b[124] = '9').finish());
    refused(
        "negative",
        new RawTar()
            .entry('0', "f", 0644, "", new byte[0], b -> Arrays.fill(b, 124, 136, (byte) 0xff))
            .finish());
  }

  @Test
  void contentWhereNoneBelongsIsRefused() {
    refused(
        "no regular file but has content",
        new RawTar().entry('2', "s", 0644, "t", new byte[] {1}, AS_IT_IS).finish());
  }

  @Test
  void anEndOrphansNoHeader() {
    refused("ends with an extended header", new RawTar().pax("path", "a").finish());
    refused("ends with an extended header", new RawTar().pax("path", "a").unfinished());
  }

  @Test
  void whatFollowsTheEndIsRefused() {
    byte[] two = new RawTar().file("f", "").header(new byte[1024]).file("g", "").finish();
    refused("something follows the end", two);
    byte[] half = new RawTar().file("f", "").header(new byte[512]).file("g", "").finish();
    refused("something follows the end", half);
  }

  @Test
  void aTruncatedArchiveIsRefused() {
    byte[] whole = new RawTar().file("f", "x".repeat(600)).unfinished();
    refused("ends within an entry", Arrays.copyOf(whole, whole.length - 512));
    refused("ends within a block", Arrays.copyOf(whole, whole.length + 100));
  }

  @Test
  void zerosAndNothingAreBothAnEnd() throws IOException {
    byte[] archive = new RawTar().file("f", "x").unfinished();
    assertEquals(List.of("f"), names(archive));
    assertEquals(List.of("f"), names(Arrays.copyOf(archive, archive.length + 1024)));
    assertEquals(List.of("f"), names(Arrays.copyOf(archive, archive.length + 10240)));
    assertEquals(List.of(), names(new byte[0]));
  }

  @Test
  void limitsHold() {
    ArchiveLimits limits = new ArchiveLimits(2, 1000, 10, 20, 4, 100, 10);
    refused(
        "more than 2 entries",
        new RawTar().file("a", "").file("b", "").file("c", "").finish(),
        limits);
    refused("at most 1000", new RawTar().file("a", "x".repeat(1001)).finish(), limits);
    refused(
        "at most 100", new RawTar().pax("comment", "x".repeat(100)).file("a", "").finish(), limits);
    refused("a name has 21 bytes", new RawTar().file("x".repeat(21), "").finish(), limits);
    refused(
        "an extended attribute has 11 bytes",
        new RawTar().pax("SCHILY.xattr.user.a", "x".repeat(11)).file("a", "").finish(),
        limits);
  }

  @Test
  void contentIsRead() throws IOException {
    TarReader reader = reader(new RawTar().file("f", "first").file("g", "").finish());
    reader.next();
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    byte[] buffer = new byte[3];
    for (int read = reader.read(buffer, 0, 3); read > 0; read = reader.read(buffer, 0, 3)) {
      content.write(buffer, 0, read);
    }
    assertEquals("first", content.toString());
    assertEquals("g", reader.next().orElseThrow().name().toString());
  }

  private static TarReader reader(byte[] archive) {
    return new TarReader(new ByteArrayInputStream(archive), ArchiveLimits.DEFAULT);
  }

  private static List<String> names(byte[] archive) throws IOException {
    return names(new TarReader(new ByteArrayInputStream(archive), ArchiveLimits.DEFAULT));
  }

  private static List<String> names(TarReader reader) throws IOException {
    List<String> names = new ArrayList<>();
    for (Optional<TarEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
      names.add(e.get().name().toString());
    }
    return names;
  }

  private static void refused(String reason, byte[] archive) {
    refused(reason, archive, ArchiveLimits.DEFAULT);
  }

  private static void refused(String reason, byte[] archive, ArchiveLimits limits) {
    TarReader reader = new TarReader(new ByteArrayInputStream(archive), limits);
    ArchiveProblem problem = assertThrows(ArchiveProblem.class, () -> names(reader));
    assertTrue(String.valueOf(problem.getMessage()).contains(reason), problem::getMessage);
  }
}
