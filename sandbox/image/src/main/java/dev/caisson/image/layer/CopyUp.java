package dev.caisson.image.layer;

import dev.caisson.UnixPath;
import dev.caisson.launch.Directory;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.FileStatus;
import dev.caisson.launch.OpenFile;

/** Copies a regular file of a lower layer with all it has. */
final class CopyUp {
  private CopyUp() {}

  static void regular(MergedTree.Found found, UnixPath path, Directory parent, UnixPath name)
      throws FileProblem {
    FileStatus status = found.status();
    byte[] buffer = new byte[1 << 16];
    try (OpenFile from = found.layer().read(path);
        OpenFile to = parent.create(name, 0600)) {
      long at = 0;
      int read = from.read(at, buffer, 0, buffer.length);
      while (read > 0) {
        to.write(buffer, 0, read);
        at += read;
        read = from.read(at, buffer, 0, buffer.length);
      }
      to.setOwner(status.uid(), status.gid());
      for (UnixPath attribute : from.attributes()) {
        if (Attributes.isKept(attribute)) {
          to.setAttribute(attribute, from.attribute(attribute).orElse(new byte[0]));
        }
      }
      to.setTimes(status.modified());
      to.setPermissions(status.permissions());
    }
  }
}
