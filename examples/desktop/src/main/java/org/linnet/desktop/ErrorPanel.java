// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.awt.BorderLayout;
import java.awt.Dimension;
import java.awt.event.ComponentAdapter;
import java.awt.event.ComponentEvent;
import java.util.List;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.JTextArea;

/** Errors that belong to no picture, in the window until they are dismissed. */
final class ErrorPanel extends JPanel {
  private static final long serialVersionUID = 1L;
  private static final int MOST_HEIGHT = 120;

  private final JTextArea text = new JTextArea();
  private final JScrollPane pane = new JScrollPane(text);

  ErrorPanel(Runnable dismiss) {
    super(new BorderLayout(12, 0));
    setBackground(Look.ERROR_GROUND);
    setBorder(BorderFactory.createCompoundBorder(
        BorderFactory.createMatteBorder(1, 0, 0, 0, Look.ERROR_EDGE),
        BorderFactory.createEmptyBorder(8, 14, 8, 14)));
    text.setEditable(false);
    text.setLineWrap(true);
    text.setWrapStyleWord(true);
    text.setOpaque(false);
    text.setBackground(Look.ERROR_GROUND);
    text.setForeground(Look.ERROR);
    text.setBorder(null);
    text.getAccessibleContext().setAccessibleName("Errors");
    pane.setBorder(null);
    pane.setOpaque(false);
    pane.getViewport().setBackground(Look.ERROR_GROUND);
    add(pane, BorderLayout.CENTER);
    add(dismissButton(dismiss), BorderLayout.EAST);
    setVisible(false);
    addComponentListener(new ComponentAdapter() {
      @Override
      public void componentResized(ComponentEvent event) {
        revalidate(); // the height depends on where lines break
      }
    });
  }

  void show(List<String> errors) {
    final String all = String.join("\n", errors);
    if (!all.equals(text.getText())) {
      text.setText(all);
      text.setCaretPosition(all.lastIndexOf('\n') + 1);
    }
    setVisible(!errors.isEmpty());
    revalidate();
  }

  @Override
  public Dimension getPreferredSize() {
    final Dimension size = super.getPreferredSize();
    return new Dimension(size.width, Math.min(size.height, MOST_HEIGHT));
  }

  private static JPanel dismissButton(Runnable dismiss) {
    final JButton button = new JButton("Dismiss");
    button.setMnemonic('D');
    button.addActionListener(event -> dismiss.run());
    final JPanel holder = new JPanel(new BorderLayout());
    holder.setOpaque(false);
    holder.add(button, BorderLayout.NORTH);
    return holder;
  }
}
