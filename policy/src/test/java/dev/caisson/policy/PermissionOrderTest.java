package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.policy.PermissionOrder.Excess;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionOrderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "network": "host"                          | `` | network is host, not none
          "root": "writable"                         | `` | root is writable, not read-only
          "proc": "masked"                           | `` | proc is masked, not pid-only
          "landlock": false                          | `` | landlock is false, not true
          "unixSockets": true                        | `` | unixSockets is true, not false
          "namespaces": {"nestedUser": true}         | `` | namespaces.nestedUser is true, not false
          "devices": ["null", "tty"]                 | "devices": ["null"] | devices lists tty
          "capabilities": {"keep": ["CAP_KILL"]}     | `` | capabilities.keep lists CAP_KILL
          "bestEffort": ["landlock"]                 | `` | bestEffort lists landlock
          "limits": {"pids": 9}                      | "limits": {"pids": 8} | limits.pids is 9, not 8
          ``                                         | "limits": {"pids": 8} | limits.pids is unlimited, not 8
          "limits": {"memory": "2GiB"}               | "limits": {"memory": "1GiB"} | limits.memory is 2GiB, not 1GiB
          "limits": {"wallClock": "90s"}             | "limits": {"wallClock": "1m"} | limits.wallClock is 90s, not 1m
          "process": {"umask": "002"}                | `` | process.umask is 2, which lacks bits of 22
          "process": {"user": "root"}    | "process": {"user": "caller"} | process.user is root, not caller
          "process": {"user": "caller"}  | "process": {"user": "33"}     | process.user is caller, not 33:33
          "process": {"user": "0:5"}     | "process": {"user": "caller"} | process.user is 0:5, not caller
          "process": {"groups": [4, 5]}  | "process": {"groups": [5]}    | process.groups lists 4
          "process": {"sessionKeyring": false} | "process": {}           | process.sessionKeyring is false, not true
          "process": {"rootEmulation": "full"}  | "process": {"rootEmulation": "errno"} | process.rootEmulation is full, not errno
          "process": {"init": "none"} | "process": {}          | process.init is none, not reaper
          "limits": {"wallClock": "9s"}, "process": {"stopGrace": "2s"} | "limits": {"wallClock": "10s"} | limits.wallClock is 11s, not 10s
          "process": {"rootEmulation": "errno"} | "process": {}          | process.rootEmulation is errno, not none
          "network": "private"           | "network": "none"             | network reaches any host, looks up names, and there is no network
          "network": "host"              | "network": "private"          | network is host, not private
          "network": {"egress": [{"host": "a.test", "port": 443}]} | "network": "none" | network reaches a.test:443/tcp, and there is no network
          "network": {"egress": [{"host": "a.test"}]} | "network": {"egress": [{"host": "a.test", "port": "1-1024"}]} | network reaches a.test:*/tcp
          "network": {"egress": [{"cidr": "10.0.0.0/8", "port": "1-9"}]} | "network": {"egress": [{"cidr": "10.0.0.0/8", "port": "1-4"}, {"cidr": "10.0.0.0/8", "port": "6-9"}]} | network reaches 10.0.0.0/8:1-9/tcp
          "network": {"egress": [{"cidr": "2001:db8::/32", "port": 1}]} | "network": {"egress": [{"cidr": "2001:db8::/33"}]} | network reaches [2001:db8::/32]:1/tcp
          "network": {"egress": [], "dns": true} | "network": {"egress": []} | network looks up names
          "network": {"publish": [{"host": "80", "inside": 80}]} | "network": {"publish": [{"host": "127.0.0.1:80", "inside": 80}]} | network publishes 80 to 80/tcp
          "namespaces": {"user": "range"} | "namespaces": {"user": "auto"} | namespaces.user is range, not auto
          "namespaces": {"ipc": false}   | "namespaces": {}              | namespaces.ipc is false, not true
          "landlock": {"abi": 3}         | "landlock": {"abi": 4}        | landlock is content with ABI 3, not 4
          "network": "host"              | "network": {"hostEgress": []} | network is all of host, not a list
          "network": {"hostEgress": []}  | "network": "private"          | network is host, not private
          "network": {"hostEgress": [{"cidr": "127.0.0.1", "port": "80-81"}]} | "network": {"hostEgress": [{"cidr": "127.0.0.0/8", "port": 80}]} | network reaches 127.0.0.1/32:80-81/tcp
          "network": {"egress": [{"cidr": "10.0.0.1"}]} | "network": {"hostEgress": []} | network reaches 10.0.0.1/32:*/tcp
          "landlock": true               | "landlock": {"abi": 4}        | landlock is content with ABI 1, not 4
          "landlock": {"abi": 4}         | "landlock": {"connect": [80]} | landlock.connect lists no ports, which lets all through
          "landlock": {"bind": [80, 443]} | "landlock": {"bind": [80]}   | landlock.bind lists the port 443
          "landlock": {"abi": 7}         | "landlock": {"log": true}     | landlock.log is false, not true
          "secrets": {"a": {"fd": 5}}    | "secrets": {"a": {"fd": 6}}   | secrets shows descriptor 5 as a
          "secrets": {"a": {"file": "/k"}} | "secrets": {}               | secrets shows /k as a
          "limits": {"ioWrite": "2MiB"}  | "limits": {"ioWrite": "1MiB"} | limits.ioWrite is 2MiB, not 1MiB
          "limits": {"cpus": 1.5}        | "limits": {"cpus": 1.25}      | limits.cpus is 1.5, not 1.25
          "limits": {}                   | "limits": {"swap": 0}         | limits.swap is unlimited, not 0
          "audit": {"waive": {"A": {"reason": "r", "owner": "o", "until": "2027-01-01"}}} | "audit": {} | audit waives A
          "proc": "full"                 | "proc": "masked"              | proc is full, not masked
          "filesystem": {"/a": {"bind": "/b", "access": "overlay"}} | "filesystem": {"/a": {"bind": "/b"}} | filesystem shows the host's /b at /a, writable in memory and not read-only
          "filesystem": {"/a": {"bind": "/b"}} | "filesystem": {"/a": {"bind": "/b", "exec": false}} | filesystem shows the host's /b at /a, with programs that may be executed
          "filesystem": {"/a": {"tmpfs": "1KiB"}} | "filesystem": {"/b": {"tmpfs": "1MiB", "exec": false}} | filesystem executes programs in memory at /a
          "environment": {"pass": ["LC_*"]}          | "environment": {"pass": ["LC_ALL"]} | environment passes LC_*
          "environment": {"set": {"A": "${env:LANG}"}} | `` | environment uses ${env:LANG}
          "process": {"cwd": "/${env:LANG}"}         | `` | environment uses ${env:LANG}
          "seccomp": {"allow": ["ptrace"]}           | `` | seccomp allows the calls ptrace
          ``                                         | "seccomp": {"deny": ["read"]} | seccomp allows the calls read
          "images": {"a": 1}                         | "images": {"b": 1} | images the trust document is another one
          "filesystem": {"/a": {"bind": "/srv"}}     | `` | filesystem shows the host's /srv at /a
          "filesystem": {"/a": {"bind": "/srv", "access": "rw"}} | "filesystem": {"/a": {"bind": "/srv"}} | filesystem shows the host's /srv at /a, writable and not read-only
          "filesystem": {"/a": {"bind": "/srv", "system": true}} | "filesystem": {"/a": {"bind": "/srv"}} | filesystem shows the host's /srv at /a, with sockets and FIFOs that reach the host
          "filesystem": {"/a": {"bind": "/"}}        | "filesystem": {"/a": {"bind": "/srv"}} | filesystem shows the host's / at /a
          "filesystem": {"/a": {"bind": "/srvx"}}    | "filesystem": {"/a": {"bind": "/srv"}} | filesystem shows the host's /srvx at /a
          "filesystem": {"/a": {"bind": "/srv"}}     | "filesystem": {"/a": {"bind": "/srv"}, "/a/x": {"masked": true}} | filesystem shows the host's /srv at /a, with files that are hidden otherwise
          "filesystem": {"/a": {"bind": "/srv"}, "/a/x": {"link": "y"}} | "filesystem": {"/a": {"bind": "/srv"}, "/a/x": {"masked": true}} | filesystem shows the host's /srv at /a, with files that are hidden otherwise
          "filesystem": {"/a": {"bind": "/opt"}} | "filesystem": {"/a": {"bind": "/opt", "system": true}} | filesystem shows the host's /opt at /a, with keys that are hidden in a directory of the system
          "filesystem": {"/b": {"bind": "/srv/x/y"}} | "filesystem": {"/a": {"bind": "/srv"}, "/a/x": {"masked": true}} | filesystem shows the host's /srv/x/y at /b
          "filesystem": {"/b": {"bind": "/srv/x"}}   | "filesystem": {"/a": {"bind": "/srv"}, "/a/x": {"tmpfs": "1B"}} | filesystem shows the host's /srv/x at /b
          "filesystem": {"/a": {"bind": "/srv", "access": "rw"}} | "filesystem": {"/a": {"bind": "/srv", "access": "rw", "protect": [".git"]}} | filesystem shows the host's /srv at /a, writable, with fewer protected files
          "filesystem": {"/a": {"bind": "/srv/.git/hooks", "access": "rw"}} | "filesystem": {"/a": {"bind": "/srv", "access": "rw", "protect": [".git"]}} | filesystem shows the host's /srv/.git/hooks at /a, writable, with fewer protected files
          "filesystem": {"/a": {"copy": "/etc/x"}}   | `` | filesystem shows a copy of the host's /etc/x at /a
          "filesystem": {"/a": {"tmpfs": "1MiB", "mounts": true}} | "filesystem": {"/b": {"tmpfs": "1MiB"}} | filesystem lets programs mount file systems in memory below /a
          "filesystem": {"/a": {"tmpfs": "2MiB"}}    | "filesystem": {"/b": {"tmpfs": "1MiB"}} | filesystem holds 2MiB in memory at /a, more than 1MiB
          "proc": "masked"                           | "proc": "masked", "filesystem": {"/proc/kcore": {"masked": true}} | filesystem does not mask /proc/kcore
          "proc": "masked"                           | "proc": "masked", "filesystem": {"/proc/sys": {"readOnly": true}} | filesystem does not keep /proc/sys read-only
          """)
  void moreIsNamed(String one, String other, String said) {
    List<Excess> excess =
        PermissionOrder.excess(Policies.effective(one), Policies.effective(other));
    assertEquals(List.of(said), excess.stream().map(Excess::toString).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "proc": "none"                            | ``
          "limits": {"pids": 8}                     | ``
          "limits": {"pids": 8}                     | "limits": {"pids": 9}
          "environment": {"pass": ["LC_ALL"]}       | "environment": {"pass": ["LC_*"]}
          "environment": {"set": {"A": "${env:LANG}"}} | "environment": {"pass": ["LANG"]}
          "environment": {"set": {"A": "x"}}        | ``
          "process": {"umask": "077", "cwd": "/a", "hostname": "b"} | ``
          "seccomp": {"deny": ["read"]}             | ``
          "seccomp": {"profile": "strict", "allow": ["ptrace"]} | "seccomp": {"allow": ["ptrace", "mount"]}
          "filesystem": {"/a": {"bind": "/srv/x"}}  | "filesystem": {"/b": {"bind": "/srv", "access": "rw"}}
          "filesystem": {"/a": {"bind": "/srv"}, "/a/x": {"masked": true}} | "filesystem": {"/b": {"bind": "/srv"}, "/b/x": {"tmpfs": "1B"}}
          "filesystem": {"/a": {"bind": "/srv"}}    | "filesystem": {"/b": {"bind": "/srv"}, "/b/x": {"bind": "/srv/x"}}
          "filesystem": {"/a": {"bind": "/srv", "access": "rw", "protect": [".git"]}} | "filesystem": {"/b": {"bind": "/srv", "access": "rw", "protect": [".git/hooks"]}}
          "filesystem": {"/a": {"copy": "/etc/x"}}  | "filesystem": {"/b": {"bind": "/etc"}}
          "filesystem": {"/a": {"text": "x"}, "/b": {"link": "/c"}} | ``
          ``                                        | "filesystem": {"/proc/kcore": {"masked": true}}
          """)
  void asMuchOrLessIsNoExcess(String one, String other) {
    assertEquals(
        List.of(), PermissionOrder.excess(Policies.effective(one), Policies.effective(other)));
  }

  @ParameterizedTest
  @CsvSource({"strict, untrusted", "untrusted, developer", "strict, developer"})
  void aStricterBuiltInPolicyAllowsNothingMore(String stricter, String looser) {
    for (View view : View.values()) {
      assertEquals(
          List.of(), PermissionOrder.excess(builtIn(stricter, view), builtIn(looser, view)));
    }
  }

  private static EffectivePolicy builtIn(String name, View view) {
    return Policies.load(new FakeFiles(), name).resolve(view, Policies.HOST);
  }

  @Test
  void everyBuiltInPolicyBoundsEveryFieldButTheLimits() {
    for (String name : PolicyLoader.BUILT_IN) {
      for (View view : View.values()) {
        Resolution resolution =
            Policies.load(new FakeFiles(), name).resolution(view, Policies.HOST);
        for (Field<?> field : Fields.ALL) {
          assertTrue(
              !(field instanceof OrderedField)
                  || field instanceof LimitField
                  || resolution.sets(field.path()),
              () -> name + " as a ceiling says nothing of " + field.path());
        }
        for (String field :
            List.of("filesystem", "environment", "secrets", "audit", "seccomp", "bestEffort")) {
          assertTrue(resolution.sets(field), () -> name + " says nothing of " + field);
        }
      }
    }
  }

  @Test
  void aCeilingBoundsWhatItSetsAndNothingElse() {
    Ceiling ceiling =
        Ceiling.of(
            Policies.of("\"network\": \"none\", \"limits\": {\"pids\": 9}"),
            View.IMAGE,
            Policies.HOST);
    EffectivePolicy asks =
        Policies.effective(
            "\"network\": \"host\", \"root\": \"writable\", \"limits\": {\"openFiles\": 5}");
    assertEquals(
        List.of("network is host, not none", "limits.pids is unlimited, not 9"),
        ceiling.excess(asks, policy -> policy).stream().map(Excess::toString).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "vars": {"a": "b"}
          "environment": {"set": {"A": "${env:LANG}"}}
          """)
  void aCeilingHoldsNothingThatOthersSet(String members) {
    PolicyRefusal refusal =
        org.junit.jupiter.api.Assertions.assertThrows(
            PolicyRefusal.class, () -> Ceiling.of(Policies.of(members), View.IMAGE, Policies.HOST));
    assertTrue(refusal.why().contains("must not depend on them"), refusal::getMessage);
  }

  @Provide
  Arbitrary<Map<String, String>> policies() {
    return PolicyTexts.members();
  }

  @Property(tries = 200)
  void noPolicyAllowsMoreThanItself(@ForAll("policies") Map<String, String> members) {
    EffectivePolicy policy = Policies.effective(PolicyTexts.text(members));
    assertEquals(List.of(), PermissionOrder.excess(policy, policy));
  }

  @Property(tries = 300)
  void whatIsUnderWhatIsUnderIsUnder(
      @ForAll("policies") Map<String, String> a,
      @ForAll("policies") Map<String, String> b,
      @ForAll("policies") Map<String, String> c) {
    // the same policies field by field, so that many of them are comparable
    for (String field : a.keySet()) {
      EffectivePolicy one = Policies.effective(PolicyTexts.text(only(a, field)));
      EffectivePolicy two = Policies.effective(PolicyTexts.text(only(b, field)));
      EffectivePolicy three = Policies.effective(PolicyTexts.text(only(c, field)));
      if (PermissionOrder.excess(one, two).isEmpty()
          && PermissionOrder.excess(two, three).isEmpty()) {
        assertEquals(List.of(), PermissionOrder.excess(one, three), field);
      }
    }
  }

  @Property(tries = 300)
  void whatAllowsTheSameBothWaysIsTheSame(
      @ForAll("policies") Map<String, String> a, @ForAll("policies") Map<String, String> b) {
    for (String field : a.keySet()) {
      EffectivePolicy one = Policies.effective(PolicyTexts.text(only(a, field)));
      EffectivePolicy two = Policies.effective(PolicyTexts.text(only(b, field)));
      if (PermissionOrder.excess(one, two).isEmpty()
          && PermissionOrder.excess(two, one).isEmpty()) {
        assertEquals(one.limits(), two.limits());
        assertEquals(one.landlock(), two.landlock());
        assertEquals(one.devices(), two.devices());
        assertEquals(one.capabilities(), two.capabilities());
        assertEquals(one.process().user(), two.process().user());
        assertEquals(one.process().umask(), two.process().umask());
        assertEquals(one.root(), two.root());
        assertEquals(one.proc(), two.proc());
        assertEquals(one.bestEffort(), two.bestEffort());
        assertEquals(one.network() instanceof Network.Host, two.network() instanceof Network.Host);
      }
    }
  }

  private static Map<String, String> only(Map<String, String> members, String field) {
    return members.containsKey(field) ? Map.of(field, members.get(field)) : Map.of();
  }
}
