package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.image.ImageConfig;
import dev.caisson.image.UnpackedImage;
import dev.caisson.launch.IdMap;
import dev.caisson.launch.Root;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.signing.TrustPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decides how a program of an image runs. */
final class ImagePreparation {
  private final Images images;
  private final HostFacts host;

  ImagePreparation(Images images, HostFacts host) {
    this.images = images;
    this.host = host;
  }

  Draft prepare(EffectivePolicy base, Workload.Image wanted, Order order) {
    TrustPolicy trust = images.trust(wanted.reference(), wanted.key(), base.images());
    IdentityFlags identity = order.adjustments().identity();
    IdMap ids =
        IdMap.of(
            host,
            base.withNamespaces(
                base.namespaces().withUser(identity.map().orElse(base.namespaces().user()))));
    UnpackedImage image = images.unpack(wanted.reference(), trust, ids);
    ImageConfig config = image.config();
    Accounts accounts = accounts(image.root());
    EffectivePolicy policy =
        new AdjustedPolicy(base, host)
            .flags(order.adjustments())
            .identity(identity, config.user(), accounts)
            .protectPolicy(order.policy())
            .workingDirectory(UnixPath.of(config.workingDirectory()))
            .build();
    Map<String, UnixPath> environment =
        new PayloadEnvironment(variables(config), host.environment())
            .policy(policy.environment())
            .flags(order.adjustments())
            .fallback("HOME", () -> accounts.home(policy.process().user()))
            .build();
    return new Draft(
        policy,
        image.root(),
        command(wanted, config),
        environment,
        locked(image.root()),
        notes(image));
  }

  /** As in Docker: what is named replaces Cmd, and Entrypoint stays unless it is replaced too. */
  private static List<UnixPath> command(Workload.Image wanted, ImageConfig config) {
    List<UnixPath> command = new ArrayList<>();
    if (wanted.entrypoint().isPresent()) {
      wanted.entrypoint().filter(path -> path.bytes().length > 0).ifPresent(command::add);
    } else {
      config.entrypoint().forEach(word -> command.add(UnixPath.of(word)));
    }
    if (!wanted.command().isEmpty()) {
      command.addAll(wanted.command());
    } else if (wanted.entrypoint().isEmpty()) {
      config.command().forEach(word -> command.add(UnixPath.of(word)));
    }
    if (command.isEmpty()) {
      throw new EngineRefusal(
          "run " + wanted.reference(),
          "the image names no program to start",
          "Write one behind the image's name, for example 'sh'");
    }
    return command;
  }

  private static Map<String, UnixPath> variables(ImageConfig config) {
    Map<String, UnixPath> variables = new HashMap<>();
    for (String setting : config.environment()) {
      int equals = setting.indexOf('=');
      if (equals > 0) {
        variables.put(setting.substring(0, equals), UnixPath.of(setting.substring(equals + 1)));
      }
    }
    return variables;
  }

  private static Accounts accounts(Root.Layers root) {
    List<UnixPath> trees = new ArrayList<>(locked(root));
    Collections.reverse(trees);
    return new Accounts(trees);
  }

  private static List<UnixPath> locked(Root.Layers root) {
    return root.layers().stream().map(root.store()::resolve).toList();
  }

  private static List<String> notes(UnpackedImage image) {
    return image.notes().stream().map(note -> "of the image, " + note).toList();
  }
}
