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
          "network": "hots"                     | $.network: expected one of none, host, found "hots"; did you mean host?
          "network": {}                         | $.network: expected a string, found an object
          "landlock": "yes"                     | $.landlock: expected true or false, found "yes"
          "proc": "all"                         | $.proc: expected one of none, pid-only, masked, found "all"
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
          "bestEffort": ["landlok"]             | $.bestEffort[0]: expected one of landlock, session-keyring, no-nested-namespaces, memory-limit, found "landlok"; did you mean landlock?
          "environment": {"pass": ["A=B"]}      | $.environment.pass[0]: expected a variable's name, with at most one * at its end, found "A=B"
          "environment": {"set": {"A*": "x"}}   | $.environment.set["A*"]: expected a variable's name, found "A*"
          "environment": {"set": {"A": 5}}      | $.environment.set.A: expected a string, found a number
          "environment": {"set": {"A": "${x"}}  | $.environment.set.A: a variable is not closed by }; $${ stands for the characters ${
          "environment": {"set": {"A": "${hoem}"}} | $.environment.set.A: the variable "hoem" is not set; did you mean home?
          "environment": {"set": {"A": "\\u0000"}} | $.environment.set.A: it holds a NUL character
          "images": 7                           | $.images: expected a name or an object, found a number
          "limits": {"pids": null}              | $.limits.pids: null says nothing; leave it out
          "expect": []                          | $.expect: this version does not carry it out; take it out
          "ceiling": {}                         | $.ceiling: this version does not carry it out; take it out
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
          "/a": {"text": "", "access": "ro"}  | $.filesystem["/a"].access: does not go with text
          "/a": {"bind": "/x", "mode": "755"} | $.filesystem["/a"].mode: does not go with bind
          "/a": {"bind": "/x", "access": "wr"} | $.filesystem["/a"].access: expected one of ro, rw, found "wr"
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
          List.of("$.when[0].network: expected a string, found true or false"),
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
