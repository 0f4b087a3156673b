// SPDX-License-Identifier: MIT
package org.linnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PNG files of every kind, written byte by byte: what reaches the network are the samples of the
 * file, as in the other languages. A gamma chunk that asks for a conversion is in each.
 */
class PngTest {
  private static final int GRAY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GRAY_ALPHA = 4;
  private static final int RGBA = 6;

  @TempDir
  Path folder;

  /** Reads a picture of one row; gives the samples without alpha. */
  private int[] read(int kind, int bits, int width, int... row) throws IOException {
    final Path file = Files.write(folder.resolve(kind + "-" + bits + ".png"),
        png(kind, bits, width, row));
    final Pixels pixels = Pixels.of(Pictures.read(file));
    final int size = pixels.format() == PixelFormat.GRAY ? 1 : 3;
    final int[] found = new int[width * 3];
    for (int i = 0; i < found.length; i++) {
      final int channel = pixels.format() == PixelFormat.BGR ? 2 - i % 3 : i % 3;
      found[i] = pixels.bytes()[i / 3 * size + (size == 1 ? 0 : channel)] & 0xFF;
    }
    return found;
  }

  private static byte[] png(int kind, int bits, int width, int... row) throws IOException {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(1).put((byte) bits)
        .put((byte) kind).array());
    chunk(out, "gAMA", ByteBuffer.allocate(4).putInt(100_000).array());
    if (kind == PALETTE) {
      chunk(out, "PLTE", new byte[] {1, 2, 3, 40, 50, 60, (byte) 250, (byte) 128, 7, 9, 9, 9});
      chunk(out, "tRNS", new byte[] {0, 100, (byte) 255});
    }
    final ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(data)) {
      deflater.write(0);
      for (int each : row) {
        deflater.write(each);
      }
    }
    chunk(out, "IDAT", data.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String name, byte[] data)
      throws IOException {
    final byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    final CRC32 sum = new CRC32();
    sum.update(type);
    sum.update(data);
    out.write(ByteBuffer.allocate(4).putInt(data.length).array());
    out.write(type);
    out.write(data);
    out.write(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }

  private static void assertSamples(int[] found, int... expected) {
    assertEquals(Arrays.toString(expected), Arrays.toString(found));
  }

  @Test
  void gray() throws IOException {
    assertSamples(read(GRAY, 8, 3, 0, 77, 255), 0, 0, 0, 77, 77, 77, 255, 255, 255);
    assertSamples(read(GRAY, 16, 2, 77, 200, 255, 1), 77, 77, 77, 255, 255, 255);
    assertSamples(read(GRAY, 4, 2, 0x3F), 51, 51, 51, 255, 255, 255);
    assertSamples(read(GRAY, 2, 3, 0b01_10_11_00), 85, 85, 85, 170, 170, 170, 255, 255, 255);
    assertSamples(read(GRAY, 1, 2, 0b1000_0000), 255, 255, 255, 0, 0, 0);
  }

  @Test
  void grayWithAlpha() throws IOException {
    assertSamples(read(GRAY_ALPHA, 8, 2, 77, 0, 200, 128), 77, 77, 77, 200, 200, 200);
    assertSamples(read(GRAY_ALPHA, 16, 1, 77, 250, 0, 0), 77, 77, 77);
  }

  @Test
  void color() throws IOException {
    assertSamples(read(RGB, 8, 2, 1, 2, 3, 253, 254, 255), 1, 2, 3, 253, 254, 255);
    assertSamples(read(RGB, 16, 1, 1, 255, 2, 255, 3, 255), 1, 2, 3);
  }

  @Test
  void colorWithAlpha() throws IOException {
    assertSamples(read(RGBA, 8, 2, 1, 2, 3, 0, 253, 254, 255, 9), 1, 2, 3, 253, 254, 255);
    assertSamples(read(RGBA, 16, 1, 1, 255, 2, 255, 3, 255, 0, 0), 1, 2, 3);
  }

  @Test
  void palette() throws IOException {
    assertSamples(read(PALETTE, 8, 3, 0, 1, 2), 1, 2, 3, 40, 50, 60, 250, 128, 7);
    assertSamples(read(PALETTE, 4, 2, 0x12), 40, 50, 60, 250, 128, 7);
    assertSamples(read(PALETTE, 2, 2, 0b01_10_00_00), 40, 50, 60, 250, 128, 7);
    assertSamples(read(PALETTE, 1, 2, 0b0100_0000), 1, 2, 3, 40, 50, 60);
  }
}
