package dev.caisson.engine.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.caisson.UnixPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramStartTest {
  @ParameterizedTest
  @CsvSource({
    "'#!/bin/sh\n', /bin/sh",
    "'#! /usr/bin/env python3\nx', /usr/bin/env",
    "'#!\t/a/b\t-x', /a/b",
    "'#!\n/bin/sh', ",
    "'#!', ",
    "'# !/bin/sh', ",
    "'', "
  })
  void aScriptNamesItsInterpreter(String script, String interpreter) {
    assertEquals(
        Optional.ofNullable(interpreter).map(UnixPath::of),
        ProgramStart.interpreter(script.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aProgramOfTheHostNamesTheLoader() throws IOException {
    try (InputStream in = Files.newInputStream(Path.of("/bin/sh"))) {
      Optional<UnixPath> loader = ProgramStart.interpreter(in.readNBytes(ProgramStart.LENGTH));
      assertTrue(loader.orElseThrow().toString().contains("/ld-"), loader::toString);
    }
  }

  /** Whatever a hostile file says of its headers. */
  @Property
  void noHeaderLeadsOutOfTheFile(
      @ForAll @Size(min = 120, max = 300) byte[] bytes,
      @ForAll long headers,
      @ForAll short size,
      @ForAll short count,
      @ForAll long offset,
      @ForAll long length) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1});
    file.putLong(32, headers).putShort(54, size).putShort(56, count);
    check(bytes);
    file.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 1);
    file.putInt(64, 3).putLong(72, offset).putLong(96, length);
    check(bytes);
  }

  private static void check(byte[] bytes) {
    Optional<UnixPath> found = ProgramStart.interpreter(bytes);
    assertTrue(found.isEmpty() || found.get().isAbsolute());
  }
}
