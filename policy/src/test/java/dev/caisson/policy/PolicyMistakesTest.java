package dev.caisson.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyMistakesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "limmits": {}                         | $.limmits: no such key; did you mean limits?
          "network": "hots"                     | $.network: expected one of none, host, private or an object, found "hots"; did you mean host?
          "network": {}                         | $.network: expected "egress" or "publish" in it
          "network": 7                          | $.network: expected none, host, private or an object, found a number
          "network": {"egres": []}              | $.network.egres: no such key; did you mean egress?
          "network": {"egress": "all"}          | $.network.egress: expected "any" or an array, found "all"
          "network": {"egress": [{}]}           | $.network.egress[0]: expected exactly one of host, cidr
          "network": {"egress": [{"hots": "a"}]} | $.network.egress[0].hots: no such key; did you mean host?
          "network": {"egress": [{"host": "a", "cidr": "::/0"}]} | $.network.egress[0]: expected exactly one of host, cidr
          "network": {"egress": [{"host": "10.0.0.1"}]} | $.network.egress[0].host: expected a host's name; an address is a cidr, found "10.0.0.1"
          "network": {"egress": [{"host": "*.test"}]} | $.network.egress[0].host: expected a host's name, as "registry.example.test", found "*.test"
          "network": {"egress": [{"host": "a."}]} | $.network.egress[0].host: expected a host's name, as "registry.example.test", found "a."
          "network": {"egress": [{"cidr": "10.0.0.1/8"}]} | $.network.egress[0].cidr: bits are set behind the prefix; write 10.0.0.0/8
          "network": {"egress": [{"cidr": "10.0.0.0/33"}]} | $.network.egress[0].cidr: expected an address block, as "10.0.0.0/8" or "2001:db8::/32", found "10.0.0.0/33"
          "network": {"egress": [{"cidr": "10.0.0"}]} | $.network.egress[0].cidr: expected an address block, as "10.0.0.0/8" or "2001:db8::/32", found "10.0.0"
          "network": {"egress": [{"cidr": "1:::2"}]} | $.network.egress[0].cidr: expected an address block, as "10.0.0.0/8" or "2001:db8::/32", found "1:::2"
          "network": {"egress": [{"cidr": "169.254.169.254"}]} | $.network.egress[0].cidr: a sandbox never reaches 169.254.0.0/16, whatever is listed
          "network": {"egress": [{"cidr": "::1"}]} | $.network.egress[0].cidr: a sandbox never reaches ::/127, whatever is listed
          "network": {"egress": [{"cidr": "168.63.129.16"}]} | $.network.egress[0].cidr: a sandbox never reaches 168.63.129.16/32, whatever is listed
          "network": {"egress": [{"host": "a", "port": 0}]} | $.network.egress[0].port: expected a port from 1 to 65535, or a range of them as "8000-8010", found a number
          "network": {"egress": [{"host": "a", "port": "443"}]} | $.network.egress[0].port: expected a port from 1 to 65535, or a range of them as "8000-8010", found "443"
          "network": {"egress": [{"host": "a", "port": "9-8"}]} | $.network.egress[0].port: expected a port from 1 to 65535, or a range of them as "8000-8010", found "9-8"
          "network": {"egress": [{"host": "a", "protocol": "icmp"}]} | $.network.egress[0].protocol: expected one of tcp, udp, found "icmp"
          "network": {"egress": [], "dns": "yes"} | $.network.dns: expected true or false, found a string
          "network": {"publish": [{"host": "8080"}]} | $.network.publish[0]: expected "host" and "inside" in it
          "network": {"publish": [{"host": "::1:80", "inside": 80}]} | $.network.publish[0].host: expected a port of the host, as "8080", "127.0.0.1:8080" or "[::1]:8080", found "::1:80"
          "network": {"publish": [{"host": "8080", "inside": 0}]} | $.network.publish[0].inside: expected a port from 1 to 65535, found a number
          "network": {"publish": [{"host": "8080", "inside": 65536}]} | $.network.publish[0].inside: expected a whole number from 0 to 65535, found 65536
          "namespaces": {"user": "many"}        | $.namespaces.user: expected one of single, auto, range, found "many"
          "namespaces": {"pid": false}          | $.namespaces.pid: no such key
          "namespaces": {"time": {}}            | $.namespaces.time: expected "monotonic" or "boottime" in it
          "namespaces": {"time": {"boottime": "+1h"}} | $.namespaces.time.boottime: expected a duration with its unit (ms, s, m, h), a - before it where the clock is behind, found "+1h"
          "secrets": []                         | $.secrets: expected an object, found an array
          "secrets": {"a/b": {"fd": 3}}         | $.secrets["a/b"]: expected a file's name of letters, digits, dots, hyphens and underscores
          "secrets": {"..": {"fd": 3}}          | $.secrets[".."]: expected a file's name of letters, digits, dots, hyphens and underscores
          "secrets": {"a": {}}                  | $.secrets.a: expected exactly one of file, fd, remove
          "secrets": {"a": {"fd": 3, "file": "/x"}} | $.secrets.a: expected exactly one of file, fd, remove
          "secrets": {"a": {"fd": 2}}           | $.secrets.a.fd: 0, 1 and 2 are the program's own; expected a descriptor from 3 on
          "secrets": {"a": {"file": "x"}}       | $.secrets.a.file: expected an absolute path of the host without . and .., found x
          "secrets": {"a": {"remove": false}}   | $.secrets.a.remove: expected true, found false
          "landlock": {}                        | $.landlock: expected "abi": a whole number from 1
          "landlock": {"abi": 0}                | $.landlock: expected "abi": a whole number from 1
          "landlock": {"abi": 4.5}              | $.landlock.abi: expected a whole number from 0 to 1000, found 4.5
          "process": {"user": "alice"}          | $.process.user: expected root, caller, a user's number as "33" or with a group's as "33:33", found "alice"
          "process": {"user": "033"}            | $.process.user: expected root, caller, a user's number as "33" or with a group's as "33:33", found "033"
          "process": {"user": "4294967295"}     | $.process.user: expected root, caller, a user's number as "33" or with a group's as "33:33", found "4294967295"
          "process": {"groups": [1, 1]}         | $.process.groups[1]: 1 is listed twice
          "process": {"groups": ["disk"]}       | $.process.groups[0]: expected a whole number from 0 to 4294967294, found "disk"
          "process": {"identity": "root"}       | $.process.identity: no such key
          "limits": {"cpus": 0}                 | $.limits.cpus: expected a number above 0 with at most three decimals, as 1.5, found a number
          "limits": {"cpus": 1.0005}            | $.limits.cpus: expected a number above 0 with at most three decimals, as 1.5, found a number
          "limits": {"swap": 1}                 | $.limits.swap: expected 0, or a size with its unit (B, KiB, MiB, GiB, TiB), as "512MiB", found a number
          "network": {"hostEgress": [{"host": "a.test"}]} | $.network.hostEgress[0]: expected "cidr": the host's network is filtered by address
          "network": {"hostEgress": [{"cidr": "10.0.0.1", "protocol": "udp"}]} | $.network.hostEgress[0]: expected TCP: nothing else is connected there
          "network": {"hostEgress": [], "dns": true} | $.network: "hostEgress" stands alone
          "landlock": {"connect": [70000]}      | $.landlock.connect[0]: expected a port from 0 to 65535, found a number
          "landlock": {"bind": 80}              | $.landlock.bind: expected an array, found a number
          "landlock": {"tcp": []}               | $.landlock.tcp: no such key
          "landlock": "yes"                     | $.landlock: expected true, false or {"abi": ...}, found "yes"
          "proc": "all"                         | $.proc: expected one of none, pid-only, masked, full, found "all"
          "devices": ["nul"]                    | $.devices[0]: expected one of null, zero, full, random, urandom, tty, found "nul"; did you mean null?
          "devices": {}                         | $.devices: expected an array of strings, found an object
          "capabilities": {"keep": ["CAP_SYS_ADMN"]} | $.capabilities.keep[0]: no such name: "CAP_SYS_ADMN"; did you mean CAP_SYS_ADMIN?
          "capabilities": {"keep": ["net_admin"]} | $.capabilities.keep[0]: no such name: "net_admin"; did you mean CAP_NET_ADMIN?
          "capabilities": {"keep": ["CAP_KILL", "CAP_KILL"]} | $.capabilities.keep[1]: "CAP_KILL" is listed twice
          "capabilities": ["CAP_KILL"]          | $.capabilities: expected an object, found an array
          "limits": {"pids": 0}                 | $.limits.pids: expected a whole number above 0, found a number
          "limits": {"pids": 1.5}               | $.limits.pids: expected a whole number above 0, found a number
          "limits": {"pids": "9"}               | $.limits.pids: expected a whole number above 0, found "9"
          "limits": {"cpuTime": "1500ms"}       | $.limits.cpuTime: expected a duration of whole seconds with its unit (s, m, h), as "90s", found "1500ms"
          "limits": {"wallClock": "0s"}         | $.limits.wallClock: expected a duration above 0 with its unit (ms, s, m, h), as "90s", found "0s"
          "process": {"umask": 18}              | $.process.umask: expected an octal mask in quotes, as "022", found a number
          "process": {"umask": "1777"}          | $.process.umask: expected an octal mask in quotes, as "022", found "1777"
          "process": {"umask": "-22"}           | $.process.umask: expected an octal mask in quotes, as "022", found "-22"
          "process": {"cwd": "tmp"}             | $.process.cwd: expected an absolute path without . and .., found tmp
          "process": {"hostname": "a b"}        | $.process.hostname: expected at most 64 letters, digits, dots and hyphens, found a b
          "seccomp": {"allow": ["opne"]}        | $.seccomp.allow[0]: no such system call: "opne"; did you mean open?
          "seccomp": "defualt"                  | $.seccomp: no seccomp profile "defualt" comes with Caisson; did you mean default?
          "seccomp": "docker"                   | $.seccomp: no seccomp profile "docker" comes with Caisson; use one of default, strict, developer, or write the profile itself in its place
          "seccomp": {"profile": 7}             | $.seccomp.profile: expected an object, found a number
          "seccomp": {"deny": ["@mout"]}        | $.seccomp.deny[0]: no such group: "@mout"; did you mean @mount?
          "seccomp": {"abis": ["i368"]}         | $.seccomp.abis[0]: expected one of i386, x32, arm, found "i368"; did you mean i386?
          "seccomp": {"rules": [{"then": "deny"}]} | $.seccomp.rules[0].syscall: missing: the calls
          "seccomp": {"rules": [{"syscall": "sokcet"}]} | $.seccomp.rules[0].syscall: no such system call: "sokcet"; did you mean socket?
          "seccomp": {"rules": [{"syscall": "socket", "then": "alow"}]} | $.seccomp.rules[0].then: expected one of allow, deny, kill-process, kill-thread, trap, log, trace, notify or {"errno": ...}, found "alow"; did you mean allow?
          "seccomp": {"rules": [{"syscall": "socket", "then": {"errno": "EPREM"}}]} | $.seccomp.rules[0].then.errno: no errno is called "EPREM"; did you mean EPERM?
          "seccomp": {"rules": [{"syscall": "socket", "then": {"errno": 4095}}]} | $.seccomp.rules[0].then.errno: no errno is 4095
          "seccomp": {"rules": [{"syscall": "socket", "then": {"errno": 0}}]} | $.seccomp.rules[0].then.errno: errno 0 would make the call seem to succeed; expected an error
          "seccomp": {"rules": [{"syscall": "socket", "then": {}}]} | $.seccomp.rules[0].then: missing: errno
          "seccomp": {"rules": [{"syscall": "socket", "when": {"famly": 1}}]} | $.seccomp.rules[0].when.famly: socket has no argument famly; did you mean family?
          "seccomp": {"rules": [{"syscall": "clone", "when": {"x": 1}}]} | $.seccomp.rules[0].when.x: clone has no argument x; it has clone_flags, newsp, parent_tidptr, child_tidptr, tls
          "seccomp": {"rules": [{"syscall": "socket", "when": {"6": 1}}]} | $.seccomp.rules[0].when.6: the arguments of a call are 0 to 5, found 6
          "seccomp": {"rules": [{"syscall": "lseek", "when": {"1": 18446744073709551616}}]} | $.seccomp.rules[0].when.1: expected a whole number from 0 to 2^64-1, found 18446744073709551616
          "seccomp": {"rules": [{"syscall": "lseek", "when": {"1": "0x10000000000000000"}}]} | $.seccomp.rules[0].when.1: expected a whole number from 0 to 2^64-1, found 0x10000000000000000
          "seccomp": {"rules": [{"syscall": "lseek", "when": {"1": -1}}]} | $.seccomp.rules[0].when.1: expected a whole number from 0 to 2^64-1, found -1
          "seccomp": {"rules": [{"syscall": "lseek", "when": {"1": true}}]} | $.seccomp.rules[0].when.1: expected a number or a constant's name, found true or false
          "seccomp": {"rules": [{"syscall": "socket", "when": {"family": "AF_VSOK"}}]} | $.seccomp.rules[0].when.family: no such constant: "AF_VSOK"; did you mean AF_VSOCK?
          "seccomp": {"rules": [{"syscall": "socket", "when": {"family": 4294967298}}]} | $.seccomp.rules[0]: the kernel reads 4 bytes of family on x86_64, never 0x100000002
          "seccomp": {"rules": [{"syscall": "socket", "when": {"type": {"mask": "SOCK_TYPE_MASK", "eq": "SOCK_CLOEXEC"}}}]} | $.seccomp.rules[0]: SOCK_CLOEXEC has bits outside of the mask SOCK_TYPE_MASK
          "seccomp": {"rules": [{"syscall": "socket", "when": {"type": {"mask": 3, "lt": 2}}}]} | $.seccomp.rules[0].when.type: a mask goes with eq or in
          "seccomp": {"rules": [{"syscall": "socket", "when": {"type": {}}}]} | $.seccomp.rules[0].when.type: expected one of eq, ne, lt, le, gt, ge, in, notIn, range
          "seccomp": {"rules": [{"syscall": "socket", "when": {"type": {"in": []}}}]} | $.seccomp.rules[0].when.type.in: expected at least one number
          "seccomp": {"rules": [{"syscall": "socket", "when": {"type": {"range": [1]}}}]} | $.seccomp.rules[0].when.type.range: expected the first and the last number of a range
          "seccomp": {"rules": [{"syscall": "socket", "when": {"type": {"range": [3, 2]}}}]} | $.seccomp.rules[0]: the range ends before it starts
          "seccomp": {"rules": [{"syscall": "socket", "when": {}}]} | $.seccomp.rules[0].when: no condition; leave it out for a rule that always holds
          "seccomp": {"rules": [{"syscall": "mmap", "when": {"prot": "PROT_BTI"}}]} | $.seccomp.rules[0]: there is no PROT_BTI on x86_64
          "seccomp": {"rules": [{"syscall": "socket", "then": {"errno": "EIO"}}, {"syscall": "socket", "when": {"family": 1}, "then": "deny"}]} | $.seccomp.rules[1]: the same calls of socket get errno EPERM here and errno EIO at ./p.json:1:51
          "seccomp": {"rules": [{"syscall": "socket", "then": {"errno": "EIO"}}], "deny": ["socket"]} | $.seccomp.rules[0]: two errnos for the same calls of socket: ./p.json:1:110 says errno EPERM
          "seccomp": {"otherwise": {"sokcet": "deny"}} | $.seccomp.otherwise.sokcet: no such system call: "sokcet"; did you mean socket?
          "seccomp": {"layers": [{"alow": []}]} | $.seccomp.layers[0].alow: no such key; did you mean allow?
          "bestEffort": ["landlok"]             | $.bestEffort[0]: expected one of landlock, session-keyring, no-nested-namespaces, memory-limit, cpu-limit, swap-limit, io-limit, found "landlok"; did you mean landlock?
          "environment": {"pass": ["A=B"]}      | $.environment.pass[0]: expected a variable's name, with at most one * at its end, found "A=B"
          "environment": {"set": {"A*": "x"}}   | $.environment.set["A*"]: expected a variable's name, found "A*"
          "environment": {"set": {"A": 5}}      | $.environment.set.A: expected a string, found a number
          "environment": {"set": {"A": "${x"}}  | $.environment.set.A: a variable is not closed by }; $${ stands for the characters ${
          "environment": {"set": {"A": "${hoem}"}} | $.environment.set.A: the variable "hoem" is not set; did you mean home?
          "environment": {"set": {"A": "\\u0000"}} | $.environment.set.A: it holds a NUL character
          "images": 7                           | $.images: expected an object, found a number
          "filesystem": {"/k": {"link": "/a"}, "/k/p": {"bind": "/srv"}} | $.filesystem["/k/p"]: it lies below the link /k; write the place it leads to
          "filesystem": {"/k": {"link": "/a"}, "/k/p": {"masked": true}} | $.filesystem["/k/p"]: it lies below the link /k; write the place it leads to
          "filesystem": {"/proc": {"masked": true}} | $.filesystem["/proc"]: a policy shows /proc by "proc"; write "proc": "none" to hide it
          "limits": {"pids": null}              | $.limits.pids: null says nothing; leave it out
          "audit": {"waive": {"SEC 8": {"remove": true}}} | $.audit.waive["SEC 8"]: expected the name of an audit rule, as SEC-08
          "audit": {"waive": {"SEC-8": {"reason": "r", "owner": "o"}}} | $.audit.waive["SEC-8"]: expected "reason", "owner" and "until" in it
          "audit": {"waive": {"SEC-8": {"reason": " ", "owner": "o", "until": "2027-01-01"}}} | $.audit.waive["SEC-8"].reason: it says nothing
          "audit": {"waive": {"SEC-8": {"reason": "r", "owner": "o", "until": "2027-02-29"}}} | $.audit.waive["SEC-8"].until: expected a day of the calendar, as "2027-01-31", found "2027-02-29"
          "audit": {"waive": {"SEC-8": {"reason": "r", "owner": "o", "until": "2026-05-31"}}} | $.audit.waive["SEC-8"]: it ended on 2026-05-31, and today is 2026-06-01; look at the finding again
          "audit": {"waive": {"SEC-8": {"reason": "r", "remove": true}}} | $.audit.waive["SEC-8"].remove: does not go with other members
          "audit": {"wave": {}}                 | $.audit.wave: no such key; did you mean waive?
          "notes": {"a": 7}                     | $.notes.a: expected a string, found a number
          "notes": "x"                          | $.notes: expected an object, found a string
          "vars": {"a": "b/c"}                  | $.vars.a: expected one name without a slash; write {"type": "path", "default": ...} for a path, found "b/c"
          "vars": {"a": ".."}                   | $.vars.a: expected one name without a slash; write {"type": "path", "default": ...} for a path, found ".."
          "vars": {"a": "${home}"}              | $.vars.a: variables are replaced once: a default holds none
          "vars": {"home": "x"}                 | $.vars.home: the name has a meaning of its own; choose another
          "vars": {"a": {"type": "path", "default": "x"}} | $.vars.a.default: expected an absolute path without . and .., found "x"
          "vars": {"a": {"type": "path"}}       | $.vars.a: expected a string, or {"type": ..., "default": ...}
          "when": [{"network": "host"}]         | $.when[0]: expected "if": {"view": ...} in it
          "when": [{"if": {"view": "wrp"}}]     | $.when[0].if.view: expected one of wrap, image, found "wrp"; did you mean wrap?
          "when": [{"if": {"vieww": "wrap"}}]   | $.when[0].if.vieww: no such key; did you mean view?
          "when": [{"if": {"view": "wrap"}, "extends": []}] | $.when[0].extends: no such key
          """)
  void eachMistakeHasItsPlaceAndWhatWasExpected(String members, String said) {
    List<String> mistakes = Policies.mistakes(members);
    assertEquals(said, mistakes.get(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "/a": {}                            | $.filesystem["/a"]: expected exactly one of bind, tmpfs, text, copy, link, hostLink, masked, readOnly, remove
          "/a": {"bnd": "/x"}                 | $.filesystem["/a"].bnd: no such key; did you mean bind?
          "/a": {"bind": "/x", "text": ""}    | $.filesystem["/a"]: expected exactly one of bind, tmpfs, text, copy, link, hostLink, masked, readOnly, remove
          "/a": {"text": "", "exec": false}   | $.filesystem["/a"].exec: does not go with text
          "/a": {"text": "", "access": "ro"}  | $.filesystem["/a"].access: does not go with text
          "/a": {"bind": "/x", "mode": "755"} | $.filesystem["/a"].mode: does not go with bind
          "/a": {"bind": "/x", "access": "wr"} | $.filesystem["/a"].access: expected one of ro, overlay, rw, found "wr"
          "/a": {"bind": "x"}                 | $.filesystem["/a"].bind: expected an absolute path of the host without . and .., found x
          "/a": {"bind": "/x/../y"}           | $.filesystem["/a"].bind: expected an absolute path of the host without . and .., found /x/../y
          "/a": {"bind": "${home}", "access": "rw"} | $.filesystem["/a"].bind: /home/alice is or holds the home directory /home/alice, which must not be writable; bind a directory below it
          "/a": {"bind": "/home", "access": "rw"} | $.filesystem["/a"].bind: /home is or holds the home directory /home/alice, which must not be writable; bind a directory below it
          "/a": {"bind": "/", "access": "rw"} | $.filesystem["/a"].bind: / is or holds the home directory /home/alice, which must not be writable; bind a directory below it
          "/a": {"bind": "/x", "protect": ["../y"]} | $.filesystem["/a"].protect[0]: expected a path relative to the bind, without . and .., found "../y"
          "/a": {"bind": "/x", "protect": ["/y"]} | $.filesystem["/a"].protect[0]: expected a path relative to the bind, without . and .., found "/y"
          "/a": {"bind": "/srv/${env:LANG2}"} | $.filesystem["/a"].bind: the variable "env:LANG2" is not set
          "/a": {"tmpfs": "0B"}               | $.filesystem["/a"].tmpfs: expected a size above 0 with its unit (B, KiB, MiB, GiB, TiB), as "512MiB", found "0B"
          "/a": {"tmpfs": "9999999TiB"}       | $.filesystem["/a"].tmpfs: expected a size above 0 with its unit (B, KiB, MiB, GiB, TiB), as "512MiB", found "9999999TiB"
          "/a": {"tmpfs": "1MiB", "mode": "-1"} | $.filesystem["/a"].mode: expected an octal mode in quotes, as "1777", found "-1"
          "/a": {"masked": false}             | $.filesystem["/a"].masked: expected true; {"remove": true} takes it away
          "a": {"tmpfs": "1MiB"}              | $.filesystem.a: expected an absolute path below / without . and ..
          "/": {"tmpfs": "1MiB"}              | $.filesystem["/"]: expected an absolute path below / without . and ..
          "/a/../b": {"tmpfs": "1MiB"}        | $.filesystem["/a/../b"]: expected an absolute path below / without . and ..
          "/a\\u0000": {"tmpfs": "1MiB"}      | $.filesystem["/a\\x00"]: it holds a NUL character
          "${env:UNSET}": {"tmpfs": "1MiB"}   | $.filesystem["${env:UNSET}"]: the variable "env:UNSET" is not set
          """)
  void eachMistakeInTheFilesystemHasItsPlace(String member, String said) {
    assertEquals(List.of(said), Policies.mistakes("\"filesystem\": {" + member + "}"));
  }

  @Test
  void twoSpellingsOfOnePathAreOne() {
    assertEquals(
        List.of("$.filesystem[\"/a/\"]: the same path as $.filesystem[\"/a\"]"),
        Policies.mistakes(
            "\"filesystem\": {\"/a\": {\"masked\": true}, \"/a/\": {\"readOnly\": true}}"));
  }

  @Test
  void everyMistakeIsFoundAtOnceAndInOrder() {
    Policy policy =
        Policies.of(
            "\"limits\": {\"pids\": 1, \"pids\": 2, \"memory\": 5},\n\"network\": \"hots\","
                + " \"network\": \"none\",\n \"process\": {\"cwd\": \"x\"}, \"nam\": \"x\",");
    assertEquals(
        List.of("1:51", "1:72", "2:12", "2:20", "3:21", "3:27", "3:37"),
        policy.check(Policies.HOST).stream().map(p -> p.origin().position().toString()).toList());
  }

  @Test
  void aMistakeInAPartForTheOtherViewShowsToo() {
    for (String view : List.of("wrap", "image")) {
      assertEquals(
          List.of(
              "$.when[0].network: expected none, host, private or an object, found true or false"),
          Policies.mistakes(
              "\"when\": [{\"if\": {\"view\": \"" + view + "\"}, \"network\": true}]"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "", "a/b", "/etc"})
  void aVariableOfTheEnvironmentIsNoWayOutOfAPath(String value) {
    HostFacts host = Policies.host(Map.of("X", value));
    List<String> said =
        Policies.said(
            Policies.of("\"filesystem\": {\"/a\": {\"bind\": \"/srv/${env:X}/ok\"}}").check(host));
    assertEquals(1, said.size());
    assertTrue(said.get(0).endsWith("in a path it must be one name without a slash"), said.get(0));
  }

  @Test
  void aMessageStaysShortWhateverThePolicyHolds() {
    List<String> said = Policies.mistakes("\"" + "x".repeat(100_000) + "\": 1");
    assertTrue(said.get(0).length() < 200, () -> "length " + said.get(0).length());
  }
}
