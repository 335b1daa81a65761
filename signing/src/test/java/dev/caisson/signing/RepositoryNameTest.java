package dev.caisson.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryNameTest {
  /** The grammar as the OCI distribution specification writes it. */
  private static final Pattern SPECIFIED =
      Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app",
        "team/app",
        "localhost/app",
        "localhost:5000/app",
        "192.168.64.2:5000/skopeo-signed",
        "Registry.example.com/team/my--app__2.x",
      })
  void theseAreNames(String name) {
    RepositoryName.require(name);
    assertTrue(RepositoryName.isOne(name));
  }

  @ParameterizedTest
  @CsvSource({
    "BAD/../x,                       BAD is no part",
    "team/../x,                      .. is no part",
    "'',                             an empty part",
    "/app,                           an empty part",
    "team//app,                      an empty part",
    "app/,                           an empty part",
    "app:v1,                         app:v1 is no part",
    "registry.example.com/app:v1,    app:v1 is no part",
    "registry.example.com/app@x,     app@x is no part",
    "docker://registry.example.com,  docker: is no registry's",
    "registry.example.com:/app,      registry.example.com: is no registry's",
    "registry.example.com:99999/app, registry.example.com:99999 is no registry's",
    "-registry.example.com/app,      -registry.example.com is no registry's",
    "registry..com/app,              registry..com is no registry's",
    "../app,                         .. is no registry's",
    "team/App,                       App is no part",
    "team/a\"b,                      a\"b is no part",
    "team/-a,                        -a is no part",
    "team/a-,                        a- is no part",
    "team/a..b,                      a..b is no part",
    "team/a___b,                     a___b is no part",
    "team/a._b,                      a._b is no part",
  })
  void theseAreNoNames(String name, String why) {
    assertRefused(name, why);
  }

  @Test
  void aNameHasAtMost255Characters() {
    RepositoryName.require("a".repeat(255));
    assertRefused("a".repeat(256), "longer than 255");
  }

  /** Every text of up to six characters of those that the grammar tells apart. */
  @Test
  void withoutARegistryItIsTheGrammarOfTheSpecification() {
    String alphabet = "a._-/A";
    for (int length = 0; length <= 6; length++) {
      int[] digits = new int[length];
      do {
        StringBuilder name = new StringBuilder("x/");
        for (int digit : digits) {
          name.append(alphabet.charAt(digit));
        }
        String text = name.toString();
        assertEquals(SPECIFIED.matcher(text).matches(), RepositoryName.isOne(text), text);
      } while (next(digits, alphabet.length()));
    }
  }

  private static boolean next(int[] digits, int base) {
    for (int i = 0; i < digits.length; i++) {
      digits[i] = (digits[i] + 1) % base;
      if (digits[i] != 0) {
        return true;
      }
    }
    return false;
  }

  private static void assertRefused(String name, String why) {
    TrustRefusal refusal = assertThrows(TrustRefusal.class, () -> RepositoryName.require(name));
    assertTrue(refusal.why().contains(why), refusal.why());
  }
}
