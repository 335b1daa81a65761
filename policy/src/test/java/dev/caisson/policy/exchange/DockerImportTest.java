package dev.caisson.policy.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerImportTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --cap-drop ALL                     | capabilities keep | []
          --cap-drop=ALL --cap-add=kill,CAP_CHOWN | capabilities keep | ["CAP_CHOWN","CAP_KILL"]
          --cap-drop ALL --cap-add KILL -u 5:6 | capabilities keep | []
          --read-only                        | root | "read-only"
          --rm                               | root | "writable"
          --read-only=false                  | root | "writable"
          -u 1000:1001                       | process user | "1000:1001"
          -u1000                             | process user | "1000"
          -u root                            | process user | "root"
          -u root:5                          | process user | "0:5"
          --userns keep-id                   | process user | "caller"
          --group-add 5 --group-add 6        | process groups | [5,6]
          -w /srv                            | process cwd | "/srv"
          -itw/srv                           | process cwd | "/srv"
          -h web                             | process hostname | "web"
          -e A=b=c                           | environment set A | "b=c"
          -e A=${HOME}                       | environment set A | "$${HOME}"
          --env LANG                         | environment pass | ["LANG"]
          -m 512m                            | limits memory | "512MiB"
          -m 512m                            | limits swap | "512MiB"
          -m 1g --memory-swap 1g             | limits swap | 0
          -m 1g --memory-swap 3g             | limits swap | "2GiB"
          -m 1g --memory-swap -1             | limits swap | absent
          -m 1000                            | limits memory | "1000B"
          -m 0.5gib                          | limits memory | "512MiB"
          --cpus 1.5                         | limits cpus | 1.5
          --cpus .25                         | limits cpus | 0.25
          --cpu-quota 50000                  | limits cpus | 0.5
          --cpu-quota 50000 --cpu-period 25000 | limits cpus | 2
          --pids-limit 100                   | limits pids | 100
          --ulimit nofile=1024:2048          | limits openFiles | 1024
          --ulimit nproc=7                   | limits pids | 7
          --pids-limit 5 --ulimit nproc=7    | limits pids | 5
          --pids-limit 9 --ulimit nproc=7    | limits pids | 7
          --ulimit nproc=7 --pids-limit 9    | limits pids | 7
          --timeout 60                       | limits wallClock | "60s"
          --read-only=T                      | root | "read-only"
          --ulimit fsize=1024                | limits fileSize | "1KiB"
          --ulimit cpu=90                    | limits cpuTime | "90s"
          --rm                               | network | "private"
          --network none                     | network | "none"
          --net=host                         | network | "host"
          --network bridge                   | network | "private"
          -p 8080:80                         | network publish | [{"host":"8080","inside":80,"protocol":"tcp"}]
          -p 127.0.0.1:53:53/udp             | network publish | [{"host":"127.0.0.1:53","inside":53,"protocol":"udp"}]
          -p [::1]:8080:80                   | network publish 0 host | "[::1]:8080"
          -p 8000-8001:9000-9001             | network publish 1 | {"host":"8001","inside":9001,"protocol":"tcp"}
          -p 80:80 --network host            | network | "host"
          -v /srv/a:/b:ro                    | filesystem /b | {"bind":"/srv/a","access":"ro"}
          -v /srv/a:/b                       | filesystem /b | {"bind":"/srv/a","access":"rw"}
          -v ./a:/b:ro,z                     | filesystem /b bind | "${cwd}/a"
          -v .:/b                            | filesystem /b bind | "${cwd}"
          --mount type=bind,src=/srv/a,dst=/b,readonly | filesystem /b access | "ro"
          --mount type=bind,src=/srv/a,dst=/b,readonly=1 | filesystem /b access | "ro"
          --mount type=bind,src=/srv/a,dst=/b,readonly=t | filesystem /b access | "ro"
          --mount type=bind,src=/srv/a,dst=/b,readonly=T | filesystem /b access | "ro"
          --mount type=bind,src=/srv/a,dst=/b,readonly=true | filesystem /b access | "ro"
          --mount type=bind,src=/srv/a,dst=/b,readonly=TRUE | filesystem /b access | "ro"
          --mount type=bind,src=/srv/a,dst=/b,readonly=True | filesystem /b access | "ro"
          --mount type=bind,src=/srv/a,dst=/b,ro=0 | filesystem /b access | "rw"
          --mount type=bind,src=/srv/a,dst=/b,ro=f | filesystem /b access | "rw"
          --mount type=bind,src=/srv/a,dst=/b,ro=F | filesystem /b access | "rw"
          --mount type=bind,src=/srv/a,dst=/b,ro=false | filesystem /b access | "rw"
          --mount type=bind,src=/srv/a,dst=/b,ro=FALSE | filesystem /b access | "rw"
          --mount type=bind,src=/srv/a,dst=/b,ro=False | filesystem /b access | "rw"
          --mount type=tmpfs,dst=/t,tmpfs-size=1m | filesystem /t | {"tmpfs":"1MiB","mode":"1777","exec":false}
          --tmpfs /t:size=64m,mode=700,exec  | filesystem /t | {"tmpfs":"64MiB","mode":"700"}
          --tmpfs /t                         | filesystem /t tmpfs | "64MiB"
          --security-opt seccomp=SCMP_ACT_KILL | seccomp profile | {"defaultAction":"SCMP_ACT_KILL"}
          --security-opt seccomp=builtin     | seccomp profile | "default"
          --name web                         | name | "web"
          docker run --rm debian --read-only | root | "writable"
          podman container run -- image      | root | "writable"
          """)
  void aFlagBecomesAField(String words, String path, String value) {
    assertEquals(value, Imports.at(Imports.dockerRun(words), path));
  }

  @Test
  void withoutAWordThereAreDockersFourteenCapabilities() {
    String kept = Imports.at(Imports.dockerRun("--rm"), "capabilities keep");
    assertEquals(14, kept.split(",", -1).length, kept);
    assertTrue(kept.contains("CAP_NET_RAW"), kept);
  }

  @Test
  void addingAllLeavesOutWhatIsDropped() {
    Imported imported = Imports.dockerRun("--cap-add ALL --cap-drop SYS_ADMIN");
    String kept = Imports.at(imported, "capabilities keep");
    assertEquals(40, kept.split(",", -1).length, kept);
    assertFalse(kept.contains("SYS_ADMIN"), kept);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --privileged                       | word 1, --privileged: not allowed here: all capabilities, all devices, no seccomp profile; name the capabilities instead
          --pid host                         | word 1, --pid: not allowed here: a namespace of the host's
          --ipc=host                         | word 1, --ipc: not allowed here: a namespace of the host's
          --userns host                      | word 1, --userns: not allowed here: a namespace of the host's
          --pid container:db                 | word 1, --pid: not allowed here: a namespace that others share: container:db
          --network app                      | word 1, --network: not allowed here: the network app of the engine's; there is none then
          --device /dev/kvm                  | word 1, --device: not allowed here: a device of the host
          --gpus all                         | word 1, --gpus: not allowed here: a device of the host
          -v /var/run/docker.sock:/s         | word 1, --volume: not allowed here: a bind of a socket, which lets the sandbox command a daemon
          -v //var/./run/docker.sock/:/s     | word 1, --volume: not allowed here: a bind of a socket, which lets the sandbox command a daemon
          -v /var/run:/r                     | word 1, --volume: not allowed here: a bind of /var/run, where daemons have their sockets and state
          -v /var:/r                         | word 1, --volume: not allowed here: a bind of /var, where daemons have their sockets and state
          -v /:/host                         | word 1, --volume: not allowed here: a bind of the whole host
          -v /proc:/p                        | word 1, --volume: not allowed here: a bind of the host's /proc
          --mount type=bind,src=/dev,dst=/d  | word 1, --mount: not allowed here: a bind of the host's /dev
          -v data:/d                         | word 1, --volume: not allowed here: the engine's volume data; a directory begins with / or ./
          -v /a:/b:rshared                   | word 1, --volume: not allowed here: mounts that are made later
          --security-opt seccomp=unconfined  | word 1, --security-opt: not allowed here: no seccomp profile; the default one holds
          --security-opt systempaths=unconfined | word 1, --security-opt: not allowed here: a /proc in which nothing is masked
          --security-opt no-new-privileges=false | word 1, --security-opt: not allowed here: no program gains privileges by setuid bits
          --security-opt apparmor=mine       | word 1, --security-opt: not enforced here: an AppArmor profile
          --security-opt label=type:x        | word 1, --security-opt: not enforced here: an SELinux label
          --oom-kill-disable                 | word 1, --oom-kill-disable: not allowed here: memory without a limit
          --pids-limit -1                    | word 1, --pids-limit: not allowed here: processes without a limit
          --cpu-shares 2                     | word 1, --cpu-shares: not enforced here: a share or choice of processors; cpus limits them
          --ulimit memlock=1                 | word 1, --ulimit: not enforced here: the limit memlock
          --sysctl net.core.somaxconn=1      | word 1, --sysctl: not allowed here: a parameter of the kernel
          --mount type=tmpfs,dst=/t,tmpfs-size=1m,readonly | word 1, --mount: not enforced here: a tmpfs that is read-only
          --tmpfs /t:size=1m,ro              | word 1, --tmpfs: not enforced here: a tmpfs that is read-only
          --mount type=bind,src=/srv/a,dst=/b,bind-recursive=disabled | word 1, --mount: not enforced here: a bind without what is mounted below it
          --mount type=bind,src=/srv/a,dst=/b,bind-nonrecursive | word 1, --mount: not enforced here: a bind without what is mounted below it
          -u nobody                          | word 1, --user: not enforced here: a name that only the image knows; write numbers
          -p 80                              | word 1, --publish: not allowed here: a port of the host's choice; write HOST:80
          -P                                 | word 1, --publish-all: not allowed here: ports that only the image names; publish each
          """)
  void whatChangesRightsIsNamed(String words, String said) {
    Imported imported = Imports.dockerRun(words);
    assertEquals(List.of(said), Imports.said(imported));
    assertEquals(1, imported.changes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --init                             | word 1, --init: note: orphans are always reaped
          --security-opt no-new-privileges   | word 1, --security-opt: note: it is always so
          --mount type=bind,src=/srv/a,dst=/b,bind-recursive=readonly | word 1, --mount: note: binds are always recursive, and read-only ones too
          --timeout 0                        | word 1, --timeout: note: 0 stands for no limit of time, and sets none
          --pid private                      | word 1, --pid: note: the sandbox has one of its own
          debian sh -c true                  | word 1: note: the image and its command belong to caisson run
          """)
  void whatNeedsNoWordIsNoted(String words, String said) {
    Imported imported = Imports.dockerRun(words);
    assertEquals(List.of(said), Imports.said(imported));
    assertEquals(0, imported.changes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --privilged                        | word 1: docker run has no flag --privilged; did you mean --privileged?
          -Q                                 | word 1: docker run has no flag -Q
          --cap-add SYS_ADMN                 | word 1, --cap-add: no capability is called SYS_ADMN; did you mean SYS_ADMIN?
          --memory                           | the last word: --memory needs a value
          -m lots                            | word 1, --memory: expected a size, as 512m, found lots
          -m 0                               | word 1, --memory: expected a size, as 512m, found 0
          -m 1g --memory-swap 1m             | --memory-swap: it counts memory too: it is no less than --memory
          --cpus two                         | word 1, --cpus: expected a number of processors, as 1.5, found two
          --ulimit files=3                   | word 1, --ulimit: there is no limit files
          -p 80:x                            | word 1, --publish: expected ports as 127.0.0.1:8080:80/tcp, found 80:x
          -p 1-70000:1-70000                 | word 1, --publish: expected ports as 127.0.0.1:8080:80/tcp, found 1-70000:1-70000
          --mount type=bind,src=/srv/a,dst=/b,readonly=yes | word 1, --mount: readonly is true or false, not yes
          --mount type=bind,src=/srv/a,dst=/b,readonly,ro=0 | word 1, --mount: readonly is given twice
          --mount type=bind,src=/srv/a,dst=/b,target=/c | word 1, --mount: target is given twice
          --mount type=bind,src=/srv/a,dst=/b,bind-recursive=no | word 1, --mount: bind-recursive is enabled, disabled, writable or readonly, not no
          --cpus 1 --cpu-quota 50000         | --cpus: it stands for --cpu-quota and --cpu-period: give either
          --timeout soon                     | word 1, --timeout: expected a whole number above 0, found soon
          -e *                               | word 1, --env: a variable's name holds no *; name each: *
          -e LC_*=a                          | word 1, --env: a variable's name holds no *; name each: LC_*
          -v /a:/b:zz                        | word 1, --volume: docker run knows no such option: zz
          --tmpfs /t:size=x                  | word 1, --tmpfs: expected a size, as size=64m
          --read-only=maybe                  | word 1: --read-only is true or false, not maybe
          --security-opt secomp=x            | word 1, --security-opt: docker run knows no such option: secomp
          --security-opt seccomp=SCMP_ACT_X  | word 1, --security-opt: SCMP_ACT_X:1:19: $.defaultAction: expected an action, found SCMP_ACT_X; did you mean SCMP_ACT_LOG?
          -v /home/alice:/h                  | in the policy that it comes to, $.filesystem["/h"].bind: /home/alice is or holds the home directory /home/alice, which must not be writable; bind a directory below it
          -v /a:b                            | in the policy that it comes to, $.filesystem.b: expected an absolute path below / without . and ..
          -e =x                              | in the policy that it comes to, $.environment.set[""]: expected a variable's name, found ""
          """)
  void whatIsUnknownIsAMistake(String words, String said) {
    assertEquals(List.of(said), Imports.mistakes(() -> Imports.dockerRun(words)));
  }

  @Test
  void everyMistakeIsSaidAtOnce() {
    List<String> mistakes =
        Imports.mistakes(() -> Imports.dockerRun("--cap-add X --nope -m x --privileged"));
    assertEquals(3, mistakes.size(), mistakes::toString);
  }

  @Provide
  Arbitrary<List<String>> lines() {
    return Arbitraries.of(
            "--cap-add",
            "ALL",
            "-v",
            "/a:/b",
            "/a/..:/c",
            "--mount",
            "type=tmpfs,dst=/x",
            "-p",
            "::1:1:1",
            "1:1",
            ":",
            "=",
            "--",
            "-",
            "",
            "-it",
            "-m",
            "1g",
            "9999999999t",
            "--cpus",
            "1.2.3",
            "-u",
            "0:0",
            "4294967295",
            "--ulimit",
            "nofile",
            "nofile=",
            "-e",
            "A",
            "A=${",
            "--tmpfs",
            "/t:size=1,mode=9",
            "--security-opt",
            "seccomp=",
            "=x",
            "-w",
            "\0",
            "docker",
            "--hostname",
            "a b",
            "--memory-swap",
            "-1",
            "--group-add",
            "99999999999",
            "--network")
        .list()
        .ofMaxSize(8);
  }

  @Property(tries = 1000)
  void noLineBreaksIt(@ForAll("lines") List<String> words) {
    try {
      assertTrue(Imports.dockerRun(words).policy().get("extends").isPresent());
    } catch (ExchangeRefusal refusal) {
      assertFalse(refusal.mistakes().isEmpty());
    }
  }
}
