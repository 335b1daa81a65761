package dev.caisson.cli;

import dev.caisson.UnixPath;
import dev.caisson.signing.CosignKeyFile;
import dev.caisson.signing.Password;
import dev.caisson.signing.SigningKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code caisson keygen}: a pair of keys. */
final class KeygenVerb implements Verb {
  private static final Flag OUTPUT =
      Flag.value(
          "-o --output", "NAME", "Write NAME.key, the private half, and NAME.pub, the public one.");
  private static final int OWNER_ONLY = 0600;
  private static final int READABLE = 0644;

  private static final Syntax SYNTAX =
      new Syntax(
          "keygen",
          List.of("-o NAME [--password-stdin]"),
          "Makes a pair of keys to sign images with.",
          List.of(
              "The keys are ECDSA on P-256 in cosign's formats. The private one is encrypted with a"
                  + " password and readable by its owner only; files that exist are never"
                  + " overwritten."),
          List.of(OUTPUT, PasswordSource.OF_A_NEW_KEY),
          List.of(
              new Syntax.Example("caisson keygen -o team", "Writes team.key and team.pub."),
              new Syntax.Example(
                  "pass show caisson | caisson keygen -o team --password-stdin",
                  "With a password from a password manager.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    arguments.noOperands();
    UnixPath name = arguments.required(OUTPUT);
    UnixPath privatePath = with(name, ".key");
    UnixPath publicPath = with(name, ".pub");
    NewFile privateFile = new NewFile(privatePath);
    NewFile publicFile = new NewFile(publicPath);
    if (privateFile.exists()) {
      throw FileRefusal.exists(privatePath);
    }
    if (publicFile.exists()) {
      throw FileRefusal.exists(publicPath);
    }
    SigningKey key = SigningKey.generate();
    try (Password password = new PasswordSource(arguments, session).fresh(privatePath)) {
      privateFile.create(CosignKeyFile.write(key, password), OWNER_ONLY);
      if (password.isEmpty()) {
        session.note("the private key " + privatePath + " is not protected by a password");
      }
    }
    publicFile.create(key.publicKey().toPem(), READABLE);
    session.out().println("Private key: " + privatePath);
    session.out().println("Public key:  " + publicPath);
    session.out().println("Fingerprint: " + key.publicKey().fingerprint());
    return 0;
  }

  private static UnixPath with(UnixPath name, String ending) {
    ByteArrayOutputStream path = new ByteArrayOutputStream();
    path.writeBytes(name.bytes());
    path.writeBytes(ending.getBytes(StandardCharsets.US_ASCII));
    return UnixPath.of(path.toByteArray());
  }
}
