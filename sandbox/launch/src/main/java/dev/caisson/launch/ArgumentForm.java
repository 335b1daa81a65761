package dev.caisson.launch;

import dev.caisson.policy.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Arguments that are no named constants. */
enum ArgumentForm implements Argument {
  /** A count, an id, an address: whatever looks best. */
  NUMBER {
    @Override
    public String show(long value, ProgramMemory memory) {
      return memory.number(value);
    }
  },
  /** An address. */
  POINTER {
    @Override
    public String show(long value, ProgramMemory memory) {
      return value == 0 ? "NULL" : memory.number(value);
    }
  },
  /** A file descriptor. */
  DESCRIPTOR {
    @Override
    public String show(long value, ProgramMemory memory) {
      return (int) value == AT_FDCWD ? "AT_FDCWD" : Integer.toString((int) value);
    }
  },
  /** A pointer to a NUL-terminated text. */
  TEXT {
    @Override
    public String show(long value, ProgramMemory memory) {
      return memory.text(value).orElseGet(() -> POINTER.show(value, memory));
    }
  },
  /** A pointer to bytes whose number is the next argument. */
  COUNTED {
    @Override
    public String show(long value, ProgramMemory memory) {
      return POINTER.show(value, memory);
    }
  },
  /** A pointer to pointers to texts, the last one 0: argv and envp. */
  TEXTS {
    @Override
    public String show(long value, ProgramMemory memory) {
      List<String> texts = new ArrayList<>();
      long at = value;
      while (true) {
        Optional<Long> pointer = memory.word(at);
        if (pointer.isEmpty()) {
          return POINTER.show(value, memory);
        }
        if (pointer.get() == 0) {
          return "[" + String.join(", ", texts) + "]";
        }
        texts.add(TEXT.show(pointer.get(), memory));
        at += 8;
      }
    }
  },
  /** Permission bits, or a file type and permission bits. */
  MODE {
    @Override
    public String show(long value, ProgramMemory memory) {
      String permissions = value == 0 ? "0" : "0" + Long.toOctalString(value & 07777);
      return (value & ~07777) == 0
          ? permissions
          : ConstantNames.FILE_TYPE.show(value & ~07777, memory) + "|" + permissions;
    }
  },
  /** Flags of open(2), two of which differ between architectures. */
  OPEN_FLAGS {
    @Override
    public String show(long value, ProgramMemory memory) {
      long directory = OpenFlags.directory(memory.architecture());
      long noFollow = OpenFlags.noFollow(memory.architecture());
      StringBuilder out = new StringBuilder();
      out.append(ConstantNames.ACCESS_MODE.show(value & Linux.O_ACCMODE, memory));
      if ((value & directory) != 0) {
        out.append("|O_DIRECTORY");
      }
      if ((value & noFollow) != 0) {
        out.append("|O_NOFOLLOW");
      }
      long rest = value & ~(Linux.O_ACCMODE | directory | noFollow);
      return rest == 0
          ? out.toString()
          : out.append('|').append(ConstantNames.OPEN_FLAGS.show(rest, memory)).toString();
    }
  },
  /** struct open_how. */
  OPEN_HOW {
    @Override
    public String show(long value, ProgramMemory memory) {
      return structure(
          value,
          memory,
          List.of("flags", "mode", "resolve"),
          List.of(OPEN_FLAGS, MODE, ConstantNames.RESOLVE));
    }
  },
  /** struct mount_attr. */
  MOUNT_ATTRIBUTES {
    @Override
    public String show(long value, ProgramMemory memory) {
      return structure(
          value,
          memory,
          List.of("attr_set", "attr_clr", "propagation", "userns_fd"),
          List.of(
              ConstantNames.MOUNT_ATTRIBUTES,
              ConstantNames.MOUNT_ATTRIBUTES,
              ConstantNames.MOUNT_FLAGS,
              DESCRIPTOR));
    }
  },
  /** struct landlock_ruleset_attr. */
  RULESET {
    @Override
    public String show(long value, ProgramMemory memory) {
      return structure(
          value, memory, List.of("handled_access_fs"), List.of(ConstantNames.LANDLOCK_ACCESS));
    }
  },
  /** A capability's number. */
  CAPABILITY {
    @Override
    public String show(long value, ProgramMemory memory) {
      Capability[] all = Capability.values();
      return value >= 0 && value < all.length
          ? all[(int) value].fullName()
          : NUMBER.show(value, memory);
    }
  },
  /** struct sock_fprog. */
  FILTER {
    @Override
    public String show(long value, ProgramMemory memory) {
      return memory
          .word(value)
          .map(length -> "{" + (length & 0xffff) + " instructions}")
          .orElseGet(() -> POINTER.show(value, memory));
    }
  },
  /** A batch of nf_tables messages, whose rules stand on the lines below. */
  PACKET_FILTER {
    @Override
    public String show(long value, ProgramMemory memory) {
      return "{packet filter}";
    }
  };

  private static final int AT_FDCWD = -100;

  private static String structure(
      long address, ProgramMemory memory, List<String> fields, List<Argument> forms) {
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      Optional<Long> word = memory.word(address + 8L * i);
      if (word.isEmpty()) {
        return POINTER.show(address, memory);
      }
      if (word.get() != 0) {
        shown.add(fields.get(i) + "=" + forms.get(i).show(word.get(), memory));
      }
    }
    return "{" + String.join(", ", shown) + "}";
  }
}
