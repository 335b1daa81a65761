package dev.caisson.engine.emulate;

import dev.caisson.UnixPath;
import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.CallerFile;
import dev.caisson.launch.CallerProcess;
import dev.caisson.launch.Errno;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.NotifiedCall;
import java.util.List;
import java.util.Optional;

/**
 * Device nodes: those that do no harm become an empty file that reads as the node in stat(2). None
 * is a device, whatever is written to it.
 */
final class NodeCalls {
  private static final int TYPE = 0xf000;
  private static final int CHARACTER_DEVICE = 0x2000;
  private static final int BLOCK_DEVICE = 0x6000;
  private static final List<UnixPath> NO_NAMES = List.of(UnixPath.of("."), UnixPath.of(".."));

  private final CredentialTable credentials;
  private final OwnerTable owners;

  NodeCalls(CredentialTable credentials, OwnerTable owners) {
    this.credentials = credentials;
    this.owners = owners;
  }

  CallAnswer answer(String name, NotifiedCall call) {
    int at = name.equals("mknodat") ? 1 : 0;
    int directory = at == 0 ? CallerFile.WORKING_DIRECTORY : call.word(0);
    int mode = call.word(at + 1);
    int type = mode & TYPE;
    if (type != CHARACTER_DEVICE && type != BLOCK_DEVICE) {
      return new CallAnswer.Proceed();
    }
    Owner.Node node = Owner.Node.of(call.word(at + 2));
    Credentials caller = credentials.of(call.thread());
    if (type == BLOCK_DEVICE || !node.isHarmless() || !caller.isPrivileged()) {
      return fail(Errno.EPERM);
    }
    Optional<UnixPath> path = call.text(call.argument(at)).map(UnixPath::of);
    return path.isPresent()
        ? make(call, directory, path.get(), mode & 07777, caller, node)
        : fail(Errno.EFAULT);
  }

  private CallAnswer make(
      NotifiedCall call,
      int directory,
      UnixPath path,
      int permissions,
      Credentials caller,
      Owner.Node node) {
    List<UnixPath> components = path.components();
    if (components.isEmpty()) {
      return fail(path.isAbsolute() ? Errno.EEXIST : Errno.ENOENT);
    }
    UnixPath last = components.get(components.size() - 1);
    if (NO_NAMES.contains(last)) {
      return fail(Errno.EEXIST);
    }
    Optional<CallerProcess> process = CallerProcess.of(call);
    if (process.isEmpty() || !process.get().isOwn()) {
      // a file that this process made would not be the program's own
      return fail(Errno.EPERM);
    }
    UnixPath parent = UnixPath.of(path.isAbsolute() ? "/" : ".");
    for (UnixPath component : components.subList(0, components.size() - 1)) {
      parent = parent.resolve(component);
    }
    try (CallerFile above = CallerFile.at(call, directory, parent, true);
        CallerFile made = above.create(last, permissions & ~process.get().umask())) {
      Owner owner = new Owner(caller.users().file(), caller.groupIds().file(), Optional.of(node));
      return owners.put(made.identity(), owner) ? new CallAnswer.Succeed(0) : fail(Errno.ENOMEM);
    } catch (FileProblem problem) {
      return new CallAnswer.Fail(problem.errno().map(Errno::number).orElse(Errno.EIO.number()));
    }
  }

  private static CallAnswer fail(Errno errno) {
    return new CallAnswer.Fail(errno.number());
  }
}
