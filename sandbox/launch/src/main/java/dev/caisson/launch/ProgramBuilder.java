package dev.caisson.launch;

import dev.caisson.UnixPath;
import dev.caisson.policy.Architecture;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a {@link LaunchProgram} step by step. Steps take effect in the order of the calls; each
 * belongs to the current {@link #role} and, if it fails, goes on at the current {@link #onFailure}.
 */
public final class ProgramBuilder {
  private static final int FIRST_FREE_SLOT = 4;
  private static final Operand.Slot DISCARD = new Operand.Slot(3);
  private static final Operand.Immediate ZERO = Operand.of(0);

  /** A place to jump to; placed once. */
  public static final class Label {
    private int step = -1;

    private Label() {}
  }

  /** The operands of a step before its labels are placed. */
  private static final class Draft {
    Operation operation = Operation.CALL;
    Role role = Role.KEEPER;
    int number;
    List<Operand> operands = List.of();
    Operand.Slot result = DISCARD;
    List<Integer> tolerated = List.of();
    Label onFailure = new Label();
    Label target = new Label();
    int meaning;
  }

  private final Architecture architecture;
  private final List<Draft> drafts = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final Map<UnixPath, Long> texts = new HashMap<>();
  private final List<Advice> advice = new ArrayList<>();
  private final Label undefined = new Label();
  private Label onFailure = undefined;
  private Role role = Role.KEEPER;

  /** What the calls that say nothing themselves are part of. */
  private int meaning;

  private int nextSlot = FIRST_FREE_SLOT;
  private int zeroBytes;
  private boolean reserving;

  public ProgramBuilder(Architecture architecture) {
    this.architecture = architecture;
    // offset 0 means "no text", so nothing stands there
    data.write(0);
  }

  public Architecture architecture() {
    return architecture;
  }

  /** Whose steps follow. */
  public void role(Role newRole) {
    role = newRole;
    meaning = 0;
  }

  /** Where the steps that follow go on when they fail. */
  public void onFailure(Label label) {
    onFailure = label;
  }

  public Label label() {
    return new Label();
  }

  /** Makes {@code label} stand for the next step. */
  public void place(Label label) {
    if (label.step >= 0) {
      throw new IllegalStateException("a label stands for one step");
    }
    label.step = drafts.size();
  }

  /** A slot that nothing else uses; 0 at the start. */
  public Operand.Slot slot() {
    return new Operand.Slot(nextSlot++);
  }

  /** A NUL-terminated text in the data; equal texts share their place and must not be changed. */
  public Operand.Immediate text(String text) {
    return text(UnixPath.of(text));
  }

  /** The same, of bytes. */
  public Operand.Immediate text(UnixPath text) {
    return Operand.of(
        texts.computeIfAbsent(
            text,
            t -> {
              byte[] bytes = t.bytes();
              byte[] terminated = java.util.Arrays.copyOf(bytes, bytes.length + 1);
              return append(terminated, 1);
            }));
  }

  /** {@code bytes} in the data, at a multiple of 8. */
  public Operand.Immediate bytes(byte[] bytes) {
    return Operand.of(append(bytes, 8));
  }

  /** {@code words} of 64 bits in the data. */
  public Operand.Immediate words(long... words) {
    java.nio.ByteBuffer buffer =
        java.nio.ByteBuffer.allocate(words.length * 8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (long word : words) {
      buffer.putLong(word);
    }
    return bytes(buffer.array());
  }

  /** {@code size} zero bytes of memory that take no room in the file, at a multiple of 16. */
  public Operand.Immediate zeroes(int size) {
    // data are appended until build(), so this area lies at a fixed distance
    zeroBytes = (zeroBytes + 15) & ~15;
    long address = LaunchProgram.DATA_ADDRESS + ZERO_AREA + zeroBytes;
    zeroBytes += size;
    reserving = true;
    return Operand.of(address);
  }

  /** Where zeroed memory starts, past any data: a program's data are at most this long. */
  private static final int ZERO_AREA = 8 << 20;

  /**
   * Fails here, without an error of the kernel's: {@code meaning} says what cannot be done and why.
   */
  public void fail(String meaning) {
    fail(meaning, ZERO);
  }

  /** The same, with the error that was found elsewhere. */
  public void fail(String meaning, Operand errno) {
    Operand.Immediate self = Operand.of(drafts.size());
    Draft draft = draft(Operation.ADD, self, ZERO);
    draft.result = new Operand.Slot(LaunchProgram.FAILED_STEP_SLOT);
    draft.meaning = meaningOffset(meaning);
    set(new Operand.Slot(LaunchProgram.ERRNO_SLOT), errno);
    jump(onFailure);
  }

  /** How many steps there are so far: the index of the next one. */
  public int position() {
    return drafts.size();
  }

  /** What to tell a user when the step that stands at {@code step} fails with {@code errno}. */
  public record Advice(int step, Errno errno, String text) {}

  /** All advice given so far. */
  public List<Advice> advice() {
    return List.copyOf(advice);
  }

  private int meaningOffset(String meaning) {
    return Math.toIntExact(text(meaning).value() - LaunchProgram.DATA_ADDRESS);
  }

  /**
   * A system call; {@link Call} says more about it. Until it does, it is part of what the calls
   * before it are for.
   */
  public Call call(Syscall syscall, Operand... arguments) {
    Draft draft = draft(Operation.CALL, arguments);
    meaning = meaning == 0 ? meaningOffset(role.task()) : meaning;
    draft.meaning = meaning;
    draft.number = syscall.number(architecture);
    return new Call(draft);
  }

  /** A call that must succeed, and what it is for. */
  public Call call(String meaning, Syscall syscall, Operand... arguments) {
    return call(syscall, arguments).meaning(meaning);
  }

  /** Settings of the call that was added last. */
  public final class Call {
    private final Draft draft;

    private Call(Draft draft) {
      this.draft = draft;
    }

    /** What is being done, as the rest of "cannot ...". */
    public Call meaning(String text) {
      meaning = meaningOffset(text);
      draft.meaning = meaning;
      return this;
    }

    /** Why it may fail with {@code errno} on some hosts, and what to do then. */
    public Call advise(Errno errno, String text) {
      advice.add(new Advice(drafts.lastIndexOf(draft), errno, text));
      return this;
    }

    /** Where the result goes. */
    public Call into(Operand.Slot slot) {
      draft.result = slot;
      return this;
    }

    /** Errors that are results, negated. */
    public Call tolerate(Errno... errors) {
      List<Integer> numbers = new ArrayList<>();
      for (Errno errno : errors) {
        numbers.add(errno.number());
      }
      draft.tolerated = numbers;
      return this;
    }

    /** Every error is a result, negated. */
    public Call tolerateAll() {
      draft.tolerated = List.of(Step.ANY_ERROR);
      return this;
    }

    /** Made again for as long as it is interrupted. */
    public Call again() {
      draft.operation = Operation.CALL_AGAIN;
      return this;
    }

    /** Where to go on if it fails, in place of the builder's {@link #onFailure}. */
    public Call otherwise(Label label) {
      draft.onFailure = label;
      return this;
    }
  }

  public void set(Operand.Slot slot, Operand value) {
    arithmetic(Operation.ADD, slot, value, ZERO);
  }

  public void add(Operand.Slot slot, Operand a, Operand b) {
    arithmetic(Operation.ADD, slot, a, b);
  }

  /**
   * {@code slot} becomes the result of {@code operation}, which is neither call, store nor jump.
   */
  public void arithmetic(Operation operation, Operand.Slot slot, Operand a, Operand b) {
    draft(operation, a, b).result = slot;
  }

  /** Loads {@code width} (1, 2, 4 or 8) bytes at {@code address + offset}. */
  public void load(int width, Operand.Slot slot, Operand address, long offset) {
    Operation operation =
        switch (width) {
          case 1 -> Operation.LOAD_1;
          case 2 -> Operation.LOAD_2;
          case 4 -> Operation.LOAD_4;
          case 8 -> Operation.LOAD_8;
          default -> throw new IllegalArgumentException("width " + width);
        };
    arithmetic(operation, slot, address, Operand.of(offset));
  }

  /**
   * Stores the low {@code width} (1, 4 or 8) bytes of {@code value} at {@code address + offset}.
   */
  public void store(int width, Operand address, long offset, Operand value) {
    Operation operation =
        switch (width) {
          case 1 -> Operation.STORE_1;
          case 4 -> Operation.STORE_4;
          case 8 -> Operation.STORE_8;
          default -> throw new IllegalArgumentException("width " + width);
        };
    draft(operation, address, Operand.of(offset), value);
  }

  public void jump(Label target) {
    jumpIfEqual(ZERO, ZERO, target);
  }

  public void jumpIfEqual(Operand a, Operand b, Label target) {
    draft(Operation.JUMP_EQUAL, a, b).target = target;
  }

  public void jumpIfNotEqual(Operand a, Operand b, Label target) {
    draft(Operation.JUMP_NOT_EQUAL, a, b).target = target;
  }

  /** Jumps where {@code a < b}, unsigned. */
  public void jumpIfLess(Operand a, Operand b, Label target) {
    draft(Operation.JUMP_LESS, a, b).target = target;
  }

  /** Goes on at the step whose number {@code slot} holds: a return. */
  public void jumpTo(Operand.Slot slot) {
    draft(Operation.JUMP_EQUAL, ZERO, ZERO, slot);
  }

  /** Runs the steps at {@code routine}, which end with {@link #jumpTo} of {@code back}. */
  public void perform(Label routine, Operand.Slot back) {
    set(back, Operand.of(drafts.size() + 2L));
    jump(routine);
  }

  /** The program; every label used has been placed. */
  public LaunchProgram build() {
    byte[] bytes = data.toByteArray();
    if (bytes.length > ZERO_AREA) {
      throw new IllegalStateException("the program's data exceed " + ZERO_AREA + " bytes");
    }
    List<Step> steps = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      steps.add(step(draft));
    }
    int zeroes = reserving ? ZERO_AREA - bytes.length + zeroBytes : 0;
    return new LaunchProgram(architecture, steps, bytes, zeroes);
  }

  private Step step(Draft draft) {
    List<Operand> operands = new ArrayList<>(draft.operands);
    if (draft.operation.isJump() && operands.size() == 2) {
      operands.add(Operand.of(stepOf(draft.target)));
    }
    while (operands.size() < 6) {
      operands.add(ZERO);
    }
    int failure = draft.operation.isCall() ? stepOf(draft.onFailure) : 0;
    return new Step(
        draft.operation,
        draft.role,
        draft.number,
        operands,
        draft.result.index(),
        draft.tolerated,
        failure,
        draft.meaning);
  }

  private static int stepOf(Label label) {
    if (label.step < 0) {
      throw new IllegalStateException("a label was never placed");
    }
    return label.step;
  }

  private Draft draft(Operation operation, Operand... operands) {
    Draft draft = new Draft();
    draft.operation = operation;
    draft.role = role;
    draft.operands = List.of(operands);
    draft.onFailure = onFailure;
    drafts.add(draft);
    return draft;
  }

  private long append(byte[] bytes, int alignment) {
    while (data.size() % alignment != 0) {
      data.write(0);
    }
    long address = LaunchProgram.DATA_ADDRESS + data.size();
    data.writeBytes(bytes);
    return address;
  }
}
