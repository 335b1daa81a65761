package dev.caisson.cli;

/** Writes JSON, indented by two spaces. */
final class JsonText {
  private final StringBuilder out = new StringBuilder();
  private int depth;
  private boolean first = true;
  private boolean afterName;

  JsonText open(char bracket) {
    begin();
    out.append(bracket);
    depth++;
    first = true;
    return this;
  }

  JsonText close(char bracket) {
    depth--;
    if (!first) {
      newLine();
    }
    out.append(bracket);
    first = false;
    return this;
  }

  JsonText name(String name) {
    begin();
    quote(name);
    out.append(": ");
    afterName = true;
    return this;
  }

  JsonText value(String text) {
    begin();
    quote(text);
    return this;
  }

  JsonText value(boolean value) {
    begin();
    out.append(value);
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private void begin() {
    if (afterName) {
      afterName = false;
      return;
    }
    if (!first) {
      out.append(',');
    }
    first = false;
    if (depth > 0) {
      newLine();
    }
  }

  private void newLine() {
    out.append('\n').append("  ".repeat(depth));
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
