package dev.caisson.engine.emulate;

import java.util.Optional;

/**
 * The user or the group ids of a process, which change by the same rules (credentials(7)).
 *
 * @param file what files are made and looked for with; it follows the effective one
 */
record Ids(int real, int effective, int saved, int file) {
  /** An argument that leaves an id as it is; no id has this number. */
  static final int UNCHANGED = -1;

  static Ids all(int id) {
    return new Ids(id, id, id, id);
  }

  private boolean has(int id) {
    return id == real || id == effective || id == saved;
  }

  /** setuid(2): all of them for one who may, else the effective one to another of the three. */
  Optional<Ids> set(int id, boolean privileged) {
    if (privileged) {
      return Optional.of(all(id));
    }
    return id == real || id == saved ? Optional.of(new Ids(real, id, saved, id)) : Optional.empty();
  }

  /** setreuid(2). */
  Optional<Ids> setRealAndEffective(int newReal, int newEffective, boolean privileged) {
    boolean realAllowed = newReal == UNCHANGED || newReal == real || newReal == effective;
    boolean effectiveAllowed = newEffective == UNCHANGED || has(newEffective);
    if (!privileged && !(realAllowed && effectiveAllowed)) {
      return Optional.empty();
    }
    int nextReal = newReal == UNCHANGED ? real : newReal;
    int next = newEffective == UNCHANGED ? effective : newEffective;
    boolean saves = newReal != UNCHANGED || newEffective != UNCHANGED && newEffective != real;
    return Optional.of(new Ids(nextReal, next, saves ? next : saved, next));
  }

  /** setresuid(2). */
  Optional<Ids> setEach(int newReal, int newEffective, int newSaved, boolean privileged) {
    for (int id : new int[] {newReal, newEffective, newSaved}) {
      if (!privileged && id != UNCHANGED && !has(id)) {
        return Optional.empty();
      }
    }
    int nextReal = newReal == UNCHANGED ? real : newReal;
    int nextSaved = newSaved == UNCHANGED ? saved : newSaved;
    if (newEffective == UNCHANGED && nextReal == real && nextSaved == saved) {
      // what changes nothing leaves the id for files too
      return Optional.of(this);
    }
    int next = newEffective == UNCHANGED ? effective : newEffective;
    return Optional.of(new Ids(nextReal, next, nextSaved, next));
  }

  /** setfsuid(2): what may not be set leaves it as it is. */
  Ids setFile(int id, boolean privileged) {
    return privileged || has(id) || id == file ? new Ids(real, effective, saved, id) : this;
  }
}
