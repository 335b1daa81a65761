package dev.caisson.image.tar;

import dev.caisson.UnixPath;
import dev.caisson.launch.FileTime;
import java.util.List;

/**
 * One entry of an archive, as its headers describe it; nothing about it is trusted.
 *
 * @param name with whatever slashes and dots the archive gave it
 * @param permissions the twelve low bits of the mode
 * @param size bytes of content that follow
 * @param link the target of a hard or symbolic link, else empty
 * @param attributes extended attributes
 * @param ignored attributes in a form that is not read, for a report
 */
public record TarEntry(
    UnixPath name,
    TarKind kind,
    int permissions,
    long uid,
    long gid,
    long size,
    FileTime modified,
    UnixPath link,
    long deviceMajor,
    long deviceMinor,
    List<Attribute> attributes,
    List<UnixPath> ignored) {
  /** An extended attribute: its name with the namespace, and its value. */
  public record Attribute(UnixPath name, byte[] value) {}

  public TarEntry {
    attributes = List.copyOf(attributes);
    ignored = List.copyOf(ignored);
  }
}
