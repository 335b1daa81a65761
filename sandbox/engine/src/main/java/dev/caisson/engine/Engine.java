package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.ControlGroupPlace;
import dev.caisson.launch.HostPolicyFiles;
import dev.caisson.launch.LaunchRequest;
import dev.caisson.launch.LaunchRequest.Mode;
import dev.caisson.launch.Notification;
import dev.caisson.launch.PlanRefusal;
import dev.caisson.launch.Planner;
import dev.caisson.launch.ResultFile;
import dev.caisson.launch.Root;
import dev.caisson.policy.EffectivePolicy;
import dev.caisson.policy.HostFacts;
import dev.caisson.policy.Policy;
import dev.caisson.policy.PolicyFiles;
import dev.caisson.policy.PolicyLoader;
import dev.caisson.policy.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes workloads ready to run: policy, image, environment, plan. */
public final class Engine {
  private final EngineDirectories directories;
  private final Installation installation;
  private final HostFacts host;
  private final PolicyFiles files;

  private Engine(
      EngineDirectories directories, Installation installation, HostFacts host, PolicyFiles files) {
    this.directories = directories;
    this.installation = installation;
    this.host = host;
    this.files = files;
  }

  /** An engine for the caller that {@code host} describes; makes what directories it lacks. */
  public static Engine open(
      EngineDirectories directories, Installation installation, HostFacts host) {
    directories.make(host);
    return new Engine(directories, installation, host, new HostPolicyFiles());
  }

  /**
   * This engine, which finds the policies of orders among {@code others}; ceilings stay where they
   * are.
   */
  public Engine reading(PolicyFiles others) {
    return new Engine(directories, installation, host, others);
  }

  /** Finds, judges and unpacks images. */
  public Images images() {
    return new Images(directories, installation, host);
  }

  /**
   * Decides everything about a run: reads and resolves the policy, verifies and unpacks the image,
   * and plans the launch.
   *
   * @throws dev.caisson.Refusal naming what stands in the way
   */
  public PreparedLaunch prepare(Order order, Mode mode) {
    return prepare(order, mode, Optional.empty());
  }

  /**
   * The same for a launch some of whose calls wait for this process, which spawns it.
   *
   * @throws dev.caisson.Refusal naming what stands in the way
   */
  public PreparedLaunch prepareSupervised(Order order, Notification notification) {
    return prepare(order, Mode.SPAWNED, Optional.of(notification));
  }

  private PreparedLaunch prepare(Order order, Mode mode, Optional<Notification> notification) {
    Draft draft = checked(order);
    if (mode == Mode.FOREGROUND) {
      SecretDescriptors.check(draft.policy());
    }
    Supervised.check(draft.policy(), mode, notification);
    ControlGroupPlace group =
        new GroupChoice(host, draft.policy().limits(), ImageInit.isSystemd(draft))
            .prepare(Supervised.is(draft.policy()) ? Mode.SPAWNED : mode);
    return plan(draft, group, mode, resultFile(order), notification, List.of());
  }

  /**
   * Plans a run in the foreground to be read and not started. Where this host has no control group
   * for a required limit, it is planned as for one that has, and the first of its notes is what a
   * launch here would be refused with.
   *
   * @throws dev.caisson.Refusal naming what else stands in the way
   */
  public PreparedLaunch explain(Order order) {
    Draft draft = checked(order);
    GroupChoice choice = new GroupChoice(host, draft.policy().limits(), ImageInit.isSystemd(draft));
    try {
      return explain(draft, choice.preview(), resultFile(order), List.of());
    } catch (PlanRefusal refusal) {
      String note = "a launch on this host is refused: it " + refusal.getMessage();
      return explain(draft, choice.supposed(), resultFile(order), List.of(note));
    }
  }

  private PreparedLaunch explain(
      Draft draft, ControlGroupPlace group, Optional<ResultFile> result, List<String> firstNotes) {
    return plan(draft, group, Mode.FOREGROUND, result, Optional.empty(), firstNotes);
  }

