// SPDX-License-Identifier: MIT
package org.linnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BandedSampleModel;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PixelsTest {
  private static final int WIDTH = 7;
  private static final int HEIGHT = 5;

  /** The red, green and blue that Linnet gets to see. */
  private static int[] seen(Pixels pixels, int x, int y) {
    final int size = switch (pixels.format()) {
      case GRAY -> 1;
      case RGB, BGR -> 3;
      case RGBA, BGRA -> 4;
    };
    final int at = y * pixels.stride() + x * size;
    final int[] found = new int[3];
    for (int i = 0; i < 3; i++) {
      found[i] = pixels.bytes()[at + (size == 1 ? 0 : i)] & 0xFF;
    }
    final boolean turned = pixels.format() == PixelFormat.BGR
        || pixels.format() == PixelFormat.BGRA;
    return turned ? new int[] {found[2], found[1], found[0]} : found;
  }

  private static int[] split(int color) {
    return new int[] {color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF};
  }

  private static void fill(BufferedImage image, boolean opaque) {
    final Random random = new Random(1);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, random.nextInt() | (opaque ? 0xFF000000 : 0));
      }
    }
  }

  private static void fillRaw(WritableRaster raster, int limit) {
    final Random random = new Random(2);
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        for (int band = 0; band < raster.getNumBands(); band++) {
          raster.setSample(x, y, band, random.nextInt(limit));
        }
      }
    }
  }

  private static void assertColors(BufferedImage image) {
    final Pixels pixels = Pixels.of(image);
    assertEquals(image.getWidth(), pixels.width());
    assertEquals(image.getHeight(), pixels.height());
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        assertArrayEquals(split(image.getRGB(x, y)), seen(pixels, x, y), x + "," + y);
      }
    }
  }

  /** The samples themselves, without their lower bits; one or three to a pixel. */
  private static void assertSamples(BufferedImage image, int shift) {
    final Pixels pixels = Pixels.of(image);
    final Raster raster = image.getRaster();
    final boolean gray = raster.getNumBands() < 3;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        final int[] expected = new int[3];
        for (int i = 0; i < 3; i++) {
          expected[i] = raster.getSample(x, y, gray ? 0 : i) >> shift;
        }
        assertArrayEquals(expected, seen(pixels, x, y), x + "," + y);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB,
      BufferedImage.TYPE_INT_BGR, BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR,
      BufferedImage.TYPE_USHORT_565_RGB, BufferedImage.TYPE_USHORT_555_RGB,
      BufferedImage.TYPE_BYTE_BINARY, BufferedImage.TYPE_BYTE_INDEXED,
      BufferedImage.TYPE_INT_ARGB_PRE, BufferedImage.TYPE_4BYTE_ABGR_PRE})
  void everyColorTypeOfJava(int type) {
    final BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    final boolean premultiplied = image.isAlphaPremultiplied();
    fill(image, premultiplied);
    assertColors(image);
    assertColors(image.getSubimage(2, 1, 4, 3));
  }

  @Test
  void graySamplesAreNotConverted() {
    final BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    fillRaw(image.getRaster(), 256);
    assertSamples(image, 0);
    assertSamples(image.getSubimage(2, 1, 4, 3), 0);
  }

  @Test
  void ofSixteenBitsTheUpperEightCount() {
    final BufferedImage gray = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
    fillRaw(gray.getRaster(), 65536);
    assertSamples(gray, 8);
    assertSamples(component(ColorSpace.CS_sRGB, false, DataBuffer.TYPE_USHORT), 8);
    assertSamples(component(ColorSpace.CS_sRGB, true, DataBuffer.TYPE_USHORT), 8);
    assertSamples(component(ColorSpace.CS_GRAY, true, DataBuffer.TYPE_USHORT), 8);
  }

  @Test
  void interleavedBytesOfAnyColorSpaceAreTakenAsTheyAre() {
    assertSamples(component(ColorSpace.CS_sRGB, false, DataBuffer.TYPE_BYTE), 0);
    assertSamples(component(ColorSpace.CS_sRGB, true, DataBuffer.TYPE_BYTE), 0);
    assertSamples(component(ColorSpace.CS_GRAY, true, DataBuffer.TYPE_BYTE), 0);
    assertSamples(component(ColorSpace.CS_LINEAR_RGB, false, DataBuffer.TYPE_BYTE), 0);
  }

  @Test
  void planesOfBytes() {
    final ComponentColorModel colors = colors(ColorSpace.CS_sRGB, false, DataBuffer.TYPE_BYTE);
    final WritableRaster raster = Raster.createWritableRaster(
        new BandedSampleModel(DataBuffer.TYPE_BYTE, WIDTH, HEIGHT, 3), null);
    fillRaw(raster, 256);
    assertSamples(new BufferedImage(colors, raster, false, null), 0);
  }

  @Test
  void numbersWithAPointAreConvertedByJava() {
    final ComponentColorModel colors = colors(ColorSpace.CS_sRGB, false, DataBuffer.TYPE_FLOAT);
    final WritableRaster raster = colors.createCompatibleWritableRaster(WIDTH, HEIGHT);
    final Random random = new Random(3);
    for (int i = 0; i < WIDTH * HEIGHT * 3; i++) {
      raster.setSample(i / 3 % WIDTH, i / 3 / WIDTH, i % 3, random.nextFloat());
    }
    assertColors(new BufferedImage(colors, raster, false, null));
  }

  @Test
  void palettesIgnoreAlpha() {
    final byte[] ramp = {0, 10, 100, (byte) 255};
    final byte[] alpha = {0, 0, (byte) 128, (byte) 255};
    final IndexColorModel colors = new IndexColorModel(2, 4, ramp, ramp, ramp, alpha);
    final BufferedImage image =
        new BufferedImage(4, 1, BufferedImage.TYPE_BYTE_INDEXED, colors);
    for (int x = 0; x < 4; x++) {
      image.getRaster().setSample(x, 0, 0, x);
    }
    final Pixels pixels = Pixels.of(image);
    for (int x = 0; x < 4; x++) {
      assertEquals(ramp[x] & 0xFF, seen(pixels, x, 0)[0]);
    }
  }

  @Test
  void commonTypesAreNotCopied() {
    for (int type : new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_BYTE_GRAY}) {
      final BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
      assertSame(((DataBufferByte) image.getRaster().getDataBuffer()).getData(),
          Pixels.of(image).bytes());
    }
  }

  private static ComponentColorModel colors(int space, boolean alpha, int type) {
    return new ComponentColorModel(ColorSpace.getInstance(space), alpha, false,
        alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, type);
  }

  private static BufferedImage component(int space, boolean alpha, int type) {
    final ComponentColorModel colors = colors(space, alpha, type);
    final WritableRaster raster = colors.createCompatibleWritableRaster(WIDTH, HEIGHT);
    fillRaw(raster, type == DataBuffer.TYPE_BYTE ? 256 : 65536);
    return new BufferedImage(colors, raster, false, null);
  }
}
