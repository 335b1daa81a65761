package dev.caisson.policy;

import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.User.Caller;
import dev.caisson.policy.User.Id;
import dev.caisson.policy.User.Root;
import java.util.Optional;

/** As whom the payload runs: root, the caller, or a user's number and perhaps a group's. */
final class UserField extends OrderedField<User> {
  UserField(String path) {
    super(path, new Root());
  }

  @Override
  JsonSchema schema() {
    String id = "(0|[1-9][0-9]{0,9})";
    return JsonSchema.string("^(root|caller|" + id + "(:" + id + ")?)$");
  }

  @Override
  Optional<User> read(Source source) {
    Optional<String> text = source.string();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<User> user =
        switch (text.get()) {
          case "root" -> Optional.of(new Root());
          case "caller" -> Optional.of(new Caller());
          default -> id(text.get());
        };
    return user.isPresent()
        ? user
        : source.expected("root, caller, a user's number as \"33\" or with a group's as \"33:33\"");
  }

  private static Optional<User> id(String text) {
    int colon = text.indexOf(':');
    long uid = Numbers.id(colon < 0 ? text : text.substring(0, colon));
    long gid = colon < 0 ? uid : Numbers.id(text.substring(colon + 1));
    if (uid < 0 || gid < 0) {
      return Optional.empty();
    }
    return Optional.of(uid == 0 && gid == 0 ? new Root() : new Id(uid, gid));
  }

  @Override
  Optional<JsonValue> write(User value) {
    return Optional.of(JsonText.text(word(value)));
  }

  private static String word(User user) {
    return user instanceof Id id
        ? id.uid() + ":" + id.gid()
        : user instanceof Caller ? "caller" : "root";
  }

  @Override
  Optional<String> excess(User one, User other) {
    boolean ordinary = one instanceof Id id && id.uid() != 0;
    boolean less =
        other instanceof Root || one.equals(other) || (other instanceof Caller && ordinary);
    return less
        ? Optional.empty()
        : Optional.of(path() + " is " + word(one) + ", not " + word(other));
  }
}
