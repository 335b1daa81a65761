package dev.caisson.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
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
  void aFileThatIsNoConfigurationSaysNothing() {
    assertEquals(Map.of(), GitConfiguration.identity(new byte[] {0, 1, '[', 'u', '\n', '='}));
  }
}
