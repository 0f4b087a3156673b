// SPDX-License-Identifier: MIT
package org.linnet;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Picture files. */
final class Pictures {
  /** Where Pillow, too, takes a picture for an attack. */
  private static final long MAX_PIXELS = 178_956_970;

  private Pictures() {}

  /**
   * Decodes a picture file with ImageIO: PNG, JPEG, GIF, BMP, TIFF and what plug-ins add. The
   * orientation in EXIF data is not applied.
   */
  static BufferedImage read(Path path) {
    final byte[] bytes = bytesOf(path);
    // ImageIO's own streams write temporary files.
    final var stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes));
    try {
      final Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (readers.hasNext()) {
        return decode(readers.next(), stream, path);
      }
    } catch (LinnetException error) {
      throw error;
    } catch (IOException | RuntimeException error) { // broken files make readers throw anything
      final var made = new LinnetException(Status.MALFORMED, path + ": " + textOf(error));
      made.initCause(error);
      throw made;
    }
    throw new LinnetException(Status.MALFORMED, path + ": not a picture that Java can decode");
  }

  private static BufferedImage decode(ImageReader reader, ImageInputStream stream, Path path)
      throws IOException {
    try {
      reader.setInput(stream, true, true);
      final int width = reader.getWidth(0);
      final int height = reader.getHeight(0);
      if ((long) width * height > MAX_PIXELS) {
        throw new LinnetException(Status.LIMIT, path + ": the picture has " + width + " x " + height
            + " pixels, more than " + MAX_PIXELS);
      }
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  private static byte[] bytesOf(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException error) {
      throw new LinnetException(Status.IO, path + ": no such file");
    } catch (IOException error) {
      throw Model.io(path + ": cannot be read", error);
    }
  }

  private static String textOf(Exception error) {
    return error.getMessage() == null ? error.toString() : error.getMessage();
  }
}
