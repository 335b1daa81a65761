package dev.caisson.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GitConfigurationTest {
  @Test
  void readsTheUsersNameAndEmail() {
    String file =
        """
        # a comment
        [core]
        \tname = not this
        [User]
        \tName = "Ann \\"A\\" O'Neil" ; trailing
        \temail=ann@example.test # x
        \tsigningkey = 1
        [user "section"]
        \tname = nor this
        """;

    assertEquals(
        Map.of("user.name", "Ann \"A\" O'Neil", "user.email", "ann@example.test"),
        GitConfiguration.identity(file.getBytes(ISO_8859_1)));
  }

  @Test
  void readsWhereHooksAre() {
    String file = "[core]\n\tbare = false\n\thooksPath = .husky/_\n[core \"x\"]\nhookspath = no\n";
    assertEquals(Optional.of(".husky/_"), GitConfiguration.hooks(file.getBytes(ISO_8859_1)));
    assertEquals(Optional.empty(), GitConfiguration.hooks("[user]\n".getBytes(ISO_8859_1)));
  }

  @Test
  void aFileThatIsNoConfigurationSaysNothing() {
    assertEquals(Map.of(), GitConfiguration.identity(new byte[] {0, 1, '[', 'u', '\n', '='}));
  }
}
