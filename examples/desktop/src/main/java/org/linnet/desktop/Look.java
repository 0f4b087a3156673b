// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.awt.Color;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;

/** Colours and measures. Texts reach a contrast of at least 4.5 on their grounds. */
final class Look {
  static final Color GROUND = new Color(0xF3F4F6);
  static final Color CARD = Color.WHITE;
  static final Color EDGE = new Color(0xD5D9E0);
  static final Color TEXT = new Color(0x1F2733);
  static final Color QUIET = new Color(0x5B6675);
  static final Color ACCENT = new Color(0x2563C9);
  static final Color BAR = new Color(0xA9C3EE);
  static final Color TRACK = new Color(0xEDF0F4);
  static final Color NIMBUS_BASE = new Color(0x4A6FA5);
  static final Color ERROR = new Color(0xA32117);
  static final Color ERROR_GROUND = new Color(0xFDECEA);
  static final Color ERROR_EDGE = new Color(0xF0B8B2);

  private Look() {}

  static Graphics2D smooth(Graphics graphics) {
    final Graphics2D made = (Graphics2D) graphics.create();
    made.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    made.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING,
        RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    made.setRenderingHint(RenderingHints.KEY_INTERPOLATION,
        RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    return made;
  }
}
