package dev.caisson.policy.seccomp;

import dev.caisson.json.JsonNumber;
import dev.caisson.json.JsonSchema;
import dev.caisson.json.Position;
import dev.caisson.policy.Capability;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@link ProfileReader} takes. Any member may be null, which counts as absent. */
final class ProfileSchema {
  private static final JsonNumber MOST = new JsonNumber(new Position(1, 1), "18446744073709551615");

  private ProfileSchema() {}

  static JsonSchema whole() {
    return object(ProfileReader.TOP)
        .requiring("defaultAction")
        .described("A profile in the format of OCI, Docker and Podman.");
  }

  private static JsonSchema object(List<String> keys) {
    Map<String, JsonSchema> members = new LinkedHashMap<>();
    keys.forEach(key -> members.put(key, member(key)));
    return JsonSchema.object(members);
  }

  private static JsonSchema member(String key) {
    return switch (key) {
      // what is required may not be null
      case "defaultAction", "action" -> JsonSchema.oneOf(ProfileWords.ACTIONS);
      case "index" -> JsonSchema.wholeNumber(0, SyscallTable.ARGUMENTS - 1);
      case "op" ->
          JsonSchema.oneOf(
              Arrays.stream(Comparison.values()).map(Comparison::profileName).toList());
      // comments are not read
      case "$comment", "comment" -> JsonSchema.anything();
      default -> optional(key).orNull();
    };
  }

  private static JsonSchema optional(String key) {
    return switch (key) {
      case "defaultErrnoRet", "errnoRet" -> JsonSchema.wholeNumber(0, ProfileReader.MOST_ERRNO);
      case "defaultErrno", "errno" -> JsonSchema.oneOf(ErrnoName.names());
      case "knownThrough", "minKernel" -> JsonSchema.string("^[0-9]{1,3}\\.[0-9]{1,4}$");
      case "architectures", "subArchitectures" -> JsonSchema.arrayOf(abi());
      case "architecture" -> abi();
      case "archMap" -> JsonSchema.arrayOf(object(ProfileReader.ARCH_MAP));
      case "flags" -> JsonSchema.arrayOf(JsonSchema.oneOf(ProfileWords.FLAGS));
      case "listenerPath", "listenerMetadata" -> JsonSchema.string();
      case "syscalls" -> JsonSchema.arrayOf(object(ProfileReader.SYSCALL).requiring("action"));
      case "name" -> JsonSchema.defined("call");
      case "names" -> JsonSchema.arrayOf(JsonSchema.defined("call"));
      case "args" -> JsonSchema.arrayOf(object(ProfileReader.ARGUMENT).requiring("index", "op"));
      case "includes", "excludes" -> object(ProfileReader.CONDITIONS);
      case "arches" -> JsonSchema.arrayOf(JsonSchema.oneOf(ProfileWords.ARCHES));
      case "caps" ->
          JsonSchema.arrayOf(
              JsonSchema.oneOf(
                  Arrays.stream(Capability.values()).map(Capability::fullName).toList()));
      case "value", "valueTwo" -> JsonSchema.wholeNumber(0).with("maximum", MOST);
      default -> throw new IllegalStateException("ProfileSchema does not know " + key);
    };
  }

  private static JsonSchema abi() {
    return JsonSchema.oneOf(ProfileWords.ABIS);
  }
}
