package dev.caisson.policy.exchange;

import dev.caisson.policy.exchange.DockerFlags.Given;
import dev.caisson.policy.exchange.LeftOut.Kind;
import java.util.OptionalLong;

/** What docker run limits. */
final class DockerLimits {
  private static final long DEFAULT_PERIOD = 100_000;

  private final Report report;
  private final ContainerDraft draft;
  private OptionalLong memory = OptionalLong.empty();
  private OptionalLong memoryAndSwap = OptionalLong.empty();
  private OptionalLong processors = OptionalLong.empty();
  private OptionalLong quota = OptionalLong.empty();
  private OptionalLong period = OptionalLong.empty();
  private OptionalLong pids = OptionalLong.empty();
  private OptionalLong pidsOfUser = OptionalLong.empty();
  private boolean anySwap;

  DockerLimits(Report report, ContainerDraft draft) {
    this.report = report;
    this.draft = draft;
  }

  void take(Given flag) {
    String value = flag.value();
    switch (flag.name()) {
      case "--memory" -> memory = bytes(flag);
      case "--memory-swap" -> {
        anySwap = value.equals("-1");
        memoryAndSwap = anySwap ? OptionalLong.empty() : bytes(flag);
      }
      case "--cpus" -> {
        OptionalLong thousandths = Quantity.processors(value);
        if (above0(flag, thousandths, "a number of processors, as 1.5")) {
          processors = thousandths;
        }
      }
      case "--cpu-quota" -> quota = number(flag);
      case "--cpu-period" -> period = number(flag);
      case "--pids-limit" -> pids(flag);
      case "--ulimit" -> ulimit(flag);
      case "--timeout" -> timeout(flag);
      default -> throw new IllegalStateException("no meaning of " + flag.name());
    }
  }

  /** What several flags say together. */
  void finish() {
    if (memory.isPresent()) {
      long bytes = memory.getAsLong();
      draft.limit("memory", bytes, true);
      // Docker's default is as much swap as memory
      long both = memoryAndSwap.orElse(2 * bytes);
      if (both < bytes) {
        report.mistake("--memory-swap", "it counts memory too: it is no less than --memory");
      } else if (!anySwap) {
        draft.swap(both - bytes);
      }
    } else if (memoryAndSwap.isPresent()) {
      report.mistake("--memory-swap", "it needs --memory");
    }
    if (processors.isPresent() && (quota.isPresent() || period.isPresent())) {
      report.mistake("--cpus", "it stands for --cpu-quota and --cpu-period: give either");
    } else if (processors.isPresent()) {
      draft.processors(processors.getAsLong());
    } else if (quota.isPresent()) {
      // rounded down, but not to nothing
      long thousandths = quota.getAsLong() * 1000 / period.orElse(DEFAULT_PERIOD);
      draft.processors(Math.max(1, thousandths));
    }
    if (pids.isPresent() || pidsOfUser.isPresent()) {
      long count = Math.min(pids.orElse(Long.MAX_VALUE), pidsOfUser.orElse(Long.MAX_VALUE));
      draft.limit("pids", count, false);
    }
  }

  private void timeout(Given flag) {
    if (flag.value().equals("0")) {
      report.add(Kind.NOTE, flag.place(), "0 stands for no limit of time, and sets none");
      return;
    }
    OptionalLong seconds = number(flag);
    if (seconds.isPresent()) {
      draft.seconds("wallClock", seconds.getAsLong());
    }
  }

  private void pids(Given flag) {
    if (flag.value().equals("-1") || flag.value().equals("0")) {
      report.add(Kind.NOT_ALLOWED, flag.place(), "processes without a limit");
      return;
    }
    pids = number(flag);
  }

  private void ulimit(Given flag) {
    int equals = flag.value().indexOf('=');
    String name = equals < 0 ? flag.value() : flag.value().substring(0, equals);
    // soft:hard; the program starts with the soft one
    String amount = flag.value().substring(equals + 1).split(":", 2)[0];
    OptionalLong number = DockerImport.number(amount);
    switch (name) {
      case "nofile", "nproc", "fsize", "cpu" -> {
        if (equals < 0 || !above0(flag, number, "a number, as " + name + "=1024")) {
          return;
        }
        limit(name, number.getAsLong());
      }
      case "core" -> report.add(Kind.NOTE, flag.place(), "no program's memory is dumped");
      case "as",
          "data",
          "locks",
          "memlock",
          "msgqueue",
          "nice",
          "rss",
          "rtprio",
          "rttime",
          "sigpending",
          "stack" ->
          report.add(Kind.NOT_ENFORCED, flag.place(), "the limit " + name);
      default -> report.mistake(flag.place(), "there is no limit " + name);
    }
  }

  private void limit(String name, long number) {
    switch (name) {
      case "nofile" -> draft.limit("openFiles", number, false);
      case "nproc" -> pidsOfUser = OptionalLong.of(number);
      case "fsize" -> draft.limit("fileSize", number, true);
      default -> draft.seconds("cpuTime", number);
    }
  }

  private OptionalLong bytes(Given flag) {
    OptionalLong bytes = Quantity.bytes(flag.value());
    boolean sound = above0(flag, bytes, "a size, as 512m") && bytes.getAsLong() < 1L << 62;
    return sound ? bytes : OptionalLong.empty();
  }

  private OptionalLong number(Given flag) {
    OptionalLong number = DockerImport.number(flag.value());
    return above0(flag, number, "a whole number above 0") ? number : OptionalLong.empty();
  }

  private boolean above0(Given flag, OptionalLong amount, String expected) {
    boolean sound = amount.isPresent() && amount.getAsLong() > 0;
    if (!sound) {
      report.mistake(flag.place(), "expected " + expected + ", found " + flag.value());
    }
    return sound;
  }
}
