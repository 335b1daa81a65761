package dev.caisson.policy.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.json.JsonArray;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Position;
import dev.caisson.policy.Architecture;
import dev.caisson.policy.Policies;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OciExportTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          `` | process noNewPrivileges | true
          `` | process capabilities bounding | []
          `` | root readonly | true
          `` | hostname | "caisson"
          `` | linux uidMappings | [{"containerID":0,"hostID":1000,"size":1}]
          `` | linux namespaces | [{"type":"pid"},{"type":"mount"},{"type":"user"},{"type":"ipc"},{"type":"uts"},{"type":"cgroup"},{"type":"network"}]
          `` | process rlimits | [{"type":"RLIMIT_CORE","hard":1,"soft":1}]
          `` | mounts 0 options | ["nosuid","noexec","nodev","hidepid=2","subset=pid","ro"]
          `` | linux resources | absent
          `` | process args | ["/bin/sh"]
          "root": "writable" | root readonly | false
          "network": "host" | linux namespaces 6 | absent
          "proc": "full" | mounts 0 options | ["nosuid","noexec","nodev"]
          "proc": "none" | mounts 0 destination | "/dev"
          "capabilities": {"keep": ["CAP_KILL"]} | process capabilities ambient | ["CAP_KILL"]
          "process": {"user": "33:34"} | process user uid | 33
          "process": {"user": "33:34"} | linux gidMappings 0 containerID | 34
          "process": {"user": "caller"} | linux uidMappings 0 containerID | 1000
          "process": {"cwd": "/srv", "umask": "077"} | process user umask | 63
          "limits": {"memory": "1MiB", "swap": 0} | linux resources memory | {"limit":1048576,"swap":1048576}
          "limits": {"cpus": 1.5} | linux resources cpu | {"quota":150000,"period":100000}
          "limits": {"pids": 7, "openFiles": 8} | process rlimits 2 | {"type":"RLIMIT_NOFILE","hard":8,"soft":8}
          "environment": {"set": {"B": "2", "A": "${user}"}} | process env | ["A=alice","B=2"]
          "namespaces": {"time": {"boottime": "1h"}} | linux timeOffsets boottime secs | 3600
          "filesystem": {"/t": {"tmpfs": "1KiB", "exec": false}} | mounts 5 options | ["nosuid","nodev","noexec","mode=755","size=1024"]
          "filesystem": {"/t": {"tmpfs": "1MiB"}}, "limits": {"tmpfs": "1KiB"} | mounts 5 options 3 | "size=1024"
          "filesystem": {"/b": {"bind": "/srv/a"}} | mounts 5 options | ["rbind","rprivate","rnosuid","rnodev","rro"]
          "filesystem": {"/b": {"bind": "/srv/a", "access": "rw", "protect": ["c/.git"]}} | mounts 6 | {"destination":"/b/c","type":"bind","source":"/srv/a/c","options":["rbind","rprivate","rnosuid","rnodev","rw"]}
          "filesystem": {"/b": {"bind": "/srv/a", "access": "rw", "protect": ["c/.git"]}} | mounts 7 | {"destination":"/b/c/.git","type":"bind","source":"/srv/a/c/.git","options":["rbind","rprivate","rnosuid","rnodev","rro"]}
          "filesystem": {"/b": {"bind": "/gone", "optional": true}} | mounts 5 | absent
          "secrets": {"t": {"file": "/srv/t"}} | mounts 5 destination | "/run/secrets/t"
          """)
  void aFieldBecomesAFieldOfTheConfig(String members, String path, String value) {
    assertEquals(value, JsonText.line(value(export(members), path)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "root": "writable" | root: not enforced here: what is written to the root stays in rootfs
          "bestEffort": [] | landlock: not enforced here: Landlock rules
          "limits": {"wallClock": "1m"} | limits.wallClock: not enforced here: a limit of the time that it runs
          "limits": {"output": "1MiB"} | limits.output: not enforced here: a limit of what it prints
          "limits": {"swap": 0} | limits.swap: not enforced here: it counts only beside limits.memory
          "devices": [] | devices: not enforced here: runtimes make all six of them
          "filesystem": {"/b": {"bind": "/srv/a"}} | filesystem /b: not enforced here: a FIFO in it reaches its owner
          "unixSockets": true, "filesystem": {"/b": {"bind": "/srv/a"}} | filesystem /b: not enforced here: a socket or FIFO in it reaches its owner
          "filesystem": {"/b": {"bind": "/srv/a", "access": "rw", "protect": ["gone"]}} | filesystem /b: not enforced here: gone is not there yet, and may be made
          "filesystem": {"/b": {"link": "/c"}} | filesystem /b: not allowed here: a link; put it into the root
          "filesystem": {"/b": {"bind": "/srv/a", "system": true, "access": "overlay"}} | filesystem /b: not allowed here: writes to memory; it is read-only
          "network": "private" | network: not allowed here: an engine must connect the network; there is loopback
          "process": {"groups": [5]} | process.groups: not allowed here: a single id is mapped, so there are no groups
          "secrets": {"t": {"fd": 5}} | secrets t: not allowed here: what a descriptor gives
          "environment": {"pass": ["TERM"]} | environment.pass: note: add the caller's to process.env: TERM
          "images": {"default": []} | images: not enforced here: runtimes verify no image
          """)
  void whatTheConfigCannotSayIsNamed(String members, String said) {
    List<String> lines = export(members).leftOut().stream().map(LeftOut::toString).toList();
    assertTrue(lines.contains(said), lines::toString);
  }

  @Test
  void nothingIsLostOfAPolicyThatAsksForWhatRuntimesHave() {
    assertEquals(0, export("").weaknesses(), () -> export("").leftOut().toString());
  }

  @Test
  void aTextIsAFileOfTheBundle() {
    Exported exported = export("\"filesystem\": {\"/etc/hosts\": {\"text\": \"a\\n\"}}");
    assertEquals("\"files/0\"", JsonText.line(value(exported, "mounts 5 source")));
    assertEquals("a\n", new String(exported.files().get("files/0"), StandardCharsets.UTF_8));
  }

  private static Exported export(String members) {
    String defaults =
        "\"devices\": [\"null\", \"zero\", \"full\", \"random\", \"urandom\", \"tty\"],"
            + " \"bestEffort\": [\"landlock\"]";
    String all =
        members.contains("bestEffort")
            ? members
            : members.contains("devices")
                ? members
                : defaults + (members.isEmpty() ? "" : ", " + members);
    return PolicyExport.oci(
        Policies.effective(all),
        Policies.HOST,
        Architecture.X86_64,
        List.of("/bin/sh"),
        path -> !path.toString().contains("gone"));
  }

  /** What stands at {@code path}, names and indices parted by spaces; "absent" without quotes. */
  private static JsonValue value(Exported exported, String path) {
    JsonValue absent = new JsonNumber(new Position(1, 1), "absent");
    JsonValue value = exported.document();
    for (String name : path.split(" ", -1)) {
      if (value instanceof JsonArray array) {
        int index = Integer.parseInt(name);
        value = index < array.elements().size() ? array.elements().get(index) : absent;
      } else if (value instanceof JsonObject object) {
        value = object.get(name).orElse(absent);
      }
    }
    return value;
  }
}
