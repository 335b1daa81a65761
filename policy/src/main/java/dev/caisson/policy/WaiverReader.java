package dev.caisson.policy;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Field.Source;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the waivers of a policy's audit; an empty one takes away what a parent waives. */
final class WaiverReader {
  private static final List<String> MEMBERS = List.of("reason", "owner", "until", "remove");
  private static final int LONGEST_RULE = 64;

  private final List<JsonProblem> problems;

  WaiverReader(List<JsonProblem> problems) {
    this.problems = problems;
  }

  /** The waiver that the member writes; nothing where a mistake was recorded. */
  Optional<Optional<Waiver>> read(JsonObject.Member member, String at) {
    if (!isRule(member.name())) {
      problems.add(
          new JsonProblem(
              member.namePosition(), at, "expected the name of an audit rule, as SEC-08"));
    }
    int before = problems.size();
    Optional<JsonFields> read = JsonFields.of(member.value(), at, MEMBERS, problems);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    JsonFields fields = read.get();
    if (fields.has("remove")) {
      return removed(fields);
    }
    Optional<String> reason = text(fields, "reason");
    Optional<String> owner = text(fields, "owner");
    Optional<String> until = text(fields, "until");
    if (reason.isEmpty() || owner.isEmpty() || until.isEmpty()) {
      // what is no text, or a misspelt member, has been named already
      return problems.size() > before
          ? Optional.empty()
          : new Source(member.value(), at, problems)
              .mistake("expected \"reason\", \"owner\" and \"until\" in it");
    }
    Optional<LocalDate> day = date(until.get());
    if (day.isEmpty()) {
      return source(fields, "until").expected("a day of the calendar, as \"2027-01-31\"");
    }
    Waiver waiver = new Waiver(member.name(), reason.get(), owner.get(), day.get());
    return Optional.of(Optional.of(waiver));
  }

  private Optional<Optional<Waiver>> removed(JsonFields fields) {
    if (fields.members().size() > 1) {
      return source(fields, "remove").mistake("does not go with other members");
    }
    Optional<Boolean> flag = fields.flag("remove");
    return flag.isPresent() && !flag.get()
        ? source(fields, "remove").mistake("expected true, found false")
        : flag.map(removed -> Optional.empty());
  }

  private Optional<String> text(JsonFields fields, String key) {
    Optional<JsonString> text = fields.string(key);
    return text.isPresent() && text.get().value().isBlank()
        ? source(fields, key).mistake("it says nothing")
        : text.map(JsonString::value);
  }

  private static Optional<LocalDate> date(String text) {
    if (text.length() != 10 || text.charAt(4) != '-' || text.charAt(7) != '-') {
      return Optional.empty();
    }
    int year = digits(text.substring(0, 4));
    int month = digits(text.substring(5, 7));
    int day = digits(text.substring(8));
    try {
      return year < 0 || month < 0 || day < 0
          ? Optional.empty()
          : Optional.of(LocalDate.of(year, month, day));
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }

  private static int digits(String text) {
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number;
  }

  private Source source(JsonFields fields, String key) {
    return new Source(fields.get(key).orElseThrow(), fields.path(key), problems);
  }

  private static boolean isRule(String name) {
    boolean valid = !name.isEmpty() && name.length() <= LONGEST_RULE;
    for (int i = 0; i < name.length() && valid; i++) {
      char c = name.charAt(i);
      valid = c == '-' || (c < 0x80 && Character.isLetterOrDigit(c));
    }
    return valid;
  }

  /** What is wrong with a waiver on a day, counted from 1970-01-01. */
  static Optional<String> expired(Waiver waiver, long today) {
    return waiver.until().toEpochDay() < today
        ? Optional.of(
            "it ended on "
                + waiver.until()
                + ", and today is "
                + LocalDate.ofEpochDay(today)
                + "; look at the finding again")
        : Optional.empty();
  }

  static JsonSchema schema() {
    JsonSchema text = JsonSchema.string("\\S");
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    members.put("reason", text.described("Why the finding stands."));
    members.put("owner", text.described("Who answers for it."));
    members.put(
        "until",
        JsonSchema.string("^[0-9]{4}-[01][0-9]-[0-3][0-9]$")
            .described("The last day on which it holds."));
    JsonSchema removed =
        JsonSchema.constant(JsonText.flag(true)).described("Takes away what a parent waives.");
    JsonSchema waivers =
        JsonSchema.map(
            JsonSchema.string("^[A-Za-z0-9-]{1,64}$"),
            JsonSchema.anyOf(
                List.of(
                    JsonSchema.object(members).requiring("reason", "owner", "until"),
                    JsonSchema.object(Map.of("remove", removed)).requiring("remove"))));
    return JsonSchema.object(
        Map.of("waive", waivers.described("Findings that somebody answers for, by rule.")));
  }

  static JsonValue written(Waiver waiver) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("reason", JsonText.text(waiver.reason()));
    members.put("owner", JsonText.text(waiver.owner()));
    members.put("until", JsonText.text(waiver.until().toString()));
    return JsonText.object(members);
  }
}
