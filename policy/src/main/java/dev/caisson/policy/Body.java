package dev.caisson.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a document or a part of it sets.
 *
 * @param <P> a path inside: a template as it was written, a path once variables are replaced
 * @param filesystem what stands at each path
 * @param pass the names of variables of the caller's environment, and whether they pass
 * @param set variables that are set; empty where one is taken away
 * @param secrets what it says of each secret
 * @param waivers of the audit, by rule; empty where one is taken away
 * @param calls what is said of system calls on top of the seccomp profile
 * @param sections the objects with keys of the author's own that are there, empty ones too
 */
record Body<P>(
    Settings<Field<?>, Object> fields,
    Settings<P, Placement> filesystem,
    Settings<String, Boolean> pass,
    Settings<String, Optional<Template>> set,
    Settings<String, SecretChoice> secrets,
    Settings<String, Optional<Waiver>> waivers,
    CallLayers calls,
    Set<String> sections) {
  Body() {
    this(
        new Settings<>(),
        new Settings<>(),
        new Settings<>(),
        new Settings<>(),
        new Settings<>(),
        new Settings<>(),
        new CallLayers(),
        new TreeSet<>());
  }

  /** What was set for {@code field}. */
  <T> Optional<Setting<T>> get(Field<T> field) {
    Optional<Setting<Object>> setting = fields.get(field);
    if (setting.isEmpty()) {
      return Optional.empty();
    }
    // only BodyReader sets a field, to what that field read
    @SuppressWarnings("unchecked")
    T value = (T) setting.get().value();
    return Optional.of(new Setting<>(value, setting.get().origin()));
  }

  /** What holds for {@code field}. */
  <T> T value(OrderedField<T> field) {
    return get(field).map(Setting::value).orElse(field.absent());
  }

  /** Sets everything that {@code later} sets. */
  void overrideBy(Body<P> later) {
    fields.overrideBy(later.fields);
    filesystem.overrideBy(later.filesystem);
    pass.overrideBy(later.pass);
    set.overrideBy(later.set);
    secrets.overrideBy(later.secrets);
    waivers.overrideBy(later.waivers);
    calls.overrideBy(later.calls);
    sections.addAll(later.sections);
  }

  /** Adds one more parent of {@code child}. */
  void addParent(Body<P> parent, Body<P> child, List<PolicyProblem> problems) {
    fields.addParent(parent.fields, child.fields, problems);
    filesystem.addParent(parent.filesystem, child.filesystem, problems);
    pass.addParent(parent.pass, child.pass, problems);
    set.addParent(parent.set, child.set, problems);
    secrets.addParent(parent.secrets, child.secrets, problems);
    waivers.addParent(parent.waivers, child.waivers, problems);
    calls.addParent(parent.calls, child.calls, problems);
    sections.addAll(parent.sections);
  }
}
