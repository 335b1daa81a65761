package dev.caisson.launch;

import dev.caisson.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A program as text, much like strace(1) shows what a process does: one numbered line a step, under
 * a heading for each process, with the step's meaning as a comment.
 *
 * <p>{@code s12} is a slot, {@code data+0x40} a place in the program's memory, {@code u8[...]} the
 * byte there. Texts and structures are those before the first step.
 */
public final class Listing {
  private static final int COMMENT_COLUMN = 60;

  /** Nothing reads what the builder puts there. */
  private static final int DISCARDED_SLOT = 3;

  private final LaunchProgram program;
  private final ProgramMemory memory;
  private final StringBuilder out = new StringBuilder();

  private Listing(LaunchProgram program) {
    this.program = program;
    this.memory = new ProgramMemory(program);
  }

  /** The whole program; each line ends with a newline. */
  public static String of(LaunchProgram program) {
    Listing listing = new Listing(program);
    listing.print();
    return listing.out.toString();
  }

  /** The step at {@code index} alone, without its number and meaning. */
  public static String step(LaunchProgram program, int index) {
    return new Listing(program).line(program.steps().get(index));
  }

  private void print() {
    Optional<Role> role = Optional.empty();
    int onFailure = -1;
    String meaning = "";
    for (int i = 0; i < program.steps().size(); i++) {
      Step step = program.steps().get(i);
      if (!role.equals(Optional.of(step.role()))) {
        role = Optional.of(step.role());
        out.append(step.role().name().toLowerCase(Locale.ROOT)).append(":\n");
      }
      if (step.operation().isCall() && canFail(step) && step.onFailure() != onFailure) {
        onFailure = step.onFailure();
        out.append("        on failure goto ").append(onFailure).append('\n');
      }
      number(i);
      String above = meaning;
      meaning = step.operation().isCall() ? program.meaningOf(i) : meaning;
      boolean repeats = step.operation().isCall() && meaning.equals(above);
      commented(line(step), repeats ? "" : program.meaningOf(i));
      packetFilter(step);
    }
  }

  /** The rules of a packet filter, one a line. */
  private void packetFilter(Step step) {
    int sendTo = Syscall.SENDTO.number(program.architecture());
    if (!step.operation().isCall() || step.number() != sendTo) {
      return;
    }
    memory
        .raw(step.operands().get(1).code(), step.operands().get(2).code())
        .map(PacketFilterText::of)
        .orElse(List.of())
        .forEach(rule -> out.append("          # ").append(rule).append('\n'));
  }

  private static boolean canFail(Step step) {
    return !step.tolerated().contains(Step.ANY_ERROR);
  }

  private void number(int index) {
    String number = Integer.toString(index);
    out.append(" ".repeat(Math.max(0, 6 - number.length()))).append(number).append("  ");
  }

  private void commented(String line, String meaning) {
    out.append(line);
    if (!meaning.isEmpty()) {
      out.append(" ".repeat(Math.max(2, COMMENT_COLUMN - line.length())));
      out.append("# ").append(Printable.of(meaning));
    }
    out.append('\n');
  }

  private String line(Step step) {
    String a = plain(step.operands().get(0));
    String b = plain(step.operands().get(1));
    String c = plain(step.operands().get(2));
    String result = slot(step.result()) + " = ";
    return switch (step.operation()) {
      case CALL, CALL_AGAIN -> call(step);
      case ADD -> result + sum(step);
      case SUBTRACT -> result + a + " - " + b;
      case AND -> result + a + " & " + bits(step.operands().get(1));
      case OR -> result + a + " | " + bits(step.operands().get(1));
      case MULTIPLY -> result + a + " * " + b;
      case DIVIDE -> result + a + " / " + b;
      case REMAINDER -> result + a + " % " + b;
      case LOAD_1 -> result + "u8[" + sum(step) + "]";
      case LOAD_2 -> result + "u16[" + sum(step) + "]";
      case LOAD_4 -> result + "u32[" + sum(step) + "]";
      case LOAD_8 -> result + "u64[" + sum(step) + "]";
      case STORE_1 -> "u8[" + sum(step) + "] = " + c;
      case STORE_4 -> "u32[" + sum(step) + "] = " + c;
      case STORE_8 -> "u64[" + sum(step) + "] = " + c;
      case JUMP_EQUAL -> a.equals(b) ? "goto " + c : "if " + a + " == " + b + " goto " + c;
      case JUMP_NOT_EQUAL -> "if " + a + " != " + b + " goto " + c;
      case JUMP_LESS -> "if " + a + " < " + b + " goto " + c;
    };
  }