  private Optional<ResultFile> resultFile(Order order) {
    return order.result().map(this::resultFile);
  }

  private ResultFile resultFile(UnixPath path) {
    UnixPath absolute = path.isAbsolute() ? path : host.currentDirectory().resolve(path);
    return ResultFile.at(absolute)
        .orElseThrow(
            () ->
                new EngineRefusal(
                    "write the result file " + path, "it names no file", "Name a file"));
  }

  private PreparedLaunch plan(
      Draft draft,
      ControlGroupPlace group,
      Mode mode,
      Optional<ResultFile> result,
      Optional<Notification> notification,
      List<String> firstNotes) {
    // no name is looked up for a policy that a ceiling refuses
    PrivateNetwork.Ready network =
        new PrivateNetwork(new SystemNames(), mode == Mode.COMPILED).connect(draft.policy());
    boolean supervised = Supervised.is(network.policy());
    LaunchRequest request =
        new LaunchRequest(
            network.policy(),
            host,
            draft.root(),
            draft.command(),
            draft.environment(),
            directories.sandboxes(host),
            draft.lockedLayers(),
            new ProofDirectory(directories),
            group,
            network.connection(),
            supervised ? Mode.SPAWNED : mode,
            result,
            supervised
                ? Optional.of(Supervised.calls(network.policy(), host.architecture()))
                : notification);
    List<String> notes = new ArrayList<>(firstNotes);
    notes.addAll(draft.notes());
    notes.addAll(network.notes());
    return new PreparedLaunch(request, Planner.plan(request), notes);
  }

  private Draft checked(Order order) {
    // what is compared with the ceilings is what is shown, without links that could change
    Draft draft = draft(order).with(Ceilings::real);
    Ceilings.of(host, order.ceilings()).check(draft.policy(), order.adjustments());
    new OwnPlaces(directories, installation).check(draft.policy().filesystem());
    return ImageInit.prepare(draft);
  }

  private Draft draft(Order order) {
    Workload workload = order.workload();
    if (workload instanceof Workload.HostCommand command) {
      WrapPreparation wrap = new WrapPreparation(host);
      wrap.checkDirectory();
      return wrap.prepare(policy(order, View.WRAP), command, order);
    }
    if (workload instanceof Workload.Directory directory) {
      return directory(order, directory);
    }
    if (workload instanceof Workload.Image image) {
      return new ImagePreparation(images(), host).prepare(policy(order, View.IMAGE), image, order);
    }
    throw new AssertionError("a workload of an unknown kind");
  }

  private Draft directory(Order order, Workload.Directory directory) {
    UnixPath root =
        directory.root().isAbsolute()
            ? directory.root()
            : host.currentDirectory().resolve(directory.root());
    Accounts accounts = new Accounts(List.of(root));
    EffectivePolicy policy =
        new AdjustedPolicy(policy(order, View.IMAGE), host)
            .flags(order.adjustments())
            .identity(order.adjustments().identity(), Optional.empty(), accounts)
            .protectPolicy(order.policy())
            .build();
    Map<String, UnixPath> environment =
        new PayloadEnvironment(Map.of(), host.environment())
            .policy(policy.environment())
            .flags(order.adjustments())
            .fallback("HOME", () -> accounts.home(policy.process().user()))
            .build();
    return new Draft(
        policy, new Root.Directory(root), directory.command(), environment, List.of(), List.of());
  }

  private EffectivePolicy policy(Order order, View view) {
    Policy policy = PolicyLoader.load(order.policy(), host.uid(), files);
    EffectivePolicy resolved = policy.resolve(view, host);
    // before anything that it decides is done; flags are looked at later
    Ceilings.of(host, order.ceilings()).check(resolved, Adjustments.NONE);
    return resolved;
  }
}
