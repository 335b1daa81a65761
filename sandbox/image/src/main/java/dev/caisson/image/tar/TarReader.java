package dev.caisson.image.tar;

import static dev.caisson.image.tar.TarHeader.BLOCK;

import dev.caisson.Printable;
import dev.caisson.UnixPath;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Reads a tar archive (ustar, pax and GNU's long names) and nothing that two readers could
 * understand differently: every checksum is verified, and what is unknown, ambiguous or truncated
 * within an entry is refused.
 */
public final class TarReader {
  private final InputStream in;
  private final ArchiveLimits limits;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private long entries;
  private long contentLeft;
  private long padding;

  public TarReader(InputStream in, ArchiveLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  /** The next entry, skipping what is left of the last one's content; empty at the end. */
  public Optional<TarEntry> next() throws IOException {
    skip(contentLeft + padding);
    Extensions extensions = new Extensions();
    while (true) {
      if (at == end && !refill()) {
        // umoci writes no zero blocks at the end; what is missing would show in the layer's digest
        extensions.requireNone();
        return Optional.empty();
      }
      byte[] block = block();
      if (TarHeader.isZero(block)) {
        extensions.requireNone();
        finish();
        return Optional.empty();
      }
      if (++entries > limits.entries()) {
        throw new ArchiveProblem("the archive has more than " + limits.entries() + " entries");
      }
      TarHeader header = new TarHeader(block);
      switch (header.type()) {
        case 'x' -> extensions.pax(content(header, limits.pax()));
        case 'g' -> PaxRecords.readGlobal(content(header, limits.pax()), limits);
        case 'L' -> extensions.longName(content(header, limits.path() + 1));
        case 'K' -> extensions.longLink(content(header, limits.path() + 1));
        default -> {
          return Optional.of(entry(header, extensions));
        }
      }
    }
  }

  /** Reads the content of the entry that was returned last; -1 at its end. */
  public int read(byte[] into, int from, int length) throws IOException {
    if (contentLeft == 0) {
      return -1;
    }
    if (at == end && !refill()) {
      throw new ArchiveProblem("the archive ends within an entry");
    }
    int piece = (int) Math.min(Math.min(length, contentLeft), end - at);
    System.arraycopy(buffer, at, into, from, piece);
    at += piece;
    contentLeft -= piece;
    return piece;
  }

  private TarEntry entry(TarHeader header, Extensions extensions) throws ArchiveProblem {
    Optional<PaxRecords> pax = extensions.pax;
    UnixPath name =
        extensions.name.isPresent() ? extensions.name.get() : header.name(limits.path());
    TarKind kind = kind(header.type(), name);
    boolean isLink = kind == TarKind.HARD_LINK || kind == TarKind.SYMLINK;
    UnixPath link = extensions.link.orElseGet(header::link);
    if (isLink && link.bytes().length == 0) {
      throw new ArchiveProblem("the link " + name + " has no target");
    }
    long size = pax.isPresent() ? pax.get().size().orElse(header.size()) : header.size();
    if (kind != TarKind.REGULAR && size != 0) {
      throw new ArchiveProblem(name + " is no regular file but has content");
    }
    boolean device = kind == TarKind.CHARACTER_DEVICE || kind == TarKind.BLOCK_DEVICE;
    startContent(size);
    return new TarEntry(
        name,
        kind,
        header.permissions(),
        pax.isPresent() ? pax.get().uid().orElse(header.uid()) : header.uid(),
        pax.isPresent() ? pax.get().gid().orElse(header.gid()) : header.gid(),
        size,
        pax.isPresent() ? pax.get().modified().orElse(header.modified()) : header.modified(),
        isLink ? link : UnixPath.of(""),
        device ? header.deviceMajor() : 0,
        device ? header.deviceMinor() : 0,
        pax.map(PaxRecords::attributes).orElse(List.of()),
        pax.map(PaxRecords::ignored).orElse(List.of()));
  }

  private static TarKind kind(char flag, UnixPath name) throws ArchiveProblem {
    byte[] bytes = name.bytes();
    if (flag == 0) {
      return bytes[bytes.length - 1] == '/' ? TarKind.DIRECTORY : TarKind.REGULAR;
    }
    for (TarKind kind : TarKind.values()) {
      if (kind.flag() == flag) {
        return kind;
      }
    }
    throw new ArchiveProblem(
        name + " is an entry of the unknown type '" + Printable.of(String.valueOf(flag)) + "'");
  }

  /** The names and records that headers before the entry's own give it. */
  private final class Extensions {
    Optional<PaxRecords> pax = Optional.empty();
    Optional<UnixPath> name = Optional.empty();
    Optional<UnixPath> link = Optional.empty();

    void pax(byte[] header) throws ArchiveProblem {
      if (pax.isPresent()) {
        throw new ArchiveProblem("an entry has two extended headers");
      }
      PaxRecords records = PaxRecords.read(header, limits);
      pax = Optional.of(records);
      if (records.path().isPresent()) {
        setName(records.path().get());
      }
      if (records.link().isPresent()) {
        setLink(records.link().get());
      }
    }

    void longName(byte[] text) throws ArchiveProblem {
      setName(TarHeader.name(terminated(text), limits.path(), "long name"));
    }

    void longLink(byte[] text) throws ArchiveProblem {
      setLink(TarHeader.name(terminated(text), limits.path(), "long link"));
    }

    private void setName(UnixPath given) throws ArchiveProblem {
      if (name.isPresent()) {
        throw new ArchiveProblem("an entry has two names: " + name.get() + " and " + given);
      }
      name = Optional.of(given);
    }

    private void setLink(UnixPath given) throws ArchiveProblem {
      if (link.isPresent()) {
        throw new ArchiveProblem("an entry has two targets: " + link.get() + " and " + given);
      }
      link = Optional.of(given);
    }

    void requireNone() throws ArchiveProblem {
      if (pax.isPresent() || name.isPresent() || link.isPresent()) {
        throw new ArchiveProblem("the archive ends with an extended header");
      }
    }

    private byte[] terminated(byte[] text) {
      int length = text.length > 0 && text[text.length - 1] == 0 ? text.length - 1 : text.length;
      return java.util.Arrays.copyOf(text, length);
    }
  }

  private byte[] content(TarHeader header, int limit) throws IOException {
    long size = header.size();
    if (size > limit) {
      throw new ArchiveProblem("an extended header has " + size + " bytes; at most " + limit);
    }
    startContent(size);
    byte[] content = new byte[(int) size];
    int filled = 0;
    while (filled < content.length) {
      filled += read(content, filled, content.length - filled);
    }
    skip(padding);
    return content;
  }

  private void startContent(long size) throws ArchiveProblem {
    if (size > limits.bytes()) {
      throw new ArchiveProblem("an entry has " + size + " bytes; at most " + limits.bytes());
    }
    contentLeft = size;
    padding = (BLOCK - size % BLOCK) % BLOCK;
  }

  private void skip(long length) throws IOException {
    long left = length;
    while (left > 0) {
      if (at == end && !refill()) {
        throw new ArchiveProblem("the archive ends within an entry");
      }
      int piece = (int) Math.min(left, end - at);
      at += piece;
      left -= piece;
    }
    contentLeft = 0;
    padding = 0;
  }

  private byte[] block() throws IOException {
    byte[] block = new byte[BLOCK];
    int filled = 0;
    while (filled < BLOCK) {
      if (at == end && !refill()) {
        throw new ArchiveProblem("the archive ends within a block");
      }
      int piece = Math.min(BLOCK - filled, end - at);
      System.arraycopy(buffer, at, block, filled, piece);
      at += piece;
      filled += piece;
    }
    return block;
  }

  /** After a zero block comes a second one, and then zeros alone. */
  private void finish() throws IOException {
    if (!TarHeader.isZero(block())) {
      throw new ArchiveProblem("something follows the end of the archive");
    }
    while (at < end || refill()) {
      for (; at < end; at++) {
        if (buffer[at] != 0) {
          throw new ArchiveProblem("something follows the end of the archive");
        }
      }
    }
  }

  private boolean refill() throws IOException {
    at = 0;
    end = 0;
    end = Math.max(in.read(buffer), 0);
    return end > 0;
  }
}
