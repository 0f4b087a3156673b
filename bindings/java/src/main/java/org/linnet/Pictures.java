// SPDX-License-Identifier: MIT
package org.linnet;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Picture files. */
final class Pictures {
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
      final BufferedImage image = ImageIO.read(stream);
      if (image != null) {
        return image;
      }
    } catch (IOException | RuntimeException error) { // broken files make readers throw anything
      final var made = new LinnetException(Status.MALFORMED, path + ": " + textOf(error));
      made.initCause(error);
      throw made;
    }
    throw new LinnetException(Status.MALFORMED, path + ": not a picture that Java can decode");
  }

  private static byte[] bytesOf(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException error) {
      throw new LinnetException(Status.IO, path + ": no such file");
    } catch (IOException error) {
      throw Model.io(path.toString(), error);
    }
  }

  private static String textOf(Exception error) {
    return error.getMessage() == null ? error.toString() : error.getMessage();
  }
}
