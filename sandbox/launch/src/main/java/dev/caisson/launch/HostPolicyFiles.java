package dev.caisson.launch;

import static dev.caisson.launch.FileCalls.AT_FDCWD;
import static dev.caisson.launch.FileCalls.O_NOCTTY;
import static dev.caisson.launch.FileCalls.O_NOFOLLOW;
import static dev.caisson.launch.FileCalls.O_NONBLOCK;
import static dev.caisson.launch.FileCalls.O_PATH;

import dev.caisson.UnixPath;
import dev.caisson.policy.PolicyFiles;
import java.io.IOException;

/** This host's files for policies. What is looked at and what is read is one open file. */
public final class HostPolicyFiles implements PolicyFiles {
  private static final UnixPath DESCRIPTORS = UnixPath.of("/proc/self/fd");
  private static final byte[] NOTHING = {};

  @Override
  public Found find(UnixPath name, int limit) throws IOException {
    try {
      int found = FileCalls.open(AT_FDCWD, name, O_PATH, 0, 0);
      try {
        // opening a device or a FIFO by name can wait or do something; this never does
        UnixPath opened = DESCRIPTORS.resolve(Integer.toString(found));
        UnixPath real =
            HostFiles.link(opened)
                .orElseThrow(() -> new IOException("/proc is needed to tell where it lies"));
        Status status = status(found, name);
        byte[] content = status.isRegularFile() ? content(opened, name, limit) : NOTHING;
        return new Found(real, status, content);
      } finally {
        FileCalls.close(found);
      }
    } catch (FileProblem problem) {
      throw inWords(problem);
    }
  }

  private static byte[] content(UnixPath opened, UnixPath name, int limit) throws FileProblem {
    int descriptor = FileCalls.open(AT_FDCWD, opened, O_NONBLOCK | O_NOCTTY, 0, 0);
    try (OpenFile file = new OpenFile(descriptor, name)) {
      return file.readAll(limit);
    }
  }

  @Override
  public Status status(UnixPath path) throws IOException {
    try {
      int found = FileCalls.open(AT_FDCWD, path, O_PATH | O_NOFOLLOW, 0, 0);
      try {
        return status(found, path);
      } finally {
        FileCalls.close(found);
      }
    } catch (FileProblem problem) {
      throw inWords(problem);
    }
  }

  private static Status status(int descriptor, UnixPath path) throws FileProblem {
    FileStatus status = FileCalls.status(descriptor, path);
    int mode = status.type().bits() | status.permissions();
    return new Status((int) status.uid(), (int) status.gid(), mode);
  }

  /** The error alone: the loader names the file in its own words. */
  private static IOException inWords(FileProblem problem) {
    return new IOException(
        problem.errno().map(Errno::meaning).orElse(String.valueOf(problem.getMessage())), problem);
  }
}
