package dev.caisson.policy;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Field.Source;
import dev.caisson.policy.Place.AddressBlock;
import dev.caisson.policy.Place.HostName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads one entry of {@code network.egress} or {@code network.hostEgress}. */
final class DestinationReader {
  private static final List<String> MEMBERS = List.of("host", "cidr", "port", "protocol");
  private static final int LONGEST_NAME = 253;
  private static final int LONGEST_LABEL = 63;

  private static final String LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";

  private final Source source;

  DestinationReader(Source source) {
    this.source = source;
  }

  Optional<Destination> read() {
    return read(false);
  }

  /** An address for TCP, the host's own among them: names may come to mean others meanwhile. */
  Optional<Destination> readOfHost() {
    Optional<Destination> read = read(true);
    if (read.isPresent() && read.get().place() instanceof HostName) {
      return source.mistake("expected \"cidr\": the host's network is filtered by address");
    }
    return read.isPresent() && read.get().protocol() != Protocol.TCP
        ? source.mistake("expected TCP: nothing else is connected there")
        : read;
  }

  private Optional<Destination> read(boolean hostsOwn) {
    int before = source.problems().size();
    Optional<JsonFields> read =
        JsonFields.of(source.value(), source.at(), MEMBERS, source.problems());
    if (read.isEmpty()) {
      return Optional.empty();
    }
    JsonFields fields = read.get();
    if (fields.has("host") == fields.has("cidr")) {
      // a misspelt member has been named already
      return source.problems().size() > before
          ? Optional.empty()
          : source.mistake("expected exactly one of host, cidr");
    }
    Optional<Place> place =
        fields.has("host")
            ? hostName(source.member("host", fields))
            : block(source.member("cidr", fields), hostsOwn);
    Optional<int[]> ports =
        fields.has("port")
            ? ports(source.member("port", fields))
            : Optional.of(new int[] {1, Destination.LAST_PORT});
    Optional<Protocol> protocol = PortReader.protocol(fields);
    return place.isPresent() && ports.isPresent() && protocol.isPresent()
        ? Optional.of(new Destination(place.get(), ports.get()[0], ports.get()[1], protocol.get()))
        : Optional.empty();
  }

  private static Optional<Place> hostName(Source source) {
    Optional<String> text = source.string();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (Address.parse(text.get()).isPresent()) {
      return source.expected("a host's name; an address is a cidr");
    }
    return isHostName(text.get())
        ? Optional.of(new HostName(text.get().toLowerCase(Locale.ROOT)))
        : source.expected("a host's name, as \"registry.example.test\"");
  }

  static boolean isHostName(String name) {
    if (name.length() > LONGEST_NAME) {
      return false;
    }
    String[] labels = name.split("\\.", -1);
    for (String label : labels) {
      if (!isLabel(label)) {
        return false;
      }
    }
    // such a name would be taken for an address by other tools
    return !isNumber(labels[labels.length - 1]);
  }

  private static boolean isNumber(String label) {
    for (int i = 0; i < label.length(); i++) {
      if (label.charAt(i) < '0' || label.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLabel(String label) {
    boolean valid =
        !label.isEmpty()
            && label.length() <= LONGEST_LABEL
            && !label.startsWith("-")
            && !label.endsWith("-");
    for (int i = 0; i < label.length() && valid; i++) {
      char c = label.charAt(i);
      valid = c == '-' || c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
    }
    return valid;
  }

  private static Optional<Place> block(Source source, boolean hostsOwn) {
    Optional<String> text = source.string();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int slash = text.get().indexOf('/');
    String before = slash < 0 ? text.get() : text.get().substring(0, slash);
    Optional<Address> address = Address.parse(before);
    int prefix =
        address.isEmpty()
            ? -1
            : slash < 0
                ? address.get().bits()
                : Numbers.decimal(text.get().substring(slash + 1), address.get().bits());
    if (prefix < 0) {
      return source.expected("an address block, as \"10.0.0.0/8\" or \"2001:db8::/32\"");
    }
    Address first = address.orElseThrow().startOf(prefix);
    if (!first.equals(address.get())) {
      return source.mistake(
          "bits are set behind the prefix; write " + new AddressBlock(first, prefix).text());
    }
    AddressBlock block = new AddressBlock(first, prefix);
    Optional<AddressBlock> never = hostsOwn ? Optional.empty() : NeverReached.of(block);
    return never.isPresent()
        ? source.mistake("a sandbox never reaches " + never.get().text() + ", whatever is listed")
        : Optional.of(block);
  }

  private static Optional<int[]> ports(Source source) {
    String expected = "a port from 1 to 65535, or a range of them as \"8000-8010\"";
    if (source.value() instanceof JsonNumber number) {
      int port = Numbers.decimal(number.literal(), Destination.LAST_PORT);
      return port > 0 ? Optional.of(new int[] {port, port}) : source.expected(expected);
    }
    String text = source.value() instanceof JsonString string ? string.value() : "";
    int dash = text.indexOf('-');
    int first = dash < 0 ? -1 : Numbers.decimal(text.substring(0, dash), Destination.LAST_PORT);
    int last = dash < 0 ? -1 : Numbers.decimal(text.substring(dash + 1), Destination.LAST_PORT);
    return first > 0 && last >= first
        ? Optional.of(new int[] {first, last})
        : source.expected(expected);
  }

  static JsonSchema schema() {
    JsonSchema name =
        JsonSchema.string("^(" + LABEL + "\\.)*" + LABEL + "$")
            .with("maxLength", JsonText.number(LONGEST_NAME))
            .not(JsonSchema.string("(^|\\.)[0-9]+$"));
    JsonSchema block = JsonSchema.string("^[0-9.]+(/[0-9]{1,2})?$|^[0-9A-Fa-f:]+(/[0-9]{1,3})?$");
    return JsonSchema.anyOf(List.of(schema("host", name), schema("cidr", block)));
  }

  private static JsonSchema schema(String key, JsonSchema place) {
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    members.put(key, place);
    members.put(
        "port",
        JsonSchema.anyOf(
            List.of(
                JsonSchema.wholeNumber(1, Destination.LAST_PORT),
                JsonSchema.string("^[1-9][0-9]{0,4}-[1-9][0-9]{0,4}$"))));
    members.put("protocol", JsonSchema.oneOf(PortReader.PROTOCOLS));
    return JsonSchema.object(members).requiring(key);
  }

  static JsonValue written(Destination destination) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    if (destination.place() instanceof AddressBlock block) {
      members.put("cidr", JsonText.text(block.text()));
    } else {
      members.put("host", JsonText.text(destination.place().toString()));
    }
    int first = destination.firstPort();
    int last = destination.lastPort();
    if (first == last) {
      members.put("port", JsonText.number(first));
    } else if (first > 1 || last < Destination.LAST_PORT) {
      members.put("port", JsonText.text(first + "-" + last));
    }
    if (destination.protocol() != Protocol.TCP) {
      members.put("protocol", JsonText.text(Words.of(destination.protocol())));
    }
    return JsonText.object(members);
  }
}
