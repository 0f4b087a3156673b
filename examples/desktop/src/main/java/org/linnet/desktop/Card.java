// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.awt.BasicStroke;
import java.awt.Component;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import javax.swing.JList;
import javax.swing.JPanel;
import javax.swing.ListCellRenderer;
import org.linnet.Prediction;

/** Draws an entry of the album: the picture, its name, and the classes as bars. */
final class Card extends JPanel implements ListCellRenderer<Entry> {
  static final int HEIGHT = 152;
  static final int LEAST_WIDTH = 350;

  private static final long serialVersionUID = 1L;
  private static final int MARGIN = 6;
  private static final int PADDING = 12;
  private static final int ARC = 12;

  private transient Entry entry;
  private boolean selected;
  private boolean focused;

  Card() {
    setOpaque(false);
  }

  @Override
  public Component getListCellRendererComponent(JList<? extends Entry> list, Entry value, int index,
      boolean isSelected, boolean hasFocus) {
    entry = value;
    selected = isSelected;
    focused = hasFocus;
    setFont(list.getFont());
    setToolTipText(value.path() + " \u2014 " + value.spoken());
    getAccessibleContext().setAccessibleName(value.spoken());
    return this;
  }

  @Override
  public Dimension getPreferredSize() {
    return new Dimension(LEAST_WIDTH, HEIGHT);
  }

  @Override
  protected void paintComponent(Graphics given) {
    final Graphics2D graphics = Look.smooth(given);
    final Rectangle card = new Rectangle(MARGIN, MARGIN, getWidth() - 2 * MARGIN - 1,
        getHeight() - 2 * MARGIN - 1);
    paintGround(graphics, card);
    card.grow(-PADDING, -PADDING);
    final Rectangle picture = new Rectangle(card.x, card.y, card.height, card.height);
    paintPicture(graphics, picture);
    final int left = picture.x + picture.width + PADDING;
    paintWords(graphics, new Rectangle(left, card.y, card.x + card.width - left, card.height));
    graphics.dispose();
  }

  private void paintGround(Graphics2D graphics, Rectangle card) {
    graphics.setColor(Look.CARD);
    graphics.fillRoundRect(card.x, card.y, card.width, card.height, ARC, ARC);
    graphics.setColor(selected ? Look.ACCENT : Look.EDGE);
    graphics.setStroke(new BasicStroke(selected || focused ? 2f : 1f));
    graphics.drawRoundRect(card.x, card.y, card.width, card.height, ARC, ARC);
  }

  private void paintPicture(Graphics2D graphics, Rectangle box) {
    final BufferedImage picture = entry.thumbnail();
    if (picture == null) {
      graphics.setColor(Look.TRACK);
      graphics.fillRoundRect(box.x, box.y, box.width, box.height, ARC / 2, ARC / 2);
      graphics.setColor(Look.QUIET);
      final String sign = entry.state() == Entry.State.FAILED ? "?" : "\u2026";
      graphics.setFont(getFont().deriveFont(Font.PLAIN, 32f));
      final FontMetrics metrics = graphics.getFontMetrics();
      graphics.drawString(sign, box.x + (box.width - metrics.stringWidth(sign)) / 2,
          box.y + (box.height + metrics.getAscent() - metrics.getDescent()) / 2);
      return;
    }
    final double scale = Math.min((double) box.width / picture.getWidth(),
        (double) box.height / picture.getHeight());
    final int width = Math.max(1, (int) (picture.getWidth() * scale));
    final int height = Math.max(1, (int) (picture.getHeight() * scale));
    graphics.drawImage(picture, box.x + (box.width - width) / 2, box.y + (box.height - height) / 2,
        width, height, null);
  }

  private void paintWords(Graphics2D graphics, Rectangle box) {
    graphics.setFont(getFont().deriveFont(Font.BOLD));
    graphics.setColor(Look.TEXT);
    final FontMetrics metrics = graphics.getFontMetrics();
    graphics.drawString(fitted(entry.name(), metrics, box.width), box.x,
        box.y + metrics.getAscent());
    final int used = metrics.getHeight() + 6;
    final Rectangle rest = new Rectangle(box.x, box.y + used, box.width, box.height - used);
    graphics.setFont(getFont());
    if (entry.state() == Entry.State.DONE) {
      paintBars(graphics, rest);
    } else {
      paintMessage(graphics, rest);
    }
  }

  private void paintMessage(Graphics2D graphics, Rectangle box) {
    graphics.setColor(entry.state() == Entry.State.FAILED ? Look.ERROR : Look.QUIET);
    final FontMetrics metrics = graphics.getFontMetrics();
    int y = box.y + metrics.getAscent();
    for (String line : wrapped(entry.message(), metrics, box.width,
        Math.max(1, box.height / metrics.getHeight()))) {
      graphics.drawString(line, box.x, y);
      y += metrics.getHeight();
    }
  }

  private void paintBars(Graphics2D graphics, Rectangle box) {
    final FontMetrics metrics = graphics.getFontMetrics();
    final int percent = metrics.stringWidth("100.0 %");
    final int label = box.width * 2 / 5; // the same in all cards, so that bars line up
    final int row = box.height / Worker.TOP;
    for (int i = 0; i < entry.predictions().size(); i++) {
      final Prediction each = entry.predictions().get(i);
      final int top = box.y + i * row;
      final int base = top + (row + metrics.getAscent() - metrics.getDescent()) / 2;
      graphics.setColor(i == 0 ? Look.TEXT : Look.QUIET);
      graphics.drawString(fitted(each.label(), metrics, label), box.x, base);
      final String number = Entry.percent(each.probability());
      graphics.drawString(number, box.x + box.width - metrics.stringWidth(number), base);
      final Rectangle track = new Rectangle(box.x + label + 8, top + row / 2 - 4,
          box.width - label - percent - 16, 8);
      paintBar(graphics, track, each.probability(), i == 0);
    }
  }

  private static void paintBar(Graphics2D graphics, Rectangle track, float share, boolean best) {
    graphics.setColor(Look.TRACK);
    graphics.fillRoundRect(track.x, track.y, track.width, track.height, 8, 8);
    final int length = Math.round(track.width * Math.max(0, Math.min(1, share)));
    graphics.setColor(best ? Look.ACCENT : Look.BAR);
    final Shape before = graphics.getClip();
    graphics.clipRect(track.x, track.y, length, track.height);
    graphics.fillRoundRect(track.x, track.y, track.width, track.height, 8, 8);
    graphics.setClip(before);
  }

  /** The text, or its beginning and an ellipsis. */
  static String fitted(String text, FontMetrics metrics, int width) {
    if (metrics.stringWidth(text) <= width) {
      return text;
    }
    int end = text.length();
    while (end > 1 && metrics.stringWidth(text.substring(0, end) + "\u2026") > width) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end) + "\u2026";
  }

  /** The text in lines; the last one is cut if there are too many. */
  static List<String> wrapped(String text, FontMetrics metrics, int width, int most) {
    final List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.split("\\s+")) {
      final String longer = line.isEmpty() ? word : line + " " + word;
      if (lines.size() == most - 1 || metrics.stringWidth(longer) <= width) {
        line = longer;
        continue;
      }
      if (!line.isEmpty()) {
        lines.add(line);
      }
      line = word;
    }
    lines.add(line);
    return lines.stream().map(each -> fitted(each, metrics, width)).toList();
  }
}
