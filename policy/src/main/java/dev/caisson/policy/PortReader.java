package dev.caisson.policy;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonProblem;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.policy.Field.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads one entry of {@code network.publish}. */
final class PortReader {
  private static final List<String> MEMBERS = List.of("host", "inside", "protocol");
  static final List<String> PROTOCOLS = List.of("tcp", "udp");

  private final List<JsonProblem> problems;

  PortReader(List<JsonProblem> problems) {
    this.problems = problems;
  }

  Optional<PublishedPort> published(JsonFields.Element<JsonValue> element) {
    int before = problems.size();
    Source source = new Source(element.value(), element.path(), problems);
    Optional<JsonFields> read = JsonFields.of(element.value(), element.path(), MEMBERS, problems);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    JsonFields fields = read.get();
    if (!fields.has("host") || !fields.has("inside")) {
      return problems.size() > before
          ? Optional.empty()
          : source.mistake("expected \"host\" and \"inside\" in it");
    }
    Optional<PublishedPort> end = end(source.member("host", fields));
    OptionalLong inside = fields.number("inside", Destination.LAST_PORT);
    if (inside.isPresent() && inside.getAsLong() == 0) {
      return source.member("inside", fields).expected("a port from 1 to 65535");
    }
    Optional<Protocol> protocol = protocol(fields);
    return end.isPresent() && inside.isPresent() && protocol.isPresent()
        ? Optional.of(
            new PublishedPort(
                end.get().hostAddress(),
                end.get().hostPort(),
                (int) inside.getAsLong(),
                protocol.get()))
        : Optional.empty();
  }

  /** The host's end alone. */
  private static Optional<PublishedPort> end(Source source) {
    Optional<String> text = source.string();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int colon = text.get().lastIndexOf(':');
    int port = Numbers.decimal(text.get().substring(colon + 1), Destination.LAST_PORT);
    Optional<Address> address =
        colon < 0 ? Optional.empty() : address(text.get().substring(0, colon));
    return port > 0 && (colon < 0 || address.isPresent())
        ? Optional.of(new PublishedPort(address, port, port, Protocol.TCP))
        : source.expected("a port of the host, as \"8080\", \"127.0.0.1:8080\" or \"[::1]:8080\"");
  }

  /** An IPv4 address, or an IPv6 address in brackets. */
  static Optional<Address> address(String text) {
    boolean brackets = text.startsWith("[") && text.endsWith("]");
    return Address.parse(brackets ? text.substring(1, text.length() - 1) : text)
        .filter(address -> address.isIpv6() == brackets);
  }

  /** TCP where nothing is said; empty where a mistake was recorded. */
  static Optional<Protocol> protocol(JsonFields fields) {
    if (!fields.has("protocol")) {
      return Optional.of(Protocol.TCP);
    }
    return fields
        .word("protocol", PROTOCOLS)
        .map(word -> word.equals("tcp") ? Protocol.TCP : Protocol.UDP);
  }

  static JsonSchema schema() {
    String address = "([0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9A-Fa-f:]+\\]):";
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    members.put("host", JsonSchema.string("^(" + address + ")?[1-9][0-9]{0,4}$"));
    members.put("inside", JsonSchema.wholeNumber(1, Destination.LAST_PORT));
    members.put("protocol", JsonSchema.oneOf(PROTOCOLS));
    return JsonSchema.object(members).requiring("host", "inside");
  }

  static JsonValue written(PublishedPort port) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    members.put("host", JsonText.text(port.host()));
    members.put("inside", JsonText.number(port.insidePort()));
    if (port.protocol() != Protocol.TCP) {
      members.put("protocol", JsonText.text(Words.of(port.protocol())));
    }
    return JsonText.object(members);
  }
}
