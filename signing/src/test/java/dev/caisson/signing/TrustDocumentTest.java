package dev.caisson.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.json.JsonDocument;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustDocumentTest {
  private static final byte[] MANIFEST = {'{', '}'};
  private static final ImageReference IMAGE = new ImageReference.Embedded("hello");
  private static final SigningKey FIRST = SigningKey.generate();
  private static final SigningKey SECOND = SigningKey.generate();
  private static final Map<String, SigningKey> FILES =
      Map.of("first.pub", FIRST, "second.pub", SECOND);

  @Test
  void rejectRejects() {
    assertInstanceOf(Rejected.class, check("{'default':[{'type':'reject'}]}", FIRST));
  }

  @Test
  void acceptAnythingAccepts() {
    assertInstanceOf(Accepted.class, check("{'default':[{'type':'insecureAcceptAnything'}]}"));
  }

  @Test
  void aKeyIsReadFromItsFile() {
    String document = "{'default':[{'type':'sigstoreSigned','keyPath':'first.pub'}]}";
    Accepted accepted = assertInstanceOf(Accepted.class, check(document, FIRST));
    assertTrue(accepted.signer().endsWith("(first.pub)"), accepted.signer());
    assertInstanceOf(Rejected.class, check(document, SECOND));
    assertInstanceOf(Rejected.class, check(document));
  }

  @Test
  void anyOfTheKeysOfOneRequirementIsEnough() {
    String document =
        "{'default':[{'type':'sigstoreSigned','keyPaths':['first.pub','second.pub']}]}";
    assertInstanceOf(Accepted.class, check(document, FIRST));
    assertInstanceOf(Accepted.class, check(document, SECOND));
    assertInstanceOf(Rejected.class, check(document, SigningKey.generate()));
  }

  @Test
  void everyRequirementMustHold() {
    String document =
        "{'default':[{'type':'sigstoreSigned','keyPath':'first.pub'},"
            + "{'type':'sigstoreSigned','keyPath':'second.pub'}]}";
    assertInstanceOf(Rejected.class, check(document, FIRST));
    assertInstanceOf(Rejected.class, check(document, SECOND));
    Accepted accepted = assertInstanceOf(Accepted.class, check(document, FIRST, SECOND));
    assertTrue(accepted.signer().contains("first.pub"), accepted.signer());
    assertTrue(accepted.signer().contains("second.pub"), accepted.signer());
    String withReject = "{'default':[{'type':'insecureAcceptAnything'},{'type':'reject'}]}";
    assertInstanceOf(Rejected.class, check(withReject, FIRST));
  }

  @Test
  void aKeyCanStandInTheDocument() {
    String data = Base64.getEncoder().encodeToString(FIRST.publicKey().toPem());
    String document = "{'default':[{'type':'sigstoreSigned','keyData':'" + data + "'}]}";
    assertInstanceOf(Accepted.class, check(document, FIRST));
    assertInstanceOf(Rejected.class, check(document, SECOND));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                                                     | trust:1:1 | an array, not an object",
        "{}                                                     | trust:1:1 | default is missing",
        "{'default':[]}                                         | trust:1:12 | a list of 1 to",
        "{'default':{}}                                         | trust:1:12 | a list of 1 to",
        "{'default':['reject']}                                 | trust:1:13 | not an object",
        "{'default':[{}]}                                       | trust:1:13 | type is missing",
        "{'default':[{'type':1}]}                               | trust:1:21 | not a string",
        "{'default':[{'type':'signedBy'}]}                      | trust:1:21 | signedBy is not known",
        "{'default':[{'type':'Reject'}]}                        | trust:1:21 | Reject is not known",
        "{'default':[{'type':'reject','more':1}]}               | trust:1:30 | more is not known",
        "{'default':[{'type':'reject'}],'transports':{}}        | trust:1:32 | transports is not",
        "{'default':[{'type':'sigstoreSigned'}]}                | trust:1:13 | exactly one of",
        "{'default':[{'type':'sigstoreSigned','keyPaths':[]}]}  | trust:1:49 | a list of 1 to",
        "{'default':[{'type':'sigstoreSigned','keyPath':7}]}    | trust:1:48 | not a string",
        "{'default':[{'type':'sigstoreSigned','keyData':'-'}]}  | trust:1:48 | no base64",
        "{'default':[{'type':'sigstoreSigned','keyPath':'first.pub','keyData':''}]} | trust:1:13 | one of",
        "{'default':[{'type':'sigstoreSigned','keyPath':'first.pub','signedIdentity':{}}]} | trust:1:60 | signedIdentity is not",
      },
      quoteCharacter = '"')
  void whatIsNotKnownIsRefusedWithItsPlace(String document, String place, String why) {
    TrustRefusal refusal = assertThrows(TrustRefusal.class, () -> check(document));
    assertEquals("read the trust policy at " + place, refusal.attempted());
    assertTrue(refusal.why().contains(why), refusal.why());
  }

  private static TrustDecision check(String document, SigningKey... signers) {
    byte[] json = document.replace('\'', '"').getBytes(UTF_8);
    TrustPolicy policy =
        TrustDocument.read(
            "trust",
            JsonDocument.read("trust", json).valueOrRefuse(),
            path -> {
              SigningKey key = FILES.get(path);
              return key == null ? new byte[0] : key.publicKey().toPem();
            });
    List<StoredSignature> signatures =
        Stream.of(signers)
            .map(key -> new Signer(key).sign(Digest.of(MANIFEST), "localhost/hello"))
            .toList();
    return policy.check(IMAGE, MANIFEST, digest -> signatures);
  }
}
