package dev.caisson.policy;

import java.util.Optional;
import java.util.Set;

/**
 * The capabilities of capabilities(7), in the order of linux/capability.h: the ordinal is the
 * number.
 */
public enum Capability {
  CHOWN,
  DAC_OVERRIDE,
  DAC_READ_SEARCH,
  FOWNER,
  FSETID,
  KILL,
  SETGID,
  SETUID,
  SETPCAP,
  LINUX_IMMUTABLE,
  NET_BIND_SERVICE,
  NET_BROADCAST,
  NET_ADMIN,
  NET_RAW,
  IPC_LOCK,
  IPC_OWNER,
  SYS_MODULE,
  SYS_RAWIO,
  SYS_CHROOT,
  SYS_PTRACE,
  SYS_PACCT,
  SYS_ADMIN,
  SYS_BOOT,
  SYS_NICE,
  SYS_RESOURCE,
  SYS_TIME,
  SYS_TTY_CONFIG,
  MKNOD,
  LEASE,
  AUDIT_WRITE,
  AUDIT_CONTROL,
  SETFCAP,
  MAC_OVERRIDE,
  MAC_ADMIN,
  SYSLOG,
  WAKE_ALARM,
  BLOCK_SUSPEND,
  AUDIT_READ,
  PERFMON,
  BPF,
  CHECKPOINT_RESTORE;

  /** The name as profiles and policies write it, {@code CAP_} included. */
  public String fullName() {
    return "CAP_" + name();
  }

  /** The capability of that full name, {@code CAP_SYS_ADMIN} for instance. */
  public static Optional<Capability> named(String fullName) {
    for (Capability capability : values()) {
      if (capability.fullName().equals(fullName)) {
        return Optional.of(capability);
      }
    }
    return Optional.empty();
  }

  /** The set as capset(2) takes it, bit n for number n. */
  public static long mask(Set<Capability> capabilities) {
    long mask = 0;
    for (Capability capability : capabilities) {
      mask |= 1L << capability.ordinal();
    }
    return mask;
  }
}
