package dev.caisson.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** git in a subdirectory of its repository and in a linked worktree. */
class WrapGitTest {
  private static final String REPOSITORY =
      """
      set -e; rm -rf main tree checkout secret
      export GIT_AUTHOR_NAME=n GIT_AUTHOR_EMAIL=e GIT_COMMITTER_NAME=n GIT_COMMITTER_EMAIL=e
      git init -q main; cd main; mkdir sub; echo one > f; echo two > sub/g; git add .
      git commit -qm first; git worktree add -q ../tree; cd ..
      """;

  @TempDir private Path temporary;
  private Scratch scratch;

  @BeforeEach
  void scratch() throws IOException {
    Peer.need("git");
    scratch = Scratch.in(temporary);
  }

  private Outcome in(String directory, String script) {
    return scratch.shell(REPOSITORY + "cd " + directory + "; set +e\n" + script).run();
  }

  @Test
  void aSubdirectoryKnowsItsRepository() {
    String look = "git status --short; git log --format=%s; git diff --stat; cat ../f";
    assertEquals(
        "first\none\n", in("main/sub", "caisson wrap --git -- sh -c '" + look + "'").text());
    Outcome without = in("main/sub", "caisson wrap -- git log");
    assertTrue(without.error().contains("or show it with --git"), without::toString);
    Outcome none = scratch.shell("mkdir d; cd d; caisson wrap --git -- true").run().expect(125);
    assertTrue(none.error().contains("has a .git"), none::toString);
  }

  @Test
  void aWorktreeKnowsItsRepository() {
    String look = "git status --short; git log --format=%s; git rev-parse --abbrev-ref HEAD";
    assertEquals("first\ntree\n", in("tree", "caisson wrap --git -- sh -c '" + look + "'").text());
  }

  @Test
  void withRwTheDirectoryAndTheGitDirectoryAreWritten() {
    Scratch.onlyAsRoot(false);
    String write =
        "echo new > g; git add g; git -c user.name=n -c user.email=e commit -qm second;"
            + " echo x > ../f; for each in hooks/post-commit config; do echo x > ../.git/$each; done;"
            + " mv ../.git ../elsewhere";
    Outcome outcome =
        in(
            "main/sub",
            "caisson wrap --rw --git -- sh -c '" + write + "'; git log --format=%s; cat ../f");
    assertEquals("second\nfirst\none\n", outcome.text(), outcome::toString);
    Outcome tree =
        in(
            "tree",
            "caisson wrap --rw --git -- sh -c 'echo new > f; git add f; git status --short;"
                + " d=$(git rev-parse --git-dir); echo x > $d/commondir; echo x > $d/../../config';"
                + " git status --short");
    // an object of the shared directory is not added, so the index stays as it was
    assertTrue(tree.text().endsWith(" M f\n"), tree::toString);
    assertTrue(tree.error().contains("commondir: Read-only file system"), tree::toString);
    assertTrue(tree.error().contains("config: Read-only file system"), tree::toString);
  }

  /** A checkout whose .git names another directory shows nothing of it. */
  @Test
  void aFileThatNamesWhatDoesNotNameItBackIsRefused() {
    String steal =
        "mkdir checkout secret; echo mine > secret/HEAD; echo . > secret/commondir;"
            + " echo gitdir: $PWD/%s > checkout/.git; cd checkout;"
            + " caisson wrap --git -- cat $OLDPWD/secret/HEAD";
    for (String named : new String[] {"secret", "main/.git", "main/.git/worktrees/tree"}) {
      Outcome outcome = scratch.shell(REPOSITORY + "set +e\n" + steal.formatted(named)).run();
      assertTrue(outcome.error().contains("names it back"), outcome::toString);
      assertEquals("", outcome.text());
    }
  }
}
