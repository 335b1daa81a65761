package dev.caisson.bench;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Function;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import dev.caisson.UnixPath;
import dev.caisson.launch.SystemCalls;
import dev.caisson.launch.SystemCalls.Memory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A program started as directly as a JVM can, by posix_spawn(3): its three streams are /dev/null.
 * (ProcessBuilder starts a helper process first, whose time would count for every contestant.)
 */
final class Program implements AutoCloseable {
  private static final Type WORD = Type.SINT64;
  private static final Function SPAWN = function("posix_spawn", 6);
  private static final Function WAIT = function("waitpid", 3);
  private static final Function ADD_OPEN = function("posix_spawn_file_actions_addopen", 5);
  private static final Function INIT = function("posix_spawn_file_actions_init", 1);
  private static final long READ_WRITE = 2;

  private final List<Memory> texts = new ArrayList<>();
  private final Memory arguments;
  private final Memory environment;
  private final Memory actions = SystemCalls.allocate(128);
  private final Memory answer = SystemCalls.allocate(8);

  /**
   * @param words the program's absolute path and its arguments
   * @param file a file that is opened anew, to read, as descriptor 10 at each start
   */
  Program(List<String> words, List<String> variables, Optional<Path> file) {
    arguments = pointers(words);
    environment = pointers(variables);
    call(INIT, actions.address());
    for (int fd = 0; fd < 3; fd++) {
      call(ADD_OPEN, actions.address(), fd, text("/dev/null"), READ_WRITE, 0);
    }
    file.ifPresent(path -> call(ADD_OPEN, actions.address(), 10, text(path.toString()), 0, 0));
  }

  /** Starts it, waits, and returns its exit status; a signal that ended it is negative. */
  int run() {
    long error =
        call(
            SPAWN,
            answer.address(),
            arguments.getLong(0),
            actions.address(),
            0,
            arguments.address(),
            environment.address());
    if (error != 0) {
      throw new IllegalStateException("posix_spawn: error " + error);
    }
    int pid = answer.getInt(0);
    if (call(WAIT, pid, answer.address(), 0) != pid) {
      throw new IllegalStateException("waitpid failed");
    }
    int status = answer.getInt(0);
    return (status & 127) == 0 ? status >> 8 & 255 : -(status & 127);
  }

  private Memory pointers(List<String> words) {
    Memory table = SystemCalls.allocate(8 * (words.size() + 1));
    for (int i = 0; i < words.size(); i++) {
      table.putLong(8 * i, text(words.get(i)));
    }
    return table;
  }

  private long text(String text) {
    Memory memory = SystemCalls.string(UnixPath.of(text.getBytes(StandardCharsets.UTF_8)));
    texts.add(memory);
    return memory.address();
  }

  private static Function function(String name, int arguments) {
    Type[] types = new Type[arguments];
    Arrays.fill(types, WORD);
    return new Function(
        Library.getDefault().getSymbolAddress(name),
        CallContext.getCallContext(Type.SINT32, types, CallingConvention.DEFAULT, false));
  }

  private static long call(Function function, long... words) {
    HeapInvocationBuffer buffer = new HeapInvocationBuffer(function);
    for (long word : words) {
      buffer.putLong(word);
    }
    return Invoker.getInstance().invokeInt(function, buffer);
  }

  @Override
  public void close() {
    texts.forEach(Memory::close);
    arguments.close();
    environment.close();
    actions.close();
    answer.close();
  }
}
