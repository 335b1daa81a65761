package dev.caisson.cli;

import dev.caisson.policy.PolicySchema;
import java.util.List;

/** {@code caisson policy schema}: the language for editors and other programs. */
final class PolicySchemaVerb implements Verb {
  private static final Syntax SYNTAX =
      new Syntax(
          "policy schema",
          List.of(""),
          "Prints the JSON Schema of policies.",
          List.of(
              "The schema (draft 2020-12) is for editors: it completes and explains fields, and marks"
                  + " most mistakes. It takes every policy that Caisson takes. Some mistakes no schema"
                  + " can name, a name given twice for instance: policy check names all of them."),
          List.of(),
          List.of(
              new Syntax.Example(
                  "caisson policy schema > policy.schema.json",
                  "A file for an editor's settings.")),
          false);

  @Override
  public Syntax syntax() {
    return SYNTAX;
  }

  @Override
  public int run(Arguments arguments, Session session) {
    arguments.noOperands();
    session.out().print(PolicySchema.shipped());
    return 0;
  }
}