  private String sum(Step step) {
    Operand a = step.operands().get(0);
    Operand b = step.operands().get(1);
    if (!a.isSlot() && !b.isSlot()) {
      return memory.number(a.code() + b.code());
    }
    return b.equals(Operand.of(0)) ? plain(a) : plain(a) + " + " + plain(b);
  }

  private String call(Step step) {
    StringBuilder line = new StringBuilder();
    if (step.result() != DISCARDED_SLOT) {
      line.append(slot(step.result())).append(" = ");
    }
    Optional<Syscall> syscall = Syscall.of(step.number(), program.architecture());
    line.append(syscall.map(Syscall::callName).orElse("syscall_" + step.number()));
    line.append('(').append(String.join(", ", arguments(step, syscall))).append(')');
    if (step.operation() == Operation.CALL_AGAIN) {
      line.append(" again on EINTR");
    }
    if (!step.tolerated().isEmpty()) {
      line.append(" or ").append(String.join(", ", tolerated(step)));
    }
    return line.toString();
  }

  private static List<String> tolerated(Step step) {
    List<String> names = new ArrayList<>();
    for (int errno : step.tolerated()) {
      names.add(
          errno == Step.ANY_ERROR
              ? "any error"
              : Errno.of(errno).map(Errno::name).orElse("error " + errno));
    }
    return names;
  }

  private List<String> arguments(Step step, Optional<Syscall> syscall) {
    List<Argument> shape = shape(step, syscall);
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < shape.size(); i++) {
      Operand operand = step.operands().get(i);
      shown.add(
          operand.isSlot()
              ? plain(operand)
              : counted(step, shape, i).orElse(shape.get(i).show(operand.code(), memory)));
    }
    return shown;
  }

  private static List<Argument> shape(Step step, Optional<Syscall> syscall) {
    List<Argument> shape = syscall.map(CallShape::of).orElse(CallShape.UNKNOWN);
    Operand first = step.operands().get(0);
    if (syscall.equals(Optional.of(Syscall.PRCTL)) && !first.isSlot()) {
      return CallShape.ofProcessControl(first.code(), step.operands().get(1));
    }
    return shape;
  }

  /** The bytes that argument {@code i} points to, where the next says how many they are. */
  private Optional<String> counted(Step step, List<Argument> shape, int i) {
    if (shape.get(i) != ArgumentForm.COUNTED || step.operands().get(i + 1).isSlot()) {
      return Optional.empty();
    }
    return memory.bytes(step.operands().get(i).code(), step.operands().get(i + 1).code());
  }

  private String plain(Operand operand) {
    return operand.isSlot() ? slot((int) operand.code()) : memory.number(operand.code());
  }

  private static String bits(Operand operand) {
    return operand.isSlot() ? slot((int) operand.code()) : "0x" + Long.toHexString(operand.code());
  }

  private static String slot(int index) {
    return switch (index) {
      case LaunchProgram.STACK_POINTER_SLOT -> "sp";
      case LaunchProgram.FAILED_STEP_SLOT -> "failed";
      case LaunchProgram.ERRNO_SLOT -> "errno";
      default -> "s" + index;
    };
  }
}
