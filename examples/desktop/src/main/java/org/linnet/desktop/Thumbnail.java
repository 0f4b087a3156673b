// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Small pictures of large ones. */
final class Thumbnail {
  /** The longest side, in pixels: sharp at twice the size that a card shows. */
  static final int SIDE = 224;

  private Thumbnail() {}

  /** At most SIDE on each side; smaller pictures keep their size. */
  static BufferedImage of(BufferedImage picture) {
    final double scale =
        Math.min(1.0, (double) SIDE / Math.max(picture.getWidth(), picture.getHeight()));
    final int width = Math.max(1, (int) Math.round(picture.getWidth() * scale));
    final int height = Math.max(1, (int) Math.round(picture.getHeight() * scale));
    BufferedImage current = picture;
    // By halves, for one bilinear step over more than two pixels skips some.
    while (current.getWidth() > 2 * width && current.getHeight() > 2 * height) {
      current = scaled(current, current.getWidth() / 2, current.getHeight() / 2);
    }
    return scaled(current, width, height);
  }

  private static BufferedImage scaled(BufferedImage from, int width, int height) {
    final BufferedImage to = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    final Graphics2D graphics = to.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION,
        RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(from, 0, 0, width, height, null);
    graphics.dispose();
    return to;
  }
}
