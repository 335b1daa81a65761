package dev.caisson.policy.seccomp;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a proof was of: the rules' normal form with its ABIs, the filter, and the prover's version.
 *
 * @param digest SHA-256 over all of them, in hexadecimal
 */
public record ProofKey(String digest) {
  static ProofKey of(FilterRules rules, BpfProgram program) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] form = NormalForm.of(rules);
      sha.update(ByteBuffer.allocate(8).putInt(FilterProver.VERSION).putInt(form.length).array());
      sha.update(form);
      return new ProofKey(HexFormat.of().formatHex(sha.digest(program.toBytes())));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
