package dev.caisson.engine;

import dev.caisson.UnixPath;
import java.io.IOException;
import java.time.Duration;

/**
 * A scope of the caller's systemd session, with this process alone in it and its control group
 * delegated (org.freedesktop.systemd1(5), systemd.scope(5)). It goes when its last process does.
 */
final class UserScope {
  private static final String SYSTEMD = "org.freedesktop.systemd1";
  private static final String OBJECT = "/org/freedesktop/systemd1";
  private static final String MANAGER = "org.freedesktop.systemd1.Manager";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private UserScope() {}

  /**
   * Moves this process into a new scope.
   *
   * @param bus the socket of the user's message bus
   * @throws EngineRefusal if the bus or systemd does not do it
   */
  static void enter(UnixPath bus, int uid) {
    long pid = ProcessHandle.current().pid();
    try (BusConnection connection = BusConnection.open(bus, uid, PATIENCE)) {
      connection.addMatch(
          "type='signal',sender='" + SYSTEMD + "',interface='" + MANAGER + "',member='JobRemoved'");
      connection.call(SYSTEMD, OBJECT, MANAGER, "Subscribe", new BusArguments());
      String job =
          connection.call(SYSTEMD, OBJECT, MANAGER, "StartTransientUnit", unit((int) pid)).text();
      await(connection, job);
    } catch (BusProblem | IOException problem) {
      throw new EngineRefusal(
          "make a control group by a scope of systemd",
          "on " + bus + ", " + problem.getMessage(),
          "Look whether 'systemd-run --user --scope true' works; without limits of memory, swap and"
              + " processors no scope is needed");
    }
  }

  static BusArguments unit(int pid) {
    return new BusArguments()
        .as("s")
        .text("caisson-" + pid + ".scope")
        .as("s")
        .text("fail")
        .as("a(sv)")
        .array(
            8,
            properties -> {
              properties.align(8).text("Description").variant("s").text("a sandbox of Caisson");
              properties.align(8).text("Delegate").variant("b").number(1);
              properties.align(8).text("CollectMode").variant("s").text("inactive-or-failed");
              properties
                  .align(8)
                  .text("PIDs")
                  .variant("au")
                  .array(4, numbers -> numbers.number(pid));
            })
        .as("a(sa(sv))")
        .array(8, none -> {});
  }

  private static void await(BusConnection connection, String job) throws BusProblem, IOException {
    while (true) {
      BusMessage message = connection.next();
      if (message.kind() == BusMessage.SIGNAL && message.member().equals("JobRemoved")) {
        message.number();
        if (message.text().equals(job)) {
          message.text();
          String result = message.text();
          if (!result.equals("done")) {
            throw new BusProblem("systemd's job for the scope ended as " + result);
          }
          return;
        }
      }
    }
  }
}
