package dev.caisson.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Values in the encoding of D-Bus, little-endian (D-Bus Specification, "Marshaling"). */
final class BusArguments {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringBuilder types = new StringBuilder();

  /** What the values so far are, as {@link #as} said. */
  String types() {
    return types.toString();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** Says the type of the argument that follows. */
  BusArguments as(String type) {
    types.append(type);
    return this;
  }

  BusArguments align(int boundary) {
    while (out.size() % boundary != 0) {
      out.write(0);
    }
    return this;
  }

  BusArguments one(int value) {
    out.write(value);
    return this;
  }

  BusArguments number(int value) {
    align(4);
    for (int shift = 0; shift < 32; shift += 8) {
      out.write(value >>> shift);
    }
    return this;
  }

  BusArguments text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    out.writeBytes(bytes);
    out.write(0);
    return this;
  }

  BusArguments signature(String value) {
    out.write(value.length());
    out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    out.write(0);
    return this;
  }

  /** A value of the given type follows. */
  BusArguments variant(String type) {
    return signature(type);
  }

  /** An array of what {@code elements} writes; each element starts at a multiple of that. */
  BusArguments array(int alignment, Consumer<BusArguments> elements) {
    align(4);
    BusArguments inner = new BusArguments();
    // at the same distance from a multiple of 8 as it will stand in the whole
    int start = out.size() + 4;
    int padding = (alignment - start % alignment) % alignment;
    for (int i = 0; i < (start + padding) % 8; i++) {
      inner.one(0);
    }
    int before = inner.out.size();
    elements.accept(inner);
    byte[] bytes = inner.bytes();
    number(bytes.length - before);
    for (int i = 0; i < padding; i++) {
      out.write(0);
    }
    out.write(bytes, before, bytes.length - before);
    return this;
  }
}
