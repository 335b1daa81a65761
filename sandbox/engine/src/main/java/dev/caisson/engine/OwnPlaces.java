package dev.caisson.engine;

import dev.caisson.UnixPath;
import dev.caisson.launch.HostFiles;
import dev.caisson.policy.Mount;
import java.util.ArrayList;
import java.util.List;

/**
 * Caisson's installation, store, configuration and runtime directories: a sandbox that could write
 * to them would decide what the next run does, so they are never shown writable.
 */
final class OwnPlaces {
  private final List<UnixPath> places = new ArrayList<>();

  OwnPlaces(EngineDirectories directories, Installation installation) {
    directories.all().forEach(this::add);
    installation.home().ifPresent(this::add);
  }

  private void add(UnixPath place) {
    HostFiles.canonical(place).filter(path -> !path.components().isEmpty()).ifPresent(places::add);
  }

  /**
   * Checks every writable bind.
   *
   * @throws EngineRefusal for one that holds such a place or lies in one
   */
  void check(List<Mount> mounts) {
    for (Mount mount : mounts) {
      if (mount instanceof Mount.Bind bind && bind.access() == Mount.Access.READ_WRITE) {
        HostFiles.canonical(bind.source()).ifPresent(source -> check(bind, source));
      }
    }
  }

  private void check(Mount.Bind bind, UnixPath source) {
    for (UnixPath place : places) {
      if (source.startsWith(place) || place.startsWith(source)) {
        throw new EngineRefusal(
            "show " + bind.source() + " writable",
            "Caisson's own " + place + " would be writable inside",
            "Show it read-only, or show a directory beside it");
      }
    }
  }
}
