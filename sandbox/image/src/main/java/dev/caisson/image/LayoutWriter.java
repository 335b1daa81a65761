package dev.caisson.image;

import dev.caisson.UnixPath;
import dev.caisson.launch.Directory;
import dev.caisson.launch.FileLock;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.OpenFile;
import dev.caisson.launch.Syscall;
import dev.caisson.launch.SystemCalls;
import dev.caisson.signing.Digest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Adds to a layout, one writer at a time by a lock on its directory. Each file appears whole or not
 * at all; index.json last.
 */
final class LayoutWriter implements AutoCloseable {
  private static final UnixPath BLOBS = UnixPath.of("blobs");
  private static final UnixPath SHA256 = UnixPath.of("sha256");
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final int READABLE = 0644;

  private final Layout layout;
  private final Directory blobs;
  private final FileLock lock;

  private LayoutWriter(Layout layout, Directory blobs, FileLock lock) {
    this.layout = layout;
    this.blobs = blobs;
    this.lock = lock;
  }

  /** Waits until no other writer is at work on that layout. */
  static LayoutWriter open(Layout layout) throws FileProblem {
    FileLock lock = layout.directory().lockItself().exclusive();
    try {
      return new LayoutWriter(
          layout, layout.directory().directory(UnixPath.of("blobs/sha256")), lock);
    } catch (FileProblem problem) {
      lock.close();
      throw problem;
    }
  }

  /** Makes what a layout without images has, where it is missing. */
  static void initialize(Directory directory) throws FileProblem {
    makeDirectory(directory, BLOBS);
    try (Directory blobs = directory.directory(BLOBS)) {
      makeDirectory(blobs, SHA256);
    }
    try (FileLock lock = directory.lockItself().exclusive()) {
      if (directory.status(Layout.INDEX).isEmpty()) {
        replace(directory, Layout.INDEX, utf8("{\"schemaVersion\":2,\"manifests\":[]}"));
      }
      if (directory.status(Layout.MARKER).isEmpty()) {
        replace(directory, Layout.MARKER, utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
      }
    }
  }

  static void makeDirectory(Directory parent, UnixPath name) throws FileProblem {
    if (parent.status(name).isEmpty()) {
      try {
        parent.makeDirectory(name, 0755);
      } catch (FileProblem problem) {
        if (parent.status(name).isEmpty()) {
          throw problem;
        }
      }
    }
  }

  /** Stores a small blob. */
  Descriptor put(MediaType type, byte[] content) throws FileProblem {
    Digest digest = Digest.of(content);
    UnixPath name = UnixPath.of(digest.hex());
    if (blobs.status(name).isEmpty()) {
      replace(blobs, name, content);
    }
    return Descriptor.of(type, digest, content.length);
  }

  /** Adds an entry to index.json in place of those that {@code superseded} names. */
  void putEntry(Descriptor entry, Predicate<Descriptor> superseded) throws FileProblem {
    byte[] changed =
        JsonWriter.index(layout.place(Layout.INDEX), layout.indexBytes(), entry, superseded);
    replace(layout.directory(), Layout.INDEX, changed);
  }

  /** Writes a file under another name, on to the disk, and puts it in place. */
  private static void replace(Directory directory, UnixPath name, byte[] content)
      throws FileProblem {
    UnixPath temporary = temporaryName();
    try {
      try (OpenFile file = directory.create(temporary, 0600)) {
        file.write(content);
        file.setPermissions(READABLE);
        file.sync();
      }
      directory.replace(temporary, directory, name);
    } catch (FileProblem problem) {
      directory.removeTree(temporary);
      throw problem;
    }
    directory.sync();
  }

  /** A name that no other process uses. */
  static UnixPath temporaryName() {
    return UnixPath.of(
        ".caisson-"
            + SystemCalls.call(Syscall.GETPID)
            + "-"
            + Long.toHexString(System.nanoTime())
            + "-"
            + COUNT.incrementAndGet());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    blobs.close();
    lock.close();
  }
}
