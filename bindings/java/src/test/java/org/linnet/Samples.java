// SPDX-License-Identifier: MIT
package org.linnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;

/** What several tests need. */
final class Samples {
  static final Path ROOT = Path.of(System.getProperty("basedir", ".")).resolve("../..").normalize();
  static final Path MODEL = ROOT.resolve("examples/model/default.onnx");
  static final int INPUT = 3 * 32 * 32;
  static final int CLASSES = 10;

  private Samples() {}

  static List<Path> pictures() {
    try (Stream<Path> files = Files.list(ROOT.resolve("examples/pictures"))) {
      return files.filter(each -> each.toString().endsWith(".png")).sorted().toList();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  static float[] numbers(int count, long seed) {
    final Random random = new Random(seed);
    final float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat() * 4 - 2;
    }
    return numbers;
  }

  static FloatBuffer direct(float[] numbers) {
    final FloatBuffer buffer = direct(numbers.length);
    return buffer.put(numbers).flip();
  }

  static FloatBuffer direct(int count) {
    return ByteBuffer.allocateDirect(count * 4).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  static LinnetException assertStatus(Status status, Executable call) {
    final LinnetException error = assertThrows(LinnetException.class, call);
    assertEquals(status, error.status(), error.getMessage());
    assertEquals(status.value(), error.code());
    return error;
  }
}
