package dev.caisson.policy;

import static dev.caisson.policy.FakeFiles.ALICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import dev.caisson.json.JsonText;
import dev.caisson.policy.PolicyFiles.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyLoaderTest {
  private static final String POLICY = "/home/alice/project/p.json";
  private static final String SECRET = "/home/alice/.ssh/id";

  private final FakeFiles files = new FakeFiles();

  @ParameterizedTest
  @ValueSource(strings = {"strict", "untrusted", "developer"})
  void theBuiltInPoliciesAreSound(String name) {
    Policy policy = Policies.load(files, name);
    assertEquals(List.of(), policy.check(Policies.HOST));
    assertEquals(name, policy.name());
  }

  @Test
  void aBareNameIsABuiltInAndNeverAFile() {
    files.file("/home/alice/project/mine", Policies.document(""));
    PolicyRefusal refusal = refusal("mine");
    assertTrue(refusal.remedy().contains("needs a / or ends in .json"), refusal.remedy());
  }

  @ParameterizedTest
  @CsvSource({
    "0010644, a FIFO",
    "0040755, a directory",
    "0140644, a socket",
    "0020644, a device",
    "0060644, a device"
  })
  void onlyAFileIsRead(String mode, String kind) {
    files.put(POLICY, ALICE, ALICE, Integer.parseInt(mode, 8), Policies.document(""));
    assertEquals("./p.json is " + kind, refusal("./p.json").why());
  }

  @Test
  void whatIsNotThereAndWhatCannotBeReadAreNamed() {
    assertEquals("./p.json cannot be read: No such file or directory", refusal("./p.json").why());
    files.put(POLICY, ALICE, ALICE, 0100000, Policies.document(""));
    assertEquals("./p.json cannot be read: Permission denied", refusal("./p.json").why());
  }

  private static final String TRUST =
      "\"images\": {\"default\": [{\"type\": \"sigstoreSigned\", \"keyPath\": \"%s\"}]}";

  @ParameterizedTest
  @CsvSource({
    "team.pub, /home/alice/project/team.pub",
    "../keys/team.pub, /home/alice/project/../keys/team.pub",
    "${home}/team.pub, /home/alice/team.pub",
    "./${user}.pub, /home/alice/project/./alice.pub",
    "/etc/team.pub, /etc/team.pub"
  })
  void aKeyLiesWhereThePolicyDoes(String written, String meant) {
    files.file(POLICY, Policies.document(TRUST.formatted(written)));
    files.file("/home/alice/child.json", Policies.document("\"extends\": [\"project/p.json\"]"));
    for (String name : List.of(POLICY, "/home/alice/child.json")) {
      EffectivePolicy policy =
          Policies.load(files, name).resolve(View.IMAGE, Policies.host(Map.of()));
      String document = JsonText.line(policy.images().orElseThrow().document());
      assertTrue(document.contains("\"keyPath\":\"" + meant + "\""), document);
    }
  }

  @Test
  void aKeyOfAnUnknownVariableIsAMistake() {
    files.file(POLICY, Policies.document(TRUST.formatted("${hom}/team.pub")));
    String mistake = Policies.load(files, POLICY).check(Policies.HOST).get(0).toString();
    assertTrue(mistake.contains("\"hom\" is not set; did you mean home?"), mistake);
    files.file(POLICY, Policies.document(TRUST.formatted("${user}.pub")));
    mistake = Policies.load(files, POLICY).check(Policies.HOST).get(0).toString();
    assertTrue(mistake.contains("put ./ before a variable"), mistake);
  }

  @Test
  void aHugeFileIsRefused() {
    files.file(POLICY, " ".repeat((1 << 20) + 1));
    assertTrue(refusal("./p.json").why().contains("more than 1048576 bytes"));
  }

  @Test
  void aNameIsBytes() {
    byte[] name = "./caf?.json".getBytes(StandardCharsets.ISO_8859_1);
    name[5] = (byte) 0xe9;
    byte[] path = (POLICY.replace("p.json", "caf?.json")).getBytes(StandardCharsets.ISO_8859_1);
    path[path.length - 6] = (byte) 0xe9;
    files.put(UnixPath.of(path), new Status(ALICE, ALICE, 0100644), Policies.document(""));
    Policy policy = PolicyLoader.load(UnixPath.of(name), ALICE, files);
    assertEquals("./caf\\xe9.json", policy.source());
  }

  @ParameterizedTest
  @CsvSource({
    "1001, 1000, 100644, belongs to another user (uid 1001)",
    "1000, 1000, 100666, other users can write",
    "1000, 100,  100664, other users can write",
  })
  void aFileThatOthersCouldHaveWrittenIsRefused(int uid, int gid, String mode, String why) {
    files.put(POLICY, uid, gid, Integer.parseInt(mode, 8), Policies.document(""));
    PolicyRefusal refusal = refusal("./p.json");
    assertTrue(refusal.why().contains(why), refusal::getMessage);
    assertFalse(refusal.remedy().isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 100644", "1000, 1000, 100664", "0, 0, 100664", "1000, 1000, 100600"})
  void rootsFilesAndThoseOfTheCallersOwnGroupAreTrusted(int uid, int gid, String mode) {
    files.put(POLICY, uid, gid, Integer.parseInt(mode, 8), Policies.document(""));
    assertEquals(List.of(), Policies.load(files, "./p.json").check(Policies.HOST));
  }

  @Test
  void aDirectoryAboveThatOthersCanWriteToIsRefusedUnlessItIsSticky() {
    files.file(POLICY, Policies.document("")).directory("/home/alice", ALICE, 0777);
    assertTrue(refusal("./p.json").why().contains("can write to /home/alice"));
    files.directory("/home/alice", ALICE, 01777);
    assertEquals(List.of(), Policies.load(files, "./p.json").check(Policies.HOST));
  }

  @Test
  void theOwnerOfWhatALinkLeadsToCounts() {
    files
        .directory("/srv", 1001, 0755)
        .put("/srv/p.json", ALICE, ALICE, 0100644, Policies.document(""))
        .link(POLICY, "/srv/p.json");
    assertTrue(refusal("./p.json").why().contains("/srv belongs to another user"));
  }

  @Test
  void parentsAreFoundBesideTheFileThatNamesThem() {
    files
        .directory("/home/alice/project/base", ALICE, 0755)
        .file(POLICY, Policies.document("\"extends\": [\"base/a.json\"]"))
        .file("/home/alice/project/base/a.json", Policies.document("\"extends\": [\"./b.json\"]"))
        .file("/home/alice/project/base/b.json", Policies.document("\"network\": \"host\""));
    Policy policy = Policies.load(files, "./p.json");
    assertEquals(List.of("base/a.json"), policy.parents());
    assertEquals(new Network.Host(), policy.resolve(View.WRAP, Policies.HOST).network());
  }

  @ParameterizedTest
  @CsvSource({
    "/home/alice/.ssh/id, does not lie beneath",
    "../.ssh/id, does not lie beneath",
    "sub/../../x.json, does not lie beneath",
    "https://example.test/p.json, is a URL",
    "inside.json, does not lie beneath",
    "gone.json, cannot be read: No such file",
    "nosuch, no policy of the name",
  })
  void aParentElsewhereIsRefused(String parent, String why) {
    files
        .directory("/home/alice/.ssh", ALICE, 0700)
        .file(SECRET, "{\"password\": \"hunter2\"}")
        .link("/home/alice/project/inside.json", SECRET)
        .file(POLICY, Policies.document("\"extends\": [\"" + parent + "\"]"));
    PolicyRefusal refusal = refusal("./p.json");
    assertTrue(refusal.why().contains(why), refusal::getMessage);
    assertFalse(refusal.remedy().isEmpty(), refusal::getMessage);
    assertFalse(String.valueOf(refusal.getMessage()).contains("hunter2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN hunter2 KEY-----",
        "{\"hunter2\": \"hunter2\"}",
        "[\"hunter2\"]",
        "{\"apiVersion\": \"hunter2\"}",
        "\"hunter2\"",
        "",
      })
  void aParentThatIsNoPolicyIsNeverQuoted(String content) {
    files
        .file(POLICY, Policies.document("\"extends\": [\"a.json\"]"))
        .file("/home/alice/project/a.json", content);
    PolicyRefusal refusal = refusal("./p.json");
    assertEquals("its parent a.json is no policy", refusal.why());
    assertFalse(String.valueOf(refusal.getMessage()).contains("hunter2"));
  }

  @Test
  void parentsInACircleAreNamed() {
    files
        .file(POLICY, Policies.document("\"extends\": [\"a.json\"]"))
        .file("/home/alice/project/a.json", Policies.document("\"extends\": [\"./p.json\"]"));
    assertEquals(
        "its parents lead in a circle: /home/alice/project/p.json -> /home/alice/project/a.json"
            + " -> /home/alice/project/p.json",
        refusal("./p.json").why());
  }

  @Test
  void parentsTooDeepAndTooManyAreRefused() {
    files.file(POLICY, Policies.document("\"extends\": [\"0.json\"]"));
    for (int i = 0; i < 20; i++) {
      String next = Policies.document("\"extends\": [\"" + (i + 1) + ".json\"]");
      files.file("/home/alice/project/" + i + ".json", next);
    }
    assertTrue(refusal("./p.json").why().contains("deeper than 8"));
    files.file(
        POLICY, Policies.document("\"extends\": [" + "\"strict\", ".repeat(99) + "\"strict\"]"));
    assertTrue(refusal("./p.json").why().contains("more than 64 parents"));
  }

  @Test
  void aPinnedFileMayLieAnywhereAndBelongToAnyone() {
    String content = Policies.document("\"network\": \"host\"");
    files
        .directory("/srv", 1001, 0777)
        .put("/srv/shared.json", 1001, 1001, 0100666, content)
        .file(POLICY, pinning("/srv/shared.json", sha256(content)));
    assertEquals(
        new Network.Host(),
        Policies.load(files, "./p.json").resolve(View.WRAP, Policies.HOST).network());
    files.file(POLICY, pinning("/srv/shared.json", sha256(content + " ")));
    PolicyRefusal refusal = refusal("./p.json");
    assertTrue(refusal.why().contains("another SHA-256"), refusal::getMessage);
    assertTrue(refusal.remedy().contains("sha256sum"), refusal::getMessage);
  }

  @Test
  void whatExtendsHoldsIsChecked() {
    files.file(
        POLICY,
        Policies.document(
            "\"extends\": [7, \"\", \"a\\u0000.json\", {\"file\": \"x.json\"}, \"strict\"]"));
    String expected =
        "expected a built-in policy's name, a file's, or {\"file\": ..., \"sha256\": ...}";
    assertEquals(
        List.of(
            "$.extends[0]: " + expected,
            "$.extends[1]: " + expected,
            "$.extends[2]: " + expected,
            "$.extends[3]: " + expected),
        Policies.said(Policies.load(files, "./p.json").check(Policies.HOST)));
    files.file(POLICY, Policies.document("\"extends\": \"strict\""));
    assertEquals(
        List.of("$.extends: expected an array, found a string"),
        Policies.said(Policies.load(files, "./p.json").check(Policies.HOST)));
  }

  private static String pinning(String file, String digest) {
    return Policies.document(
        "\"extends\": [{\"file\": \"" + file + "\", \"sha256\": \"" + digest + "\"}]");
  }

  private static String sha256(String text) {
    try {
      return java.util.HexFormat.of()
          .formatHex(
              java.security.MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private PolicyRefusal refusal(String name) {
    return assertThrows(
        PolicyRefusal.class, () -> Policies.load(files, name).resolve(View.WRAP, Policies.HOST));
  }
}
