package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writable current directory gives no way to run code outside later. */
class WrapProtectionTest {
  private static final List<String> WRITABLE = List.of("--rw");

  private static final String ATTACK =
      """
      mv .git x; rm -rf .git; mkdir -p .git/hooks
      echo evil >.git/hooks/pre-commit; echo evil >>.git/config
      mv .git/config y; mv .git/hooks z; ln -sf /tmp/evil .git/config
      echo evil >>.envrc; rm -f .envrc; mv .vscode v; echo evil >.vscode/tasks.json
      echo evil >>policy.json
      echo done >ordinary
      """;

  @TempDir private Path scratch;
  private Scratch project;

  @BeforeEach
  void repository() throws IOException {
    project = Scratch.in(scratch);
    project.host("git", "init", "-q", ".").run().expect(0);
    project.host("git", "config", "user.name", "A").run().expect(0);
    project.host("git", "config", "user.email", "a@example.org").run().expect(0);
    project.file(".envrc", "export A=1\n");
    Files.createDirectory(project.directory().resolve(".vscode"));
    project.file(".vscode/tasks.json", "{}\n");
    project.file(
        "policy.json",
        "{\"apiVersion\": \"caisson/1\", \"name\": \"mine\", \"extends\": [\"untrusted\"]}\n");
  }

  @Test
  void withoutASandboxTheAttackChangesEverything() throws IOException {
    Peer.need("git");
    project.host("sh", "-c", ATTACK).run();
    assertEquals("evil\n", text("z/pre-commit"));
    assertTrue(Files.isSymbolicLink(project.directory().resolve(".git/config")));
    assertFalse(Files.exists(project.directory().resolve(".envrc")));
    assertTrue(text("policy.json").endsWith("evil\n"));
  }

  /** As husky and others set it: git runs what lies there. */
  @Test
  void aDirectoryOfHooksStaysAsItIs() throws IOException {
    Peer.need("git");
    if (project.refusesToWrite()) {
      return;
    }
    Files.createDirectories(project.directory().resolve("tools/hooks"));
    project.file("tools/hooks/pre-commit", "#!/bin/sh\n");
    project.host("git", "config", "core.hooksPath", "tools/hooks").run().expect(0);
    String attack =
        "echo evil > tools/hooks/pre-commit; echo evil > tools/hooks/post-commit; mv tools/hooks x;"
            + " mv tools y; echo fine > tools/ordinary; ls tools";
    Outcome outcome = project.wrap(WRITABLE, "sh", "-c", attack).run().expect(0);
    assertEquals("hooks\nordinary\n", outcome.text(), outcome::toString);
    assertEquals("#!/bin/sh\n", text("tools/hooks/pre-commit"));
    project.host("git", "config", "--unset", "core.hooksPath").run().expect(0);
    project.wrap(WRITABLE, "sh", "-c", "echo evil > tools/hooks/pre-commit").run().expect(0);
    assertEquals("evil\n", text("tools/hooks/pre-commit"));
  }

  @Test
  void whatRunsCodeLaterStaysAsItIs() throws IOException {
    if (project.refusesToWrite()) {
      return;
    }
    Peer.need("git");
    String config = text(".git/config");
    String policy = text("policy.json");
    Outcome outcome =
        project
            .wrap(List.of("--rw", "--policy", "./policy.json"), "sh", "-c", ATTACK)
            .run()
            .expect(0);
    assertTrue(outcome.error().contains("cannot move '.git'"), outcome::error);
    assertEquals("done\n", text("ordinary"));
    assertEquals(config, text(".git/config"));
    assertFalse(Files.exists(project.directory().resolve(".git/hooks/pre-commit")));
    assertEquals("export A=1\n", text(".envrc"));
    assertEquals("{}\n", text(".vscode/tasks.json"));
    assertEquals(policy, text("policy.json"));
  }

  @Test
  void whatAppearsIsNamedAtTheEnd() {
    if (project.refusesToWrite()) {
      return;
    }
    Outcome outcome =
        project.wrap(WRITABLE, "sh", "-c", "echo evil >.bashrc; exit 3").run().expect(3);
    assertTrue(
        outcome.error().contains("caisson: new in " + project.directory() + ": .bashrc\n"),
        outcome::error);
    assertFalse(project.wrap(WRITABLE, "true").run().expect(0).error().contains("new in"));
  }

  /** A git directory with a file commondir takes hooks and configuration from where that says. */
  @Test
  void configurationOfGitIsNotMovedElsewhere() throws IOException {
    if (project.refusesToWrite()) {
      return;
    }
    Peer.need("git");
    String outside = project.directory() + "/ran";
    String attack =
        "cp -a .git evil; git config -f evil/config core.fsmonitor '>>" + outside + "; false'; ";
    project.host("sh", "-ec", attack + "echo ../evil >.git/commondir").run().expect(0);
    project.host("git", "status").run().expect(0);
    assertTrue(Files.exists(project.directory().resolve("ran")), "without a sandbox it runs");
    project.host("rm", "-r", ".git/commondir", "evil", "ran").run().expect(0);

    String appears = attack + "echo ../evil >.git/commondir";
    Outcome outcome = project.wrap(WRITABLE, "sh", "-ec", appears).run().expect(0);
    assertTrue(outcome.error().contains(".git/commondir"), outcome::error);
    project.host("rm", "-r", ".git/commondir", "evil").run().expect(0);

    project.host("sh", "-ec", "git commit -q --allow-empty -m a; git worktree add -q tree").run();
    String common = ".git/worktrees/tree/commondir";
    String before = text(common);
    String linked = attack + "echo ../../../evil >" + common;
    outcome = project.wrap(WRITABLE, "sh", "-c", linked).run();
    assertTrue(outcome.error().contains("Read-only file system"), outcome::toString);
    assertEquals(before, text(common));
  }

  @Test
  void theUserMayAllowAName() throws IOException {
    if (project.refusesToWrite()) {
      return;
    }
    Peer.need("git");
    project.wrap(WRITABLE, "git", "config", "user.name", "B").run().expect(4);
    assertFalse(text(".git/config").contains("B"));
    project
        .wrap(List.of("--rw", "--allow-write", ".git/config"), "git", "config", "user.name", "B")
        .run()
        .expect(0);
    assertTrue(text(".git/config").contains("name = B"));
  }

  @Test
  void nothingIsAllowedWhereNothingIsWritable() {
    Outcome outcome =
        project.wrap(List.of("--allow-write", ".git/config"), "true").run().expect(125);
    assertTrue(
        outcome
            .error()
            .contains(
                "cannot let .git/config be written to: --allow-write lifts a protection within a"
                    + " writable directory, and none is asked for. Ask for one, with --rw"),
        outcome::toString);
  }

  @Test
  void gitWorksInAWritableDirectory() {
    if (project.refusesToWrite()) {
      return;
    }
    Peer.need("git");
    String work =
        "git add . && git commit -qm one && echo x >a && git add a && git commit -qm two && "
            + "git checkout -qb other && echo y >a && git stash -q && git rebase -q HEAD~1 && "
            + "git gc -q && git log --format='%an %s'";
    Outcome outcome = project.wrap(WRITABLE, "sh", "-ec", work).run().expect(0);
    assertEquals("A two\nA one\n", outcome.text());
  }

  @Test
  void withoutTheFlagNothingIsWritten() {
    Outcome outcome = project.wrap("sh", "-c", "echo x >a").run();
    assertTrue(outcome.error().contains("Read-only file system"), outcome::toString);
  }

  private String text(String name) throws IOException {
    return Files.readString(project.directory().resolve(name));
  }
}
