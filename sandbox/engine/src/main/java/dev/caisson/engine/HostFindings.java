package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import dev.caisson.policy.Expectation.Use;
import dev.caisson.policy.Finding;
import dev.caisson.policy.Finding.Kind;
import dev.caisson.policy.Mount;
import dev.caisson.policy.Mount.Access;
import dev.caisson.policy.Secret;
import java.util.ArrayList;
import java.util.List;

/** Where a file of the host is shown inside, and what may be done to it there. */
final class HostFindings {
  private final InsideFindings inside;

  HostFindings(InsideFindings inside) {
    this.inside = inside;
  }

  Finding of(Use use, UnixPath wanted) {
    UnixPath file = HostFiles.canonical(wanted).orElse(wanted);
    Finding best = Finding.absent("nothing of the policy shows host:" + file);
    for (Mount mount : inside.tree().mounts()) {
      for (UnixPath place : places(mount, file)) {
        best = opener(best, at(use, mount, place));
      }
    }
    for (Secret secret : inside.secrets()) {
      best = opener(best, at(use, secret, file));
    }
    return best;
  }

  private static Finding at(Use use, Secret secret, UnixPath file) {
    boolean shown =
        secret.source() instanceof Secret.File source
            && HostFiles.canonical(source.path()).orElse(source.path()).startsWith(file);
    String reason = "a copy is the secret " + secret.name();
    return !shown
        ? Finding.absent(reason)
        : use == Use.READ ? Finding.allowed(reason) : Finding.denied(reason);
  }

  /** Where {@code mount} shows the file, or what lies below it, and nothing covers that. */
  private List<UnixPath> places(Mount mount, UnixPath file) {
    UnixPath source;
    if (mount instanceof Mount.Bind bind) {
      source = bind.source();
    } else if (mount instanceof Mount.Copy copy) {
      source = copy.source();
    } else {
      return List.of();
    }
    UnixPath real = HostFiles.canonical(source).orElse(source);
    List<UnixPath> places = new ArrayList<>();
    if (real.startsWith(file)) {
      places.add(mount.target());
    } else if (file.startsWith(real) && mount instanceof Mount.Bind) {
      places.add(mount.target().resolve(NameResolution.relative(real, file)));
    }
    places.removeIf(place -> inside.tree().mountAt(place).filter(mount::equals).isEmpty());
    return places;
  }

  private Finding at(Use use, Mount mount, UnixPath place) {
    if (use == Use.WRITE && mount instanceof Mount.Copy) {
      return Finding.denied("what is shown at inside:" + place + " is a copy");
    }
    if (use == Use.WRITE && mount instanceof Mount.Bind bind && bind.access() == Access.OVERLAY) {
      return Finding.denied("what is written at inside:" + place + " stays in memory");
    }
    Finding found = inside.of(use, place);
    return new Finding(found.kind(), "shown at inside:" + place + "; " + found.reason());
  }

  private static Finding opener(Finding one, Finding two) {
    return rank(two.kind()) > rank(one.kind()) ? two : one;
  }

  private static int rank(Kind kind) {
    return switch (kind) {
      case ABSENT -> 0;
      case DENIED -> 1;
      case UNKNOWN -> 2;
      case THERE -> 3;
      case ALLOWED -> 4;
    };
  }
}
