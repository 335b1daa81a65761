package dev.caisson.engine;

import dev.caisson.launch.LaunchRequest;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.Planner;
import dev.caisson.launch.Root;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.View;
import java.util.List;
import java.util.Map;

/** Makes workloads ready to run: policy, image, environment, plan. */
public final class Engine {
  private final EngineDirectories directories;
  private final HostFacts host;

  private Engine(EngineDirectories directories, HostFacts host) {
    this.directories = directories;
    this.host = host;
  }

  /** An engine for the caller that {@code host} describes; makes what directories it lacks. */
  public static Engine open(EngineDirectories directories, HostFacts host) {
    directories.make(host);
    return new Engine(directories, host);
  }

  /**
   * Decides everything about a run: reads and resolves the policy, verifies and unpacks the image,
   * and plans the launch.
   *
   * @throws dev.caisson.Refusal naming what stands in the way
   */
  public PreparedLaunch prepare(Order order, Mode mode) {
    Draft draft = draft(order);
    new OwnPlaces(directories).check(draft.policy().filesystem());
    LaunchRequest request =
        new LaunchRequest(
            draft.policy(),
            host,
            draft.root(),
            draft.command(),
            draft.environment(),
            directories.runtime(),
            draft.lockedLayers(),
            mode);
    return new PreparedLaunch(request, Planner.plan(request), draft.notes());
  }

  private Draft draft(Order order) {
    Workload workload = order.workload();
    if (workload instanceof Workload.HostCommand command) {
      WrapPreparation wrap = new WrapPreparation(host);
      wrap.checkDirectory();
      return wrap.prepare(policy(order, View.WRAP), command, order.adjustments());
    }
    if (workload instanceof Workload.Directory directory) {
      return directory(order, directory);
    }
    if (workload instanceof Workload.Image image) {
      throw new UnsupportedOperationException(image.toString());
    }
    throw new AssertionError("a workload of an unknown kind");
  }

  private Draft directory(Order order, Workload.Directory directory) {
    EffectivePolicy policy =
        new AdjustedPolicy(policy(order, View.IMAGE), host).flags(order.adjustments()).build();
    Map<String, dev.caisson.UnixPath> environment =
        new PayloadEnvironment(Map.of(), host.environment())
            .policy(policy.environment())
            .flags(order.adjustments())
            .fallback("HOME", dev.caisson.UnixPath.of("/root"))
            .build();
    return new Draft(
        policy,
        new Root.Directory(host.currentDirectory().resolve(directory.root())),
        directory.command(),
        environment,
        List.of(),
        List.of());
  }

  private EffectivePolicy policy(Order order, View view) {
    throw new UnsupportedOperationException(order.toString() + view);
  }
}
