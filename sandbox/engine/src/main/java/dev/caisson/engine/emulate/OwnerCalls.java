package dev.caisson.engine.emulate;

import dev.caisson.UnixPath;
import dev.caisson.launch.CallAnswer;
import dev.caisson.launch.CallerFile;
import dev.caisson.launch.CallerFile.Identity;
import dev.caisson.launch.CallerProcess;
import dev.caisson.launch.Errno;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.FileStatus;
import dev.caisson.launch.NotifiedCall;
import java.util.Optional;

/** Calls that change or tell whose a file is. */
final class OwnerCalls {
  private static final UnixPath CAPABILITY = UnixPath.of("security.capability");
  private static final int UNCHANGED = Ids.UNCHANGED;

  private final CredentialTable credentials;
  private final OwnerTable owners;
  private final StatLayout layout;
  private Optional<IdView> users = Optional.empty();
  private Optional<IdView> groups = Optional.empty();

  OwnerCalls(CredentialTable credentials, OwnerTable owners, StatLayout layout) {
    this.credentials = credentials;
    this.owners = owners;
    this.layout = layout;
  }

  CallAnswer answer(String name, NotifiedCall call) {
    Optional<FileArgument> argument = FileArgument.of(name, call);
    if (argument.isEmpty()) {
      return new CallAnswer.Proceed();
    }
    try {
      return name.endsWith("chown") || name.equals("fchownat")
          ? change(name, call, argument.get())
          : tell(name, call, argument.get());
    } catch (FileProblem problem) {
      // the kernel says what is wrong, and to whom
      return new CallAnswer.Proceed();
    }
  }

  private CallAnswer change(String name, NotifiedCall call, FileArgument argument)
      throws FileProblem {
    int at = name.equals("fchownat") ? 2 : 1;
    int user = call.word(at);
    int group = call.word(at + 1);
    try (CallerFile file = argument.open(call)) {
      Owner before = ownerOf(call, file);
      Credentials caller = credentials.of(call.thread());
      if (!mayChange(caller, before, user, group)) {
        return new CallAnswer.Fail(Errno.EPERM.number());
      }
      Optional<CallerProcess> process = CallerProcess.of(call);
      if (process.isEmpty()) {
        return new CallAnswer.Fail(Errno.ESRCH.number());
      }
      if (!process.get().isOwn() && file.status().uid() != process.get().user()) {
        // this process may do more to it than the caller
        return new CallAnswer.Proceed();
      }
      file.touchOwner();
      Owner after =
          new Owner(
              user == UNCHANGED ? before.user() : user,
              group == UNCHANGED ? before.group() : group,
              before.node());
      return keep(call, file, after)
          ? new CallAnswer.Succeed(0)
          : new CallAnswer.Fail(Errno.ENOMEM.number());
    }
  }

  private boolean keep(NotifiedCall call, CallerFile file, Owner owner) throws FileProblem {
    Identity identity = file.identity();
    if (owner.equals(real(call, file))) {
      owners.forget(identity);
      return true;
    }
    return owners.put(identity, owner);
  }

  /** chown(2): root may all; an owner may give a file to a group that it is in. */
  private static boolean mayChange(Credentials caller, Owner before, int user, int group) {
    if (caller.ownsAll()) {
      return true;
    }
    boolean owns = caller.users().file() == before.user();
    boolean keepsUser = user == UNCHANGED || owns && user == before.user();
    boolean givesGroup =
        group == UNCHANGED || owns && (group == before.group() || caller.isMember(group));
    return keepsUser && givesGroup;
  }

  private CallAnswer tell(String name, NotifiedCall call, FileArgument argument)
      throws FileProblem {
    if (owners.isEmpty()) {
      return new CallAnswer.Proceed();
    }
    try (CallerFile file = argument.open(call)) {
      Optional<Owner> owner = owners.of(file.identity());
      if (owner.isEmpty()) {
        return new CallAnswer.Proceed();
      }
      boolean extended = name.equals("statx");
      byte[] status =
          extended
              ? StatLayout.statx(file.statx(call.word(3)), owner.get())
              : layout.stat(file.stat(), owner.get());
      long into = call.argument(extended ? 4 : name.equals("newfstatat") ? 2 : 1);
      return call.write(into, status)
          ? new CallAnswer.Succeed(0)
          : new CallAnswer.Fail(Errno.EFAULT.number());
    }
  }

  private Owner ownerOf(NotifiedCall call, CallerFile file) throws FileProblem {
    Optional<Owner> known = owners.of(file.identity());
    return known.isPresent() ? known.get() : real(call, file);
  }

  private Owner real(NotifiedCall call, CallerFile file) throws FileProblem {
    users = users.or(() -> IdView.of(call.thread(), "uid_map"));
    groups = groups.or(() -> IdView.of(call.thread(), "gid_map"));
    FileStatus status = file.status();
    return new Owner(
        users.map(view -> view.inside(status.uid())).orElse(IdView.UNKNOWN),
        groups.map(view -> view.inside(status.gid())).orElse(IdView.UNKNOWN),
        Optional.empty());
  }

  /** File capabilities: no program here gains any by them. */
  CallAnswer setAttribute(NotifiedCall call) {
    boolean capability =
        call.text(call.argument(1)).map(UnixPath::of).filter(CAPABILITY::equals).isPresent();
    return capability && credentials.of(call.thread()).isPrivileged()
        ? new CallAnswer.Succeed(0)
        : new CallAnswer.Proceed();
  }
}
