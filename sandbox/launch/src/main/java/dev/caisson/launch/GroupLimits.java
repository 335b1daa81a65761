package dev.caisson.launch;

import dev.caisson.launch.ControlGroupPlace.Controller;
import dev.caisson.policy.EffectivePolicy.Limits;
import dev.caisson.policy.Protection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What control groups limit, and the files that say so in either version of them
 * (Documentation/admin-guide/cgroup-v2.rst and cgroup-v1).
 *
 * @param memory bytes
 * @param swap bytes beside the memory
 * @param cpus thousandths of a processor
 * @param pids processes and threads; these alone need no group, RLIMIT_NPROC limits them
 * @param ioRead bytes a second from each disk; version 2 alone counts what is written through
 *     memory
 * @param ioWrite bytes a second to each disk
 */
record GroupLimits(
    OptionalLong memory,
    OptionalLong swap,
    OptionalLong cpus,
    OptionalLong pids,
    OptionalLong ioRead,
    OptionalLong ioWrite) {
  private static final long PERIOD = 100_000;
  private static final long LONGEST_PERIOD = 1_000_000;

  /** The kernel takes no smaller share than a millisecond a period. */
  private static final long LEAST_QUOTA = 1000;

  /**
   * A file of a group and what is written to it.
   *
   * @param meaning what that limits
   * @param protection what the launch goes on without where the file is not there
   */
  record Setting(String file, String value, String meaning, Protection protection) {}

  static GroupLimits of(Limits limits) {
    return new GroupLimits(
        limits.memory(),
        limits.swap(),
        limits.cpus(),
        limits.processes(),
        limits.ioRead(),
        limits.ioWrite());
  }

  boolean io() {
    return ioRead.isPresent() || ioWrite.isPresent();
  }

  /** The controllers that nothing else can take the place of. */
  Set<Controller> required() {
    Set<Controller> required = EnumSet.noneOf(Controller.class);
    if (memory.isPresent() || swap.isPresent()) {
      required.add(Controller.MEMORY);
    }
    if (cpus.isPresent()) {
      required.add(Controller.CPU);
    }
    if (io()) {
      required.add(Controller.IO);
    }
    return required;
  }

  /** All that a group is made with, if one is. */
  Set<Controller> wanted() {
    Set<Controller> wanted = required();
    if (pids.isPresent() && !wanted.isEmpty()) {
      wanted.add(Controller.PIDS);
    }
    return wanted;
  }

  /** What is written to a group with {@code controller}, in this order. */
  List<Setting> settings(Controller controller, boolean unified) {
    List<Setting> settings = new ArrayList<>();
    switch (controller) {
      case MEMORY -> memory(settings, unified);
      case CPU -> cpu(settings, unified);
      case IO -> Disks.here().forEach(disk -> settings.add(io(disk)));
      case PIDS ->
          pids.ifPresent(
              count ->
                  settings.add(
                      new Setting(
                          "pids.max",
                          Long.toString(count),
                          "limit the sandbox to " + count + " processes",
                          Protection.MEMORY_LIMIT)));
    }
    return settings;
  }

  private void memory(List<Setting> settings, boolean unified) {
    memory.ifPresent(
        bytes -> {
          String meaning = "limit the sandbox's memory to " + bytes + " bytes";
          String file = unified ? "memory.max" : "memory.limit_in_bytes";
          settings.add(new Setting(file, Long.toString(bytes), meaning, Protection.MEMORY_LIMIT));
          if (unified) {
            // a sandbox of which the kernel ended some process is of no use to anyone
            settings.add(
                new Setting(
                    "memory.oom.group",
                    "1",
                    "end the whole sandbox when it is out of memory",
                    Protection.MEMORY_LIMIT));
          }
        });
    if (!unified && memory.isEmpty()) {
      return;
    }
    swap.ifPresent(
        bytes -> {
          // version 1 counts both together
          long limit = unified ? bytes : Math.addExact(bytes, memory.orElse(0));
          settings.add(
              new Setting(
                  unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes",
                  Long.toString(limit),
                  "limit the sandbox's swap to " + bytes + " bytes",
                  Protection.SWAP_LIMIT));
        });
  }

  private void cpu(List<Setting> settings, boolean unified) {
    cpus.ifPresent(
        thousandths -> {
          long period = thousandths * PERIOD / 1000 < LEAST_QUOTA ? LONGEST_PERIOD : PERIOD;
          long quota = thousandths * period / 1000;
          String meaning = "limit the sandbox to " + processors(thousandths) + " processors";
          if (unified) {
            settings.add(
                new Setting("cpu.max", quota + " " + period, meaning, Protection.CPU_LIMIT));
            return;
          }
          settings.add(
              new Setting(
                  "cpu.cfs_period_us", Long.toString(period), meaning, Protection.CPU_LIMIT));
          settings.add(
              new Setting("cpu.cfs_quota_us", Long.toString(quota), meaning, Protection.CPU_LIMIT));
        });
  }

  private Setting io(String disk) {
    StringBuilder value = new StringBuilder(disk);
    ioRead.ifPresent(bytes -> value.append(" rbps=").append(bytes));
    ioWrite.ifPresent(bytes -> value.append(" wbps=").append(bytes));
    return new Setting(
        "io.max",
        value.toString(),
        "limit what the sandbox reads and writes of disk " + disk,
        Protection.IO_LIMIT);
  }

  private static String processors(long thousandths) {
    return java.math.BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString();
  }
}
