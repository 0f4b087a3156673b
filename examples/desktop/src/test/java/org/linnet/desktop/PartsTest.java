// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.datatransfer.DataFlavor;
import java.awt.datatransfer.Transferable;
import java.awt.datatransfer.UnsupportedFlavorException;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import javax.swing.JList;
import org.junit.jupiter.api.Test;
import org.linnet.Prediction;

class PartsTest {
  private static final int WIDTH = 360;

  @Test
  void thumbnailsKeepTheProportions() {
    assertSize(224, 112, 4000, 2000);
    assertSize(1, 224, 3, 5000);
    assertSize(30, 20, 30, 20);
  }

  private static void assertSize(int width, int height, int fromWidth, int fromHeight) {
    final BufferedImage small =
        Thumbnail.of(new BufferedImage(fromWidth, fromHeight, BufferedImage.TYPE_BYTE_GRAY));
    assertEquals(List.of(width, height), List.of(small.getWidth(), small.getHeight()));
  }

  @Test
  void textsAreCutToTheRoom() {
    final Graphics2D graphics =
        new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    final FontMetrics metrics = graphics.getFontMetrics();
    assertEquals("short", Card.fitted("short", metrics, 500));
    final String cut = Card.fitted("a name that is too long", metrics, 60);
    assertTrue(cut.endsWith("\u2026") && metrics.stringWidth(cut) <= 60, cut);
    final List<String> lines =
        Card.wrapped("one two three four five six seven eight", metrics, 60, 3);
    assertEquals(3, lines.size());
    assertTrue(lines.get(2).endsWith("\u2026"), lines.toString());
    assertTrue(lines.stream().allMatch(each -> metrics.stringWidth(each) <= 60));
    graphics.dispose();
  }

  @Test
  void cardsPaintEveryState() {
    final Entry entry = new Entry(Path.of("/pictures/some.png"));
    final BufferedImage waiting = paint(entry);
    entry.take(new Outcome(null, List.of(), "It cannot be read, for a long reason."));
    final BufferedImage failed = paint(entry);
    entry.take(new Outcome(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB),
        List.of(new Prediction("cat", 0.9f, 0), new Prediction("dog", Float.NaN, 1)), null));
    final BufferedImage done = paint(entry);
    assertTrue(differ(waiting, failed) && differ(failed, done) && differ(waiting, done));
  }

  private static BufferedImage paint(Entry entry) {
    final Card card = new Card();
    card.getListCellRendererComponent(new JList<>(), entry, 0, false, false);
    card.setSize(WIDTH, Card.HEIGHT);
    final BufferedImage image =
        new BufferedImage(WIDTH, Card.HEIGHT, BufferedImage.TYPE_INT_RGB);
    final Graphics2D graphics = image.createGraphics();
    card.paint(graphics);
    graphics.dispose();
    return image;
  }

  private static boolean differ(BufferedImage a, BufferedImage b) {
    for (int y = 0; y < Card.HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        if (a.getRGB(x, y) != b.getRGB(x, y)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void dropsGiveFiles() throws Exception {
    final File file = new File("/pictures/a b.png");
    assertEquals(List.of(file.toPath()),
        FileDrop.pathsOf(transfer(DataFlavor.javaFileListFlavor, List.of(file))));
    final DataFlavor uris = new DataFlavor("text/uri-list; class=java.lang.String", null);
    assertEquals(List.of(file.toPath()), FileDrop.pathsOf(transfer(uris,
        "# from a file manager\r\nfile:///pictures/a%20b.png\r\nhttp://example.org/c.png\r\n")));
  }

  private static Transferable transfer(DataFlavor flavor, Object data) {
    return new Transferable() {
      @Override
      public DataFlavor[] getTransferDataFlavors() {
        return new DataFlavor[] {flavor};
      }

      @Override
      public boolean isDataFlavorSupported(DataFlavor asked) {
        return asked.equals(flavor);
      }

      @Override
      public Object getTransferData(DataFlavor asked) throws UnsupportedFlavorException {
        if (!isDataFlavorSupported(asked)) {
          throw new UnsupportedFlavorException(asked);
        }
        return data;
      }
    };
  }
}
