package dev.caisson.signing;

/**
 * A signature in cosign's simple-signing form (cosign specs/SIGNATURE_SPEC.md), nothing verified.
 *
 * @param payload the signed bytes, exactly
 * @param signature the annotation dev.cosignproject.cosign/signature, base64 as it was stored
 * @param where how an error names it
 */
public record StoredSignature(byte[] payload, String signature, String where) {}
