package dev.caisson.policy.seccomp;

import java.util.Arrays;

/**
 * Functions of a call, as binary decision diagrams: reduced and ordered over the bits of struct
 * seccomp_data's sixteen words, with return values for leaves (Bryant 1986; several terminals as in
 * Clarke et al. 1993). Equal functions are the same node, so that to compare two is to compare two
 * numbers.
 *
 * <p>The nodes lie in plain arrays: a proof makes thousands.
 */
final class Diagrams {
  /** The diagrams of what never and of what always holds. */
  static final int NEVER = 0;

  static final int ALWAYS = 1;

  /** Ranks of bits are below; a leaf comes after all of them. */
  private static final int LEAF = 32 * Bpf.DATA_SIZE / 4;

  private static final int FIELDS = 3;

  /** Choices remembered for each node of the budget. */
  private static final int CHOICES_PER_NODE = 8;

  private final int budget;
  private int[] nodes = new int[FIELDS * 1024];
  private int size = 2;
  private int[] nodeTable = new int[4096];
  private int[] choices = new int[4 * 4096];
  private int choiceCount;

  /**
   * @param budget how many nodes are made at most
   */
  Diagrams(int budget) {
    this.budget = budget;
    nodes[NEVER * FIELDS] = LEAF;
    nodes[ALWAYS * FIELDS] = LEAF;
  }

  /** How many nodes were made. */
  int size() {
    return size;
  }

  /** The function that always returns {@code value}. */
  int returning(int value) throws Undecided {
    return intern(LEAF, value, 0);
  }

  boolean isLeaf(int node) {
    return bit(node) == LEAF;
  }

  /** What a leaf returns. */
  int value(int leaf) {
    return nodes[leaf * FIELDS + 1];
  }

  /** The rank of the bit that a node looks at. */
  int bit(int node) {
    return nodes[node * FIELDS];
  }

  int ifClear(int node) {
    return nodes[node * FIELDS + 1];
  }

  int ifSet(int node) {
    return nodes[node * FIELDS + 2];
  }

  /**
   * The bit's place in the order: arch, number, then each argument's halves from the top bit on.
   */
  static int rank(int word, int bit) {
    return (word ^ 1) * 32 + 31 - bit;
  }

  /** The word that the bit of a rank belongs to. */
  static int word(int rank) {
    return rank / 32 ^ 1;
  }

  /** The value of the bit of a rank within its word. */
  static int bitValue(int rank) {
    return 1 << (31 - rank % 32);
  }

  /** Holds where {@code word & mask} equals {@code k}. */
  int equal(int word, int mask, int k) throws Undecided {
    int node = ALWAYS;
    for (int bit = 0; bit < 32; bit++) {
      boolean one = (k >>> bit & 1) != 0;
      if ((mask >>> bit & 1) != 0) {
        node = node(word, bit, one ? NEVER : node, one ? node : NEVER);
      } else if (one) {
        return NEVER;
      }
    }
    return node;
  }

  /** Holds where {@code word & mask} is at least {@code k}, unsigned. */
  int atLeast(int word, int mask, int k) throws Undecided {
    return above(word, mask, k, ALWAYS);
  }

  /** Holds where {@code word & mask} is greater than {@code k}, unsigned. */
  int greater(int word, int mask, int k) throws Undecided {
    return above(word, mask, k, NEVER);
  }

  private int above(int word, int mask, int k, int whereEqual) throws Undecided {
    int node = whereEqual;
    for (int bit = 0; bit < 32; bit++) {
      boolean one = (k >>> bit & 1) != 0;
      if ((mask >>> bit & 1) != 0) {
        node = node(word, bit, one ? NEVER : node, one ? node : ALWAYS);
      } else if (one) {
        node = NEVER;
      }
    }
    return node;
  }

  /** Holds where {@code word & bits} is not 0. */
  int anyOf(int word, int bits) throws Undecided {
    int node = NEVER;
    for (int bit = 0; bit < 32; bit++) {
      if ((bits >>> bit & 1) != 0) {
        node = node(word, bit, node, ALWAYS);
      }
    }
    return node;
  }

