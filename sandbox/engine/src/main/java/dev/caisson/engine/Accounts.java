package dev.caisson.engine;

import dev.caisson.Printable;
import dev.caisson.UnixPath;
import dev.caisson.launch.Directory;
import dev.caisson.launch.FileProblem;
import dev.caisson.launch.FileStatus;
import dev.caisson.launch.FileType;
import dev.caisson.launch.OpenFile;
import dev.caisson.policy.User;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The users and groups of a root file system: its /etc/passwd and /etc/group (passwd(5), group(5)).
 * Neither is looked for behind a link, which could lead elsewhere.
 */
final class Accounts {
  private static final int LONGEST = 1 << 20;
  private static final UnixPath DIRECTORY = UnixPath.of("etc");
  private static final UnixPath OPAQUE = UnixPath.of("user.overlay.opaque");

  private final List<UnixPath> trees;

  /**
   * @param trees layers of overlayfs, the highest first
   */
  Accounts(List<UnixPath> trees) {
    this.trees = List.copyOf(trees);
  }

  /**
   * A user as the {@code USER} of an image writes it: a name or number, and behind a colon a
   * group's. Without a group it is the user's own; for a number that no line has, the same number.
   *
   * @throws EngineRefusal where a name is not there
   */
  User find(String wanted) {
    int colon = wanted.indexOf(':');
    String user = colon < 0 ? wanted : wanted.substring(0, colon);
    Optional<Long> number = number(user);
    long uid;
    Optional<Long> group = Optional.empty();
    if (user.equals("root") || number.equals(Optional.of(0L))) {
      uid = 0;
    } else if (number.isPresent()) {
      uid = number.get();
      group = line(wanted, "passwd", fields -> fields[2].equals(user)).flatMap(f -> number(f[3]));
    } else {
      String[] fields = named(wanted, "passwd", user);
      uid = id(wanted, fields[2]);
      group = Optional.of(id(wanted, fields[3]));
    }
    long gid = colon < 0 ? group.orElse(uid) : group(wanted, wanted.substring(colon + 1));
    return uid == 0 && gid == 0 ? new User.Root() : new User.Id(uid, gid);
  }

  private long group(String wanted, String group) {
    return group.equals("root")
        ? 0
        : number(group).orElseGet(() -> id(wanted, named(wanted, "group", group)[2]));
  }

  private static long id(String wanted, String text) {
    return number(text).orElseThrow(() -> refusal(wanted, Printable.of(text) + " is no number"));
  }

  private static Optional<Long> number(String text) {
    if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    return Optional.of(Long.parseLong(text)).filter(id -> id <= User.MOST_ID);
  }

  /** The home of {@code user}, for programs that look for it in HOME. */
  UnixPath home(User user) {
    if (!(user instanceof User.Id id)) {
      return UnixPath.of("/root");
    }
    String uid = Long.toString(id.uid());
    return line(uid, "passwd", fields -> fields[2].equals(uid))
        .filter(fields -> fields.length > 5 && fields[5].startsWith("/"))
        .map(fields -> UnixPath.of(fields[5]))
        .orElse(UnixPath.of("/"));
  }

  private String[] named(String wanted, String file, String name) {
    return line(wanted, file, fields -> !name.isEmpty() && fields[0].equals(name))
        .orElseThrow(
            () -> refusal(wanted, "its /etc/" + file + " does not name " + Printable.of(name)));
  }

  private Optional<String[]> line(String wanted, String file, Predicate<String[]> is) {
    try {
      return content(wanted, file)
          .flatMap(
              text ->
                  text.lines()
                      .map(line -> line.split(":", -1))
                      .filter(fields -> fields.length >= 4 && is.test(fields))
                      .findFirst());
    } catch (FileProblem problem) {
      throw refusal(wanted, "its /etc/" + file + " cannot be read: " + problem.getMessage());
    }
  }

  /** What overlayfs would show: of the highest layer that has the name or takes it away. */
  private Optional<String> content(String wanted, String name) throws FileProblem {
    UnixPath path = DIRECTORY.resolve(UnixPath.of(name));
    for (UnixPath tree : trees) {
      try (Directory root = Directory.open(tree)) {
        Optional<FileStatus> above = root.status(DIRECTORY);
        if (above.isPresent() && above.get().type() != FileType.DIRECTORY) {
          return absent(wanted, name, above.get());
        }
        Optional<FileStatus> file = root.status(path);
        if (file.isPresent() && file.get().type() != FileType.REGULAR) {
          return absent(wanted, name, file.get());
        }
        if (file.isPresent()) {
          return Optional.of(read(wanted, root, path));
        }
        if (isOpaque(root) || (above.isPresent() && isOpaque(root, DIRECTORY))) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static String read(String wanted, Directory root, UnixPath path) throws FileProblem {
    try (OpenFile file = root.read(path)) {
      byte[] bytes = file.readAll(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw refusal(wanted, "its /" + path + " is longer than 1 MiB");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** A whiteout takes the name away; what lies behind a link is not looked at. */
  private static Optional<String> absent(String wanted, String name, FileStatus there) {
    if (there.isWhiteout()) {
      return Optional.empty();
    }
    throw refusal(wanted, "its /etc/" + name + " is no file, or lies behind a link");
  }

  private static boolean isOpaque(Directory root, UnixPath directory) throws FileProblem {
    try (Directory opened = root.directory(directory)) {
      return isOpaque(opened);
    }
  }

  private static boolean isOpaque(Directory directory) throws FileProblem {
    byte[] yes = {'y'};
    return directory.attribute(OPAQUE).filter(value -> Arrays.equals(value, yes)).isPresent();
  }

  private static EngineRefusal refusal(String wanted, String why) {
    return new EngineRefusal(
        "find the user " + Printable.of(wanted) + " in the root file system",
        why,
        "Name a user by number, for example --user 1000:1000, or --user root");
  }
}
