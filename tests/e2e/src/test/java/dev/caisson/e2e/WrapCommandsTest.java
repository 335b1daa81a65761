package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everyday commands of a host work in the view, or fail with a word about what is hidden. */
class WrapCommandsTest {
  /** A shell command, the program it needs, and a line that it must print. */
  record Everyday(String program, String command, String line) {
    @Override
    public String toString() {
      return command;
    }
  }

  static Stream<Everyday> commands() {
    // Debian's npm brings some 300 packages: it is tried where it is there
    return all().filter(each -> !each.program().equals("npm") || Peer.find("npm"));
  }

  private static Stream<Everyday> all() {
    return Stream.of(
        new Everyday("sh", "echo one | cat", "one"),
        new Everyday("bash", "bash -lc 'x=(1 2); echo ${#x[@]}'", "2"),
        new Everyday("ls", "ls", "data.txt"),
        new Everyday("cp", "cp data.txt ~ && cat ~/data.txt", "beta 2"),
        new Everyday("find", "find . -name '*.txt'", "./data.txt"),
        new Everyday("grep", "grep -c a data.txt", "2"),
        new Everyday("sed", "sed -n s/alpha/omega/p data.txt", "omega 1"),
        new Everyday("awk", "awk '{s += $2} END {print s}' data.txt", "3"),
        new Everyday("sort", "sort -r data.txt", "beta 2"),
        new Everyday("xargs", "cut -d' ' -f2 data.txt | xargs -n1 -P2 echo n", "n 2"),
        new Everyday("tar", "tar -cf /tmp/a.tar data.txt && tar -tf /tmp/a.tar", "data.txt"),
        new Everyday("gzip", "gzip -c data.txt | gunzip", "alpha 1"),
        new Everyday("xz", "xz -c data.txt | xz -d", "alpha 1"),
        new Everyday("zip", "zip -q ~/a.zip data.txt && unzip -Z1 ~/a.zip", "data.txt"),
        new Everyday("diff", "diff data.txt /etc/hostname || true", "> caisson"),
        new Everyday(
            "patch", "cd /tmp && echo a >f && printf '1c\\nb\\n.\\n' | patch -e f && cat f", "b"),
        new Everyday("python3", "python3 -c 'import json, ssl; print(json.dumps({}))'", "{}"),
        new Everyday(
            "python3",
            "python3 -m venv --without-pip /tmp/v && /tmp/v/bin/python -c 'import sys;"
                + " print(sys.prefix)'",
            "/tmp/v"),
        new Everyday(
            "python3",
            "python3 -c 'import multiprocessing as m; print(m.get_context(\"forkserver\")"
                + ".Pool(2).map(abs, [-1, 2]))'",
            "[1, 2]"),
        new Everyday("node", "node -e 'setTimeout(() => console.log(6 * 7), 1)'", "42"),
        new Everyday("npm", "npm --version >/dev/null && echo there", "there"),
        new Everyday(
            "java",
            "printf 'class A { public static void main(String[] a) { System.out.println(42); } }'"
                + " >/tmp/A.java && java /tmp/A.java",
            "42"),
        new Everyday("mvn", "mvn -v 2>/dev/null | grep -c 'Apache Maven'", "1"),
        new Everyday(
            "gcc",
            "printf '#include <stdio.h>\\nint main(void) { puts(\"built\"); }' >/tmp/a.c && cd /tmp &&"
                + " gcc a.c && ./a.out",
            "built"),
        new Everyday("make", "printf 'all:\\n\\t@echo made\\n' | make -f -", "made"),
        new Everyday("perl", "perl -MPOSIX -e 'print floor(1.5), \"\\n\"'", "1"),
        new Everyday("openssl", "printf a | openssl dgst -sha256 -r | cut -c1-8", "ca978112"),
        new Everyday(
            "openssl",
            "openssl req -x509 -newkey rsa:2048 -nodes -keyout ~/k -out ~/c -subj /CN=x"
                + " 2>/dev/null && openssl x509 -in ~/c -noout -subject",
            "subject=CN = x"),
        new Everyday(
            "sqlite3",
            "sqlite3 ~/a.db 'create table t(a); insert into t values(5); select * from t'",
            "5"),
        new Everyday("ps", "ps -o comm= -p $$", "sh"),
        new Everyday("git", "git log --format=%s", "first"),
        new Everyday("git", "git status --short", "?? untracked"),
        new Everyday(
            "ssh-keygen",
            "ssh-keygen -q -t ed25519 -N '' -f ~/k && cut -d' ' -f1 ~/k.pub",
            "ssh-ed25519"),
        new Everyday(
            "gpg",
            "gpg -q --batch --passphrase '' --quick-gen-key a@example.org 2>/dev/null &&"
                + " echo x | gpg -q --batch --sign --armor | head -1",
            "-----BEGIN PGP MESSAGE-----"),
        new Everyday(
            "man",
            "printf '.TH A 1\\n.SH NAME\\nworks\\n' >/tmp/a.1 && man -P cat /tmp/a.1 | grep -o works",
            "works"),
        new Everyday("jq", "echo '{\"a\": 5}' | jq .a", "5"),
        new Everyday("bc", "echo 6*7 | bc", "42"),
        new Everyday(
            "tmux",
            "tmux new-session -d 'sleep 60' && tmux ls | cut -d: -f1 && tmux kill-server",
            "0"),
        new Everyday("file", "file -b data.txt", "ASCII text"));
  }

