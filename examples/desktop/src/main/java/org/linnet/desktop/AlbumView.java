// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.event.ComponentAdapter;
import java.awt.event.ComponentEvent;
import javax.swing.JList;
import javax.swing.JScrollPane;
import javax.swing.JViewport;
import javax.swing.ListSelectionModel;
import javax.swing.ScrollPaneConstants;
import javax.swing.SwingUtilities;

/** The cards, in as many columns as there is room for. */
final class AlbumView extends JList<Entry> {
  private static final long serialVersionUID = 1L;
  private static final String[] INVITATION = {
    "Drop pictures here", "or press Ctrl+O to open some"
  };

  AlbumView(Album album) {
    super(album);
    setCellRenderer(new Card());
    setLayoutOrientation(HORIZONTAL_WRAP);
    setVisibleRowCount(-1);
    setFixedCellHeight(Card.HEIGHT);
    setSelectionMode(ListSelectionModel.MULTIPLE_INTERVAL_SELECTION);
    setBackground(Look.GROUND);
    setFont(getFont().deriveFont(Font.PLAIN, 13f));
    getAccessibleContext().setAccessibleName("Pictures");
  }

  /** In a scroll pane whose width the cards share. */
  JScrollPane scrolling() {
    final JScrollPane pane = new JScrollPane(this, ScrollPaneConstants.VERTICAL_SCROLLBAR_ALWAYS,
        ScrollPaneConstants.HORIZONTAL_SCROLLBAR_NEVER);
    pane.setBorder(null);
    pane.getViewport().setBackground(Look.GROUND);
    pane.getVerticalScrollBar().setUnitIncrement(Card.HEIGHT / 3);
    pane.getViewport().addComponentListener(new ComponentAdapter() {
      @Override
      public void componentResized(ComponentEvent event) {
        share(pane.getViewport().getExtentSize());
      }
    });
    return pane;
  }

  private void share(Dimension room) {
    final int columns = Math.max(1, room.width / Card.LEAST_WIDTH);
    setFixedCellWidth(Math.max(1, room.width / columns));
  }

  /** The invitation fills the window; cards take the height that they need. */
  @Override
  public boolean getScrollableTracksViewportHeight() {
    return SwingUtilities.getAncestorOfClass(JViewport.class, this) != null
        && getParent().getHeight() > getPreferredSize().height;
  }

  @Override
  protected void paintComponent(Graphics given) {
    super.paintComponent(given);
    if (getModel().getSize() > 0) {
      return;
    }
    final Graphics2D graphics = Look.smooth(given);
    int y = getHeight() / 2 - 16;
    for (int i = 0; i < INVITATION.length; i++) {
      graphics.setFont(getFont().deriveFont(i == 0 ? Font.BOLD : Font.PLAIN, i == 0 ? 22f : 15f));
      graphics.setColor(i == 0 ? Look.TEXT : Look.QUIET);
      final FontMetrics metrics = graphics.getFontMetrics();
      graphics.drawString(INVITATION[i], (getWidth() - metrics.stringWidth(INVITATION[i])) / 2, y);
      y += 30;
    }
    graphics.dispose();
  }
}
