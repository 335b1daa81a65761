package dev.caisson.policy.seccomp;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The names of errno values, the same on x86_64 and aarch64 (asm-generic/errno.h). */
public final class ErrnoName {
  /** What an unknown call gives, so that a C library falls back. */
  public static final int ENOSYS = 38;

  /** The highest that has a name. */
  public static final int MOST = 133;

  private static final String[] NAMES =
      ("0 EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT"
              + " ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY"
              + " ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG"
              + " ENOLCK ENOSYS ENOTEMPTY ELOOP 41 ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST"
              + " ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT 58"
              + " EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT"
              + " ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC"
              + " ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK"
              + " EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT"
              + " EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN"
              + " ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN"
              + " ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS"
              + " ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE"
              + " ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE"
              + " ERFKILL EHWPOISON")
          .split(" ");

  private ErrnoName() {}

  /** The name of {@code errno}, or its digits where it has none. */
  public static String of(int errno) {
    return errno >= 0 && errno < NAMES.length ? NAMES[errno] : Integer.toString(errno);
  }

  /** Every name that {@link #number} knows. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(List.of("EWOULDBLOCK", "EDEADLOCK", "ENOTSUP"));
    for (String name : NAMES) {
      if (name.startsWith("E")) {
        names.add(name);
      }
    }
    return names;
  }

  /** Whether {@code errno} has a name. */
  public static boolean isKnown(long errno) {
    return errno > 0 && errno < NAMES.length && NAMES[(int) errno].startsWith("E");
  }

  /** The number of the errno called {@code name}. */
  public static OptionalInt number(String name) {
    if (name.startsWith("E")) {
      for (int i = 0; i < NAMES.length; i++) {
        if (NAMES[i].equals(name)) {
          return OptionalInt.of(i);
        }
      }
    }
    return switch (name) {
      case "EWOULDBLOCK" -> OptionalInt.of(11);
      case "EDEADLOCK" -> OptionalInt.of(35);
      case "ENOTSUP" -> OptionalInt.of(95);
      default -> OptionalInt.empty();
    };
  }
}