  @TempDir private Path scratch;
  private Scratch project;

  @BeforeEach
  void project() throws IOException {
    project = Scratch.in(scratch);
    project.file("data.txt", "alpha 1\nbeta 2\n");
  }

  private void repository() throws IOException {
    Peer.need("git");
    String commit = "git init -q . && git add . && git commit -qm first";
    project
        .host("sh", "-c", commit)
        .with("GIT_AUTHOR_NAME", "A")
        .with("GIT_AUTHOR_EMAIL", "a@example.org")
        .with("GIT_COMMITTER_NAME", "A")
        .with("GIT_COMMITTER_EMAIL", "a@example.org")
        .run()
        .expect(0);
    project.file("untracked", "");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void works(Everyday everyday) throws IOException {
    Peer.need(everyday.program());
    if (everyday.program().equals("git")) {
      repository();
    }
    // what the system installed, not what lies in a home that the view hides
    Outcome outcome =
        project
            .wrap("sh", "-c", everyday.command())
            .with("PATH", "/usr/local/bin:/usr/bin:/bin")
            .with("JAVA_HOME", System.getProperty("java.home"))
            .run()
            .expect(0);
    assertTrue(outcome.text().lines().toList().contains(everyday.line()), outcome::toString);
    assertEquals("", outcome.error());
  }

  @Test
  void whatTheCallersUmaskKeepsPrivateStaysPrivate() {
    List<String> words = new ArrayList<>(List.of("sh", "-c", "umask 047; exec \"$@\"", "sh"));
    words.addAll(project.wrap("sh", "-c", "umask").words());
    Command command = Command.of(words).with("HOME", scratch.toString()).in(project.directory());
    assertEquals("0067\n", command.run().expect(0).text());
  }

  @Test
  void curlFailsWithAWordAboutTheNetwork() {
    Peer.need("curl");
    Outcome outcome = project.wrap("curl", "-sS", "https://example.com/").run().expect(6);
    assertTrue(
        outcome.error().contains("curl finds no network inside; --egress HOST:PORT"),
        outcome::error);
  }

  @Test
  void lessAndVimWorkOnATerminal() throws Exception {
    Peer.need("tmux", "less", "vim");
    List<String> less = project.wrap("less", "data.txt").words();
    try (Screen screen = Screen.running(less, project.directory())) {
      screen.await("beta 2");
      screen.type("q");
      screen.await("ended with 0");
    }
    List<String> vim = project.wrap("vim", "-u", "NONE", "data.txt").words();
    try (Screen screen = Screen.running(vim, project.directory())) {
      screen.await("\"data.txt\"");
      screen.type(":echo 6*7", "Enter");
      screen.await("42");
      screen.type(":q!", "Enter");
      screen.await("ended with 0");
    }
  }
}
