package dev.caisson.policy;

/** The signals that programs take as the request to end in good order (signal(7)). */
public enum StopSignal {
  TERM(15),
  INT(2),
  HUP(1),
  QUIT(3),
  USR1(10),
  USR2(12),
  WINCH(28),
  PWR(30),
  /** systemd as an init shuts down by it. */
  RTMIN_PLUS_3(37);

  private final int number;

  StopSignal(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
