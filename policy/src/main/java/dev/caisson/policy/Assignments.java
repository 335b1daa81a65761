package dev.caisson.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The views and hosts that the conditions of some policies can tell apart: one of each kind. What
 * no condition asks for is as on this host.
 */
final class Assignments {
  /** More are not looked at one by one. */
  static final int MOST = 4096;

  /** Caisson runs on no older one. */
  private static final KernelVersion OLDEST = new KernelVersion(5, 12);

  private final HostFacts here;
  private final List<View> views = List.of(View.IMAGE, View.WRAP);
  private final List<Architecture> architectures;
  private final List<KernelVersion> kernels = new ArrayList<>();
  private final List<Integer> abis = new ArrayList<>();
  private final List<Boolean> attributes;

  private Assignments(List<Condition> conditions, HostFacts here) {
    this.here = here;
    boolean asksArchitecture = conditions.stream().anyMatch(c -> !c.architectures().isEmpty());
    architectures =
        asksArchitecture ? List.of(Architecture.values()) : List.of(here.architecture());
    List<KernelRange> ranges = conditions.stream().flatMap(c -> c.kernels().stream()).toList();
    kernels.addAll(ranges.isEmpty() ? List.of(here.kernel()) : representatives(ranges));
    List<HostFeature> features =
        conditions.stream().flatMap(c -> c.features().stream()).distinct().toList();
    abis.addAll(levels(features, here));
    attributes =
        features.contains(HostFeature.TMPFS_XATTR)
            ? List.of(true, false)
            : List.of(here.tmpfsUserXattrs());
  }

  /** The first kernel of each stretch between the versions that conditions name. */
  private static Set<KernelVersion> representatives(List<KernelRange> ranges) {
    Set<KernelVersion> starts = new TreeSet<>();
    for (KernelRange range : ranges) {
      starts.add(range.version());
      if (range.side() == KernelRange.Side.EXACTLY) {
        starts.add(range.next());
      }
    }
    starts.removeIf(version -> version.compareTo(OLDEST) < 0);
    starts.add(OLDEST);
    return starts;
  }

  private static Set<Integer> levels(List<HostFeature> features, HostFacts here) {
    Set<Integer> levels = new TreeSet<>();
    for (HostFeature feature : features) {
      if (feature.landlockAbi() > 0) {
        levels.add(feature.landlockAbi());
      }
    }
    levels.add(levels.isEmpty() ? here.landlockAbi() : 0);
    return levels;
  }

  static Assignments of(Collection<PolicyDocument> documents, HostFacts here) {
    List<Condition> conditions = new ArrayList<>();
    documents.forEach(document -> collect(document, conditions));
    return new Assignments(conditions, here);
  }

  private static void collect(PolicyDocument document, List<Condition> conditions) {
    document.parents().forEach(parent -> collect(parent, conditions));
    document.parts().forEach(part -> conditions.add(part.condition()));
  }

  /** One of them: a view and a host, by their places in the lists. */
  record Assignment(View view, HostFacts host) {}

  long count() {
    return (long) views.size()
        * architectures.size()
        * kernels.size()
        * abis.size()
        * attributes.size();
  }

  List<Assignment> all() {
    List<Assignment> all = new ArrayList<>();
    for (View view : views) {
      for (Architecture architecture : architectures) {
        for (KernelVersion kernel : kernels) {
          for (int abi : abis) {
            for (boolean attribute : attributes) {
              all.add(new Assignment(view, here.withSystem(architecture, kernel, abi, attribute)));
            }
          }
        }
      }
    }
    return all;
  }

  /**
   * What some of them have in common and the others have not, in words: "on Linux before 6.7".
   * Empty where they are all, or all of one view.
   */
  String host(List<Assignment> some) {
    List<String> words = new ArrayList<>();
    List<Assignment> shown = isBox(some) ? some : some.subList(0, 1);
    List<HostFacts> hosts = shown.stream().map(Assignment::host).toList();
    List<KernelVersion> seen = hosts.stream().map(HostFacts::kernel).distinct().toList();
    if (seen.size() < kernels.size()) {
      words.add("on " + join(seen.stream().map(this::kernel).toList()));
    }
    List<Architecture> archs = hosts.stream().map(HostFacts::architecture).distinct().toList();
    if (archs.size() < architectures.size()) {
      words.add("on " + join(archs.stream().map(Architecture::kernelName).toList()));
    }
    List<Integer> levels = hosts.stream().map(HostFacts::landlockAbi).distinct().toList();
    if (levels.size() < abis.size()) {
      words.add(join(levels.stream().map(Assignments::landlock).toList()));
    }
    List<Boolean> tmpfs = hosts.stream().map(HostFacts::tmpfsUserXattrs).distinct().toList();
    if (tmpfs.size() < attributes.size()) {
      words.add(tmpfs.get(0) ? "with tmpfs-xattr" : "without tmpfs-xattr");
    }
    return String.join(", ", words);
  }

  /** " (by wrap)" or " (by run)" where only that view is among them. */
  String view(List<Assignment> some) {
    List<View> seen =
        (isBox(some) ? some : some.subList(0, 1))
            .stream().map(Assignment::view).distinct().toList();
    return seen.size() == views.size() ? "" : seen.get(0) == View.WRAP ? " (by wrap)" : " (by run)";
  }

  /** Whether they are all combinations of the values that occur in them. */
  private static boolean isBox(List<Assignment> some) {
    List<HostFacts> hosts = some.stream().map(Assignment::host).toList();
    long combinations =
        some.stream().map(Assignment::view).distinct().count()
            * hosts.stream().map(HostFacts::architecture).distinct().count()
            * hosts.stream().map(HostFacts::kernel).distinct().count()
            * hosts.stream().map(HostFacts::landlockAbi).distinct().count()
            * hosts.stream().map(HostFacts::tmpfsUserXattrs).distinct().count();
    return combinations == some.size();
  }

  private String kernel(KernelVersion first) {
    int index = kernels.indexOf(first);
    boolean last = index == kernels.size() - 1;
    if (index == 0 && !last) {
      return "Linux before " + kernels.get(1);
    }
    return "Linux from " + first + " on" + (last ? "" : ", before " + kernels.get(index + 1));
  }

  private static String landlock(int abi) {
    return abi == 0 ? "without Landlock" : "with Landlock ABI " + abi;
  }

  private static String join(List<String> words) {
    return String.join(" or ", words);
  }
}