  /** {@code yes} where {@code condition} holds, else {@code no}. */
  int choice(int condition, int yes, int no) throws Undecided {
    if (condition == ALWAYS || yes == no) {
      return yes;
    }
    if (condition == NEVER) {
      return no;
    }
    int known = choiceSlot(condition, yes, no);
    if (choices[known + 3] != 0) {
      return choices[known + 3] - 1;
    }
    int top = Math.min(bit(condition), Math.min(bit(yes), bit(no)));
    int clear = choice(under(condition, top, false), under(yes, top, false), under(no, top, false));
    int set = choice(under(condition, top, true), under(yes, top, true), under(no, top, true));
    int result = clear == set ? clear : intern(top, clear, set);
    rememberChoice(condition, yes, no, result);
    return result;
  }

  private int under(int node, int rank, boolean set) {
    return bit(node) != rank ? node : set ? ifSet(node) : ifClear(node);
  }

  private int node(int word, int bit, int clear, int set) throws Undecided {
    return clear == set ? clear : intern(rank(word, bit), clear, set);
  }

  private int intern(int rank, int clear, int set) throws Undecided {
    int slot = hash(rank, clear, set) & (nodeTable.length - 1);
    while (nodeTable[slot] != 0) {
      int at = nodeTable[slot] * FIELDS;
      if (nodes[at] == rank && nodes[at + 1] == clear && nodes[at + 2] == set) {
        return nodeTable[slot];
      }
      slot = (slot + 1) & (nodeTable.length - 1);
    }
    if (size >= budget) {
      throw new Undecided("more than " + budget + " nodes of a decision diagram are needed");
    }
    if ((size + 1) * FIELDS > nodes.length) {
      nodes = Arrays.copyOf(nodes, nodes.length * 2);
    }
    nodes[size * FIELDS] = rank;
    nodes[size * FIELDS + 1] = clear;
    nodes[size * FIELDS + 2] = set;
    nodeTable[slot] = size++;
    int made = nodeTable[slot];
    if (size * 2 > nodeTable.length) {
      growNodeTable();
    }
    return made;
  }

  private void growNodeTable() {
    nodeTable = new int[nodeTable.length * 2];
    for (int node = ALWAYS + 1; node < size; node++) {
      int slot = hash(bit(node), ifClear(node), ifSet(node)) & (nodeTable.length - 1);
      while (nodeTable[slot] != 0) {
        slot = (slot + 1) & (nodeTable.length - 1);
      }
      nodeTable[slot] = node;
    }
  }

  /** Where the choice is remembered: three nodes, and its result and 1. */
  private int choiceSlot(int condition, int yes, int no) {
    int mask = choices.length / 4 - 1;
    int slot = hash(condition, yes, no) & mask;
    while (choices[slot * 4 + 3] != 0) {
      int at = slot * 4;
      if (choices[at] == condition && choices[at + 1] == yes && choices[at + 2] == no) {
        return at;
      }
      slot = (slot + 1) & mask;
    }
    return slot * 4;
  }

  private void rememberChoice(int condition, int yes, int no, int result) throws Undecided {
    if (choiceCount >= (long) budget * CHOICES_PER_NODE) {
      throw new Undecided("too many choices between nodes of a decision diagram");
    }
    if (++choiceCount * 8L > choices.length) {
      int[] old = choices;
      choices = new int[old.length * 2];
      for (int at = 0; at < old.length; at += 4) {
        if (old[at + 3] != 0) {
          System.arraycopy(old, at, choices, choiceSlot(old[at], old[at + 1], old[at + 2]), 4);
        }
      }
    }
    int at = choiceSlot(condition, yes, no);
    choices[at] = condition;
    choices[at + 1] = yes;
    choices[at + 2] = no;
    choices[at + 3] = result + 1;
  }

  private static int hash(int a, int b, int c) {
    int hash = (a * 0x9E3779B1 + b) * 0x85EBCA6B + c;
    return (hash ^ (hash >>> 15)) * 0xC2B2AE35 >>> 7;
  }
}
