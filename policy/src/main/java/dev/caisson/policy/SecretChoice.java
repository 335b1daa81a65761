package dev.caisson.policy;

import java.util.Optional;

/** What a policy says of a secret, as it was written. */
sealed interface SecretChoice {
  /** The secret on this host; empty where there is none, or a mistake was recorded. */
  Optional<Secret> resolve(String name, FilesystemResolver resolver);

  record File(Setting<Template> path) implements SecretChoice {
    @Override
    public Optional<Secret> resolve(String name, FilesystemResolver resolver) {
      return resolver
          .hostPath(path, Mount.Access.READ_ONLY)
          .map(host -> new Secret(name, new Secret.File(host)));
    }
  }

  record Descriptor(int number) implements SecretChoice {
    @Override
    public Optional<Secret> resolve(String name, FilesystemResolver resolver) {
      return Optional.of(new Secret(name, new Secret.Descriptor(number)));
    }
  }

  /** Takes away what a parent set. */
  record Remove() implements SecretChoice {
    @Override
    public Optional<Secret> resolve(String name, FilesystemResolver resolver) {
      return Optional.empty();
    }
  }
}
