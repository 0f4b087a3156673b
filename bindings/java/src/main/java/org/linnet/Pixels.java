// SPDX-License-Identifier: MIT
package org.linnet;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DirectColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * The samples of a picture as rows of bytes. They are read from the raster, for getRGB() converts
 * gray and other colour spaces to sRGB and so changes the numbers that a network was trained on.
 */
record Pixels(byte[] bytes, PixelFormat format, int width, int height, int stride) {

  static Pixels of(BufferedImage image) {
    final Pixels asIs = inPlace(image);
    if (asIs != null) {
      return asIs;
    }
    return isPlain(image.getColorModel()) ? fromSamples(image) : fromColors(image);
  }

  /** Bytes in an order that Linnet knows are not copied. */
  private static Pixels inPlace(BufferedImage image) {
    final Raster raster = image.getRaster();
    if (!isPlain(image.getColorModel())
        || raster.getTransferType() != DataBuffer.TYPE_BYTE
        || !(raster.getSampleModel() instanceof PixelInterleavedSampleModel model)
        || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
        || raster.getSampleModelTranslateX() != 0 || raster.getSampleModelTranslateY() != 0
        || buffer.getNumBanks() != 1 || buffer.getOffset() != 0) {
      return null;
    }
    final PixelFormat format = formatOf(model);
    return format == null ? null : new Pixels(buffer.getData(), format, image.getWidth(),
        image.getHeight(), model.getScanlineStride());
  }

  private static PixelFormat formatOf(PixelInterleavedSampleModel model) {
    final int[] offsets = model.getBandOffsets();
    final int step = model.getPixelStride();
    if (offsets.length == 1) {
      return step == 1 && offsets[0] == 0 ? PixelFormat.GRAY : null;
    }
    if (offsets.length < 3 || step < 3 || step > 4 || offsets[1] != 1) {
      return null;
    }
    if (offsets[0] == 0 && offsets[2] == 2) {
      return step == 3 ? PixelFormat.RGB : PixelFormat.RGBA;
    }
    if (offsets[0] == 2 && offsets[2] == 0) {
      return step == 3 ? PixelFormat.BGR : PixelFormat.BGRA;
    }
    return null;
  }

  /** Do its samples stand for red, green and blue, or gray, as whole numbers from 0 up? */
  private static boolean isPlain(ColorModel colors) {
    final int space = colors.getColorSpace().getType();
    final int type = colors.getTransferType();
    return (space == ColorSpace.TYPE_RGB || space == ColorSpace.TYPE_GRAY)
        && (colors instanceof ComponentColorModel || colors instanceof DirectColorModel)
        && !(colors.hasAlpha() && colors.isAlphaPremultiplied())
        && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT
            || type == DataBuffer.TYPE_INT);
  }

  private static Pixels fromSamples(BufferedImage image) {
    final Raster raster = image.getRaster();
    final int width = image.getWidth();
    final int height = image.getHeight();
    final int bands = image.getColorModel().getNumColorComponents();
    final byte[] bytes = new byte[Math.multiplyExact(Math.multiplyExact(width, height), bands)];
    final int[] row = new int[width];
    for (int band = 0; band < bands; band++) {
      final int bits = raster.getSampleModel().getSampleSize(band);
      for (int y = 0; y < height; y++) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, band, row);
        for (int x = 0; x < width; x++) {
          bytes[(y * width + x) * bands + band] = toByte(row[x], bits);
        }
      }
    }
    final PixelFormat format = bands == 1 ? PixelFormat.GRAY : PixelFormat.RGB;
    return new Pixels(bytes, format, width, height, width * bands);
  }

  /** The upper 8 bits of more, as in all languages; fewer than 8 are spread over 0 to 255. */
  private static byte toByte(int sample, int bits) {
    if (bits >= 8) {
      return (byte) (sample >>> bits - 8);
    }
    return (byte) (sample * 255f / ((1 << bits) - 1) + 0.5f);
  }

  /** Palettes, which Java expands exactly, and colour spaces that only Java knows. */
  private static Pixels fromColors(BufferedImage image) {
    final int width = image.getWidth();
    final int height = image.getHeight();
    final int stride = Math.multiplyExact(width, 3);
    final byte[] bytes = new byte[Math.multiplyExact(stride, height)];
    final int[] row = new int[width];
    for (int y = 0, at = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int color : row) {
        bytes[at++] = (byte) (color >> 16);
        bytes[at++] = (byte) (color >> 8);
        bytes[at++] = (byte) color;
      }
    }
    return new Pixels(bytes, PixelFormat.RGB, width, height, stride);
  }
}
