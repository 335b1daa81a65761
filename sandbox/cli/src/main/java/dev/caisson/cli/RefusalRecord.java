package dev.caisson.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caisson.Refusal;
import dev.caisson.UnixPath;
import java.nio.charset.StandardCharsets;

/** The record of a run that was refused before its launch program was started. */
final class RefusalRecord {
  private static final int VERSION = 1;
  private static final int READABLE = 0644;

  private RefusalRecord() {}

  static void write(UnixPath file, Refusal refusal) {
    ObjectNode record = JsonNodeFactory.instance.objectNode();
    record.put("version", VERSION);
    record.put("status", refusal.exitStatus());
    record.putNull("exit");
    record.putNull("signal");
    record.put("endedBy", "failure");
    record.put("error", String.valueOf(refusal.getMessage()));
    String text = JsonOutput.text(record) + "\n";
    new NewFile(file).replace(text.getBytes(StandardCharsets.UTF_8), READABLE);
  }
}
