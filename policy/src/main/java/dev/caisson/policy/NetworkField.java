package dev.caisson.policy;

import dev.caisson.json.JsonFields;
import dev.caisson.json.JsonObject;
import dev.caisson.json.JsonPath;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.JsonString;
import dev.caisson.json.JsonText;
import dev.caisson.json.JsonValue;
import dev.caisson.json.Nearest;
import dev.caisson.policy.Network.Host;
import dev.caisson.policy.Network.None;
import dev.caisson.policy.Network.Private;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Which network there is: a word, or what a private one reaches. */
final class NetworkField extends OrderedField<Network> {
  private static final List<String> WORDS = List.of("none", "host", "private");
  private static final List<String> MEMBERS = List.of("egress", "dns", "publish", "hostEgress");
  private static final Private ANYWHERE = new Private(new Egress.Anywhere(), true, List.of());

  NetworkField(String path) {
    super(path, new None());
  }

  @Override
  JsonSchema schema() {
    JsonSchema egress =
        JsonSchema.anyOf(
            List.of(
                JsonSchema.oneOf(List.of("any")), JsonSchema.arrayOf(DestinationReader.schema())));
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    members.put("egress", egress.described("What may be reached. Default: nothing."));
    members.put("dns", JsonSchema.flag().described("Whether names can be looked up."));
    members.put(
        "publish",
        JsonSchema.arrayOf(PortReader.schema()).described("Ports of the host that lead inside."));
    JsonSchema hostEgress =
        JsonSchema.arrayOf(DestinationReader.schema())
            .described("The host's network, in which only these addresses are connected to.");
    return JsonSchema.anyOf(
        List.of(
            JsonSchema.oneOf(WORDS),
            JsonSchema.object(members).requiring("egress"),
            JsonSchema.object(members).requiring("publish"),
            JsonSchema.object(Map.of("hostEgress", hostEgress)).requiring("hostEgress")));
  }

  @Override
  Optional<Network> read(Source source) {
    if (source.value() instanceof JsonObject) {
      return object(source);
    }
    if (!(source.value() instanceof JsonString word)) {
      return source.expected("none, host, private or an object");
    }
    return switch (word.value()) {
      case "none" -> Optional.of(new None());
      case "host" -> Optional.of(new Host());
      case "private" -> Optional.of(ANYWHERE);
      default ->
          source.mistake(
              "expected one of "
                  + String.join(", ", WORDS)
                  + " or an object, found "
                  + JsonPath.quoted(word.value())
                  + Nearest.hint(word.value(), WORDS));
    };
  }

  private static Optional<Network> object(Source source) {
    int before = source.problems().size();
    Optional<JsonFields> read =
        JsonFields.of(source.value(), source.at(), MEMBERS, source.problems());
    if (read.isEmpty()) {
      return Optional.empty();
    }
    JsonFields fields = read.get();
    if (fields.has("hostEgress")) {
      return fields.members().size() > 1
          ? source.mistake("\"hostEgress\" stands alone")
          : hostEgress(source.member("hostEgress", fields));
    }
    if (!fields.has("egress") && !fields.has("publish")) {
      // a misspelt member has been named already
      return source.problems().size() > before
          ? Optional.empty()
          : source.mistake("expected \"egress\" or \"publish\" in it");
    }
    Optional<Egress> egress =
        fields.get("egress").isEmpty()
            ? Optional.of(new Egress.Listed(List.of()))
            : egress(source.member("egress", fields));
    boolean anywhere = egress.isPresent() && egress.get() instanceof Egress.Anywhere;
    boolean dns = fields.flag("dns").orElse(anywhere);
    List<PublishedPort> published = new ArrayList<>();
    for (JsonFields.Element<JsonValue> element : fields.elements("publish")) {
      new PortReader(source.problems()).published(element).ifPresent(published::add);
    }
    return egress.map(e -> new Private(e, dns, published));
  }

  private static Optional<Network> hostEgress(Source source) {
    Optional<List<Source>> elements = source.elements("an array");
    if (elements.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Host(Optional.of(read(elements.get(), DestinationReader::readOfHost))));
  }

  private static Optional<Egress> egress(Source source) {
    if (source.value() instanceof JsonString word) {
      return word.value().equals("any")
          ? Optional.of(new Egress.Anywhere())
          : source.expected("\"any\" or an array");
    }
    Optional<List<Source>> elements = source.elements("\"any\" or an array");
    if (elements.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Egress.Listed(read(elements.get(), DestinationReader::read)));
  }

  private static List<Destination> read(
      List<Source> elements, Function<DestinationReader, Optional<Destination>> how) {
    List<Destination> destinations = new ArrayList<>();
    for (Source element : elements) {
      how.apply(new DestinationReader(element)).ifPresent(destinations::add);
    }
    return destinations;
  }

  @Override
  Optional<JsonValue> write(Network value) {
    if (value instanceof Private own) {
      return Optional.of(own.equals(ANYWHERE) ? JsonText.text("private") : written(own));
    }
    if (value instanceof Host host && host.egress().isPresent()) {
      return Optional.of(JsonText.object(Map.of("hostEgress", list(host.egress().get()))));
    }
    return Optional.of(JsonText.text(value instanceof Host ? "host" : "none"));
  }

  private static JsonValue list(List<Destination> destinations) {
    return JsonText.array(destinations.stream().map(DestinationReader::written).toList());
  }

  private static JsonValue written(Private network) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    boolean anywhere = network.egress() instanceof Egress.Anywhere;
    if (network.egress() instanceof Egress.Listed listed) {
      members.put("egress", list(listed.destinations()));
    } else {
      members.put("egress", JsonText.text("any"));
    }
    if (network.dns() != anywhere) {
      members.put("dns", JsonText.flag(network.dns()));
    }
    if (!network.published().isEmpty()) {
      members.put(
          "publish",
          JsonText.array(network.published().stream().map(PortReader::written).toList()));
    }
    return JsonText.object(members);
  }

  @Override
  Optional<String> excess(Network one, Network other) {
    return NetworkOrder.excess(one, other).map(said -> path() + " " + said);
  }
}
