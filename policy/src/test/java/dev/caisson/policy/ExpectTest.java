package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.Finding.Verdict;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policies expect of themselves: how it is written, and what calls and connections meet. */
class ExpectTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"then": "deny"}                              | $.expect[0]: expected exactly one of syscall, connect, read, write, exec in it, found none
          {"read": "inside:/a", "write": "inside:/a", "then": "deny"} | $.expect[0]: expected exactly one of syscall, connect, read, write, exec in it, found read and write
          {"syscall": "mount"}                          | $.expect[0]: expected "then": ... in it
          {"syscall": "mount", "then": "denied"}        | $.expect[0].then: expected one of allow, deny, found "denied"
          {"syscall": "mount", "then": "absent"}        | $.expect[0].then: expected one of allow, deny, found "absent"
          {"syscall": "muont", "then": "deny"}          | $.expect[0].syscall: no such system call: "muont"; did you mean mount?
          {"syscall": "socket", "args": {"famly": 1}, "then": "deny"} | $.expect[0].args.famly: socket has no argument famly; did you mean family?
          {"syscall": "socket", "args": {"family": "AF_INTE"}, "then": "deny"} | $.expect[0].args.family: no such constant: "AF_INTE"; did you mean AF_INET?
          {"connect": "a:1", "args": {}, "then": "deny"} | $.expect[0].args: only a syscall has arguments
          {"connect": "192.0.2.1", "then": "deny"}      | $.expect[0].connect: expected an address or a name, and a port: 192.0.2.7:443, [2001:db8::7]:443, found "192.0.2.1"
          {"connect": "::1:80", "then": "deny"}         | $.expect[0].connect: expected an address or a name, and a port: 192.0.2.7:443, [2001:db8::7]:443, found "::1:80"
          {"connect": "a:0", "then": "deny"}            | $.expect[0].connect: expected an address or a name, and a port: 192.0.2.7:443, [2001:db8::7]:443, found "a:0"
          {"read": "/etc", "then": "deny"}              | $.expect[0].read: expected inside:/PATH or host:/PATH, found "/etc"
          {"read": "inside:etc", "then": "deny"}        | $.expect[0]: expected an absolute path without . and .., found etc
          {"read": "host:/a/../b", "then": "deny"}      | $.expect[0]: expected an absolute path without . and .., found /a/../b
          {"read": "host:${hoem}/b", "then": "deny"}    | $.expect[0]: the variable "hoem" is not set; did you mean home?
          {"reads": "inside:/a", "then": "deny"}        | $.expect[0].reads: no such key; did you mean read?
          """)
  void mistakesAreSaid(String expectation, String said) {
    List<String> mistakes = Policies.mistakes("\"expect\": [" + expectation + "]");
    assertTrue(mistakes.contains(said), mistakes::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "seccomp": "default"   | {"syscall": "mount", "then": "deny"}   | HOLDS
          "seccomp": "default"   | {"syscall": "mount", "then": "allow"}  | FAILS
          "seccomp": "default"   | {"syscall": "read", "then": "allow"}   | HOLDS
          "seccomp": "default"   | {"syscall": "ioctl", "then": "allow"}  | DEPENDS
          "seccomp": "default"   | {"syscall": "ioctl", "args": {"cmd": 21522}, "then": "deny"} | HOLDS
          "seccomp": "default"   | {"syscall": "ioctl", "args": {"1": 21523}, "then": "allow"} | HOLDS
          "seccomp": "default"   | {"syscall": "socket", "args": {"family": "AF_VSOCK"}, "then": "deny"} | HOLDS
          "seccomp": "default"   | {"syscall": "socket", "args": {"family": "AF_INET", "type": "SOCK_STREAM", "protocol": 0}, "then": "allow"} | HOLDS
          "seccomp": "default", "capabilities": {"keep": ["CAP_SYS_ADMIN"]} | {"syscall": "mount", "then": "deny"} | FAILS
          "seccomp": "default"   | {"syscall": "s390_sthyi", "then": "deny"} | HOLDS
          "seccomp": "default"   | {"connect": "192.0.2.1:80", "then": "deny"} | HOLDS
          "seccomp": "default"   | {"connect": "127.0.0.1:80", "then": "deny"} | DEPENDS
          "seccomp": "default"   | {"connect": "localhost:80", "then": "deny"} | DEPENDS
          "seccomp": "strict", "network": "host" | {"connect": "192.0.2.1:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": "host" | {"connect": "169.254.169.254:80", "then": "deny"} | FAILS
          "seccomp": "default", "network": "private" | {"connect": "169.254.169.254:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": "private" | {"connect": "[fe80::1]:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": "private" | {"connect": "192.0.2.1:80", "then": "allow"} | HOLDS
          "seccomp": "default", "network": {"egress": [{"cidr": "192.0.2.0/24", "port": 80}]} | {"connect": "192.0.2.1:80", "then": "allow"} | HOLDS
          "seccomp": "default", "network": {"egress": [{"cidr": "192.0.2.0/24", "port": 80}]} | {"connect": "192.0.2.1:81", "then": "deny"} | HOLDS
          "seccomp": "default", "network": {"egress": [{"cidr": "192.0.2.0/24", "port": 80}]} | {"connect": "192.0.3.1:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": {"egress": [{"cidr": "192.0.2.0/24", "port": 80, "protocol": "udp"}]} | {"connect": "192.0.2.1:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": {"egress": [{"cidr": "192.0.2.0/24", "port": 80}]} | {"connect": "a.test:80", "then": "deny"} | DEPENDS
          "seccomp": "default", "network": {"egress": [{"host": "a.test", "port": 443}]} | {"connect": "a.test:443", "then": "allow"} | HOLDS
          "seccomp": "default", "network": {"egress": [{"host": "a.test", "port": 443}]} | {"connect": "b.test:443", "then": "deny"} | HOLDS
          "seccomp": "default", "network": {"egress": [{"host": "a.test", "port": 443}]} | {"connect": "192.0.2.1:443", "then": "deny"} | DEPENDS
          "seccomp": "default", "network": {"egress": [{"host": "a.test", "port": 443}]} | {"connect": "192.0.2.1:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": "private" | {"connect": "0.0.0.0:80", "then": "deny"} | DEPENDS
          "seccomp": "default", "network": "private" | {"connect": "[::]:80", "then": "deny"} | DEPENDS
          "seccomp": "default", "network": "private" | {"connect": "[::ffff:7f00:1]:80", "then": "deny"} | DEPENDS
          "seccomp": "default", "network": "private" | {"connect": "[::ffff:0:0]:80", "then": "deny"} | DEPENDS
          "seccomp": "default" | {"connect": "0.0.0.0:80", "then": "deny"} | DEPENDS
          "seccomp": "default", "network": "private" | {"connect": "100.100.100.200:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": "private" | {"connect": "168.63.129.16:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": "private" | {"connect": "[fd00:ec2::254]:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": "private" | {"connect": "[fd20:ce::254]:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": "private" | {"connect": "[::ffff:a9fe:a9fe]:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": "private" | {"connect": "0.1.2.3:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": "private" | {"connect": "169.254.1.1:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": "private" | {"connect": "169.254.1.1:53", "then": "allow"} | HOLDS
          "seccomp": "default", "network": "private" | {"connect": "[::ffff:c000:201]:80", "then": "allow"} | HOLDS
          "seccomp": "default", "network": {"egress": [{"cidr": "100.100.0.0/16"}]} | {"connect": "100.100.100.200:80", "then": "deny"} | HOLDS
          "seccomp": "default", "network": {"egress": [{"cidr": "192.0.2.0/24", "port": 80}]} | {"connect": "[::ffff:c000:201]:80", "then": "deny"} | FAILS
          "seccomp": {"profile": "default", "abis": ["i386"]} | {"syscall": "mount", "then": "deny"} | HOLDS
          "seccomp": {"profile": "default", "abis": ["i386"]} | {"syscall": "read", "then": "allow"} | HOLDS
          """)
  void callsAndConnectionsAreAnswered(String policy, String expectation, Verdict verdict) {
    Expectation expected = expectation(policy, expectation);
    Finding finding = finding(policy, expectation);
    assertEquals(verdict, finding.against(expected.expected()), finding::toString);
  }

  /** An i386 caller's arguments are cut to 32 bits. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "i386" | {"syscall": "read", "args": {"2": 4294967297}, "then": "deny"} | FAILS | the seccomp filter refuses it on x86_64, lets it through on i386
          "i386" | {"syscall": "read", "args": {"2": 1}, "then": "allow"}         | HOLDS | the seccomp filter lets it through; the kernel decides then
          "i386" | {"syscall": "write", "then": "deny"}                           | HOLDS | the seccomp filter refuses it
          "i386" | {"syscall": "waitpid", "then": "deny"}                         | FAILS | the seccomp filter lets it through; the kernel decides then
          "i386" | {"connect": "192.0.2.1:80", "then": "deny"}                    | FAILS | the host's network is open
          ``     | {"syscall": "read", "args": {"2": 4294967297}, "then": "deny"} | HOLDS | the seccomp filter refuses it
          ``     | {"syscall": "waitpid", "then": "deny"}                         | HOLDS | the seccomp filter refuses it
          ``     | {"connect": "192.0.2.1:80", "then": "deny"}                    | HOLDS | the seccomp filter lets no such socket be made or connected
          """)
  void aCallIsDeniedWhereEveryAbiDeniesIt(
      String abis, String expectation, Verdict verdict, String reason) {
    String profile =
        """
        "network": "host", "seccomp": {"abis": [%s], "profile": {
          "defaultAction": "SCMP_ACT_ERRNO",
          "syscalls": [
            {"names": ["waitpid", "socketcall"], "action": "SCMP_ACT_ALLOW"},
            {"names": ["read"], "action": "SCMP_ACT_ALLOW",
              "args": [{"index": 2, "value": 5, "op": "SCMP_CMP_LE"}]}]}}
        """;
    Expectation expected = expectation(profile.formatted(abis), expectation);
    Finding finding = finding(profile.formatted(abis), expectation);
    assertEquals(verdict, finding.against(expected.expected()), finding::toString);
    assertEquals(reason, finding.reason());
  }

  private static Expectation expectation(String policy, String expectation) {
    return resolution(policy, expectation).expectations().get(0);
  }

  private static Resolution resolution(String policy, String expectation) {
    return Policies.of(policy + ", \"expect\": [" + expectation + "]")
        .resolution(View.IMAGE, Policies.HOST);
  }

  private static Finding finding(String policy, String expectation) {
    EffectivePolicy effective = resolution(policy, expectation).policy();
    return expectation(policy, expectation) instanceof Expectation.Connection connection
        ? ConnectionFinding.of(connection, effective, Policies.HOST)
        : CallFinding.of(
            (Expectation.Call) expectation(policy, expectation), effective, Policies.HOST);
  }
}
