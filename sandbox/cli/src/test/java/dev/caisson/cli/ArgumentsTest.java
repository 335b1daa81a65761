package dev.caisson.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static final Flag SWITCH = Flag.on("-s --switch", "A switch.");
  private static final Flag OTHER = Flag.on("-o --other", "Another switch.");
  private static final Flag ONE = Flag.value("-f --file", "FILE", "One value.");
  private static final Flag MANY = Flag.values("-m --many", "X", "A value each time.");
  private static final Flag PAIR = Flag.values("--pair", "NAME VALUE", "Two values each time.");

  private static Syntax syntax(boolean payload) {
    return new Syntax(
        "try",
        List.of(""),
        "Tries.",
        List.of(),
        List.of(SWITCH, OTHER, ONE, MANY, PAIR),
        List.of(),
        payload);
  }

  private static Arguments parse(String... words) {
    return Arguments.parse(syntax(true), Arrays.stream(words).map(UnixPath::of).toList());
  }

  private static String refused(String... words) {
    return String.valueOf(assertThrows(UsageRefusal.class, () -> parse(words)).getMessage());
  }

  private static List<UnixPath> paths(String... words) {
    return Arrays.stream(words).map(UnixPath::of).toList();
  }

  @Test
  void everyWayToWriteAFlag() {
    for (String[] words :
        new String[][] {
          {"--file", "a b"}, {"--file=a b"}, {"-f", "a b"}, {"-fa b"}, {"-sfa b"}, {"-sof", "a b"}
        }) {
      assertEquals(paths("a b"), List.of(parse(words).required(ONE)), String.join("|", words));
    }
    Arguments cluster = parse("-so");
    assertTrue(cluster.has(SWITCH) && cluster.has(OTHER));
    assertFalse(cluster.has(ONE));
    assertTrue(parse("-s", "--switch", "-ss").has(SWITCH));
  }

  @Test
  void valuesAreKeptByOccurrence() {
    Arguments arguments = parse("--pair", "a", "b", "-m", "c", "--pair", "-s", "-o", "-md=e");
    assertEquals(List.of(paths("a", "b"), paths("-s", "-o")), arguments.all(PAIR));
    assertEquals(List.of(paths("c"), paths("d=e")), arguments.all(MANY));
    assertFalse(arguments.has(SWITCH));
  }

  @Test
  void aValueMayLookLikeAFlag() {
    assertEquals(UnixPath.of("--switch"), parse("--file", "--switch").required(ONE));
    assertEquals(UnixPath.of("-"), parse("-f", "-").required(ONE));
    assertEquals(UnixPath.of("@/etc/passwd"), parse("-f", "@/etc/passwd").required(ONE));
    assertEquals(UnixPath.of("\"q\""), parse("-f", "\"q\"").required(ONE));
    assertEquals(UnixPath.of("${sys:user.name}"), parse("-f", "${sys:user.name}").required(ONE));
  }

  @Test
  void whatFollowsThePayloadIsThePayloads() {
    Arguments arguments = parse("-s", "sh", "-o", "--", "--file", "@x", "--unknown");
    assertEquals(paths("sh", "-o", "--", "--file", "@x", "--unknown"), arguments.operands());
    assertFalse(arguments.has(OTHER));
    assertEquals(paths("-s", "--", ""), parse("--", "-s", "--", "").operands());
    assertEquals(paths("-", "-s"), parse("-", "-s").operands());
  }

  @Test
  void otherVerbsTakeFlagsAfterOperands() {
    Arguments arguments =
        Arguments.parse(syntax(false), paths("a", "-s", "b", "--file=x", "--", "-o"));
    assertEquals(paths("a", "b", "-o"), arguments.operands());
    assertTrue(arguments.has(SWITCH) && arguments.has(ONE));
    assertFalse(arguments.has(OTHER));
  }

  @Test
  void mistakesAreNamedWithTheNearestSpelling() {
    String help = ". 'caisson try --help' shows how it is used";
    String lead = "cannot understand the command line: ";
    assertEquals(
        lead
            + "there is no flag --swich. Did you mean --switch? 'caisson try --help' shows how it"
            + " is used",
        refused("--swich=x"));
    assertEquals(lead + "there is no flag -x" + help, refused("-sx"));
    assertEquals(lead + "-f needs a value. Write -f FILE" + help, refused("--file"));
    assertEquals(lead + "-f needs a value. Write -f FILE" + help, refused("-f", "--", "x"));
    assertEquals(
        lead + "--pair needs a value. Write --pair NAME VALUE" + help, refused("--pair", "a"));
    assertEquals(lead + "-f is given twice. Leave one of them out" + help, refused("-fa", "-fb"));
    assertEquals(lead + "-s takes no value. Write -s" + help, refused("--switch=yes"));
  }

  @Test
  void aFlagOfAnotherToolIsAnsweredWithWhatServesHere() {
    assertTrue(refused("--cap-add", "x").contains("in its field capabilities.keep. 'caisson try"));
    assertTrue(refused("--unshare-all").contains("Leave it out, since it is always so."));
    assertTrue(refused("--restart", "no").contains("There is nothing like it: a sandbox ends"));
  }

  @Property(tries = 300)
  void everyByteArrives(@ForAll("words") List<byte[]> words) {
    List<UnixPath> payload = words.stream().map(UnixPath::of).toList();
    UnixPath value = UnixPath.of(words.get(0));
    Assume.that(!value.equals(UnixPath.of("--")) && value.bytes().length > 0);
    List<UnixPath> typed = new ArrayList<>(List.of(UnixPath.of("--many"), value));
    typed.add(UnixPath.of("--"));
    typed.addAll(payload);
    Arguments arguments = Arguments.parse(syntax(true), typed);
    assertEquals(payload, arguments.operands());
    assertEquals(List.of(List.of(value)), arguments.all(MANY));
  }

  @Provide
  Arbitrary<List<byte[]>> words() {
    Arbitrary<byte[]> any =
        Arbitraries.bytes().filter(b -> b != 0).array(byte[].class).ofMaxSize(12);
    Arbitrary<byte[]> odd =
        Arbitraries.of("-s", "--", "--file", "-f=x", "@x", "-sof", "'", "\"", "${x}", "%s", "\\")
            .map(text -> text.getBytes(StandardCharsets.UTF_8));
    return Arbitraries.oneOf(any, odd).list().ofMinSize(1).ofMaxSize(8);
  }

  @Test
  void manyWordsTakeLittleTime() {
    // a parser that copies the rest for each word would need 5,000,000,000 steps
    List<UnixPath> words = Collections.nCopies(100_000, UnixPath.of("x"));
    assertEquals(words, Arguments.parse(syntax(true), words).operands());
    assertEquals(words, Arguments.parse(syntax(false), words).operands());
  }
}
