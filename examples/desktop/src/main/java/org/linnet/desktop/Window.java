// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.awt.BorderLayout;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.event.ActionEvent;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.swing.AbstractAction;
import javax.swing.Action;
import javax.swing.BorderFactory;
import javax.swing.Box;
import javax.swing.BoxLayout;
import javax.swing.JButton;
import javax.swing.JComponent;
import javax.swing.JFileChooser;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JProgressBar;
import javax.swing.KeyStroke;
import javax.swing.filechooser.FileNameExtensionFilter;

/** The window: buttons above, the album, errors and progress below. */
final class Window extends JFrame {
  private static final long serialVersionUID = 1L;
  private static final int STEPS = 1000;

  private final transient Desk desk;
  private final AlbumView album;
  private final ErrorPanel errors;
  private final JLabel model = new JLabel("Opening the model\u2026");
  private final JLabel status = new JLabel(" ");
  private final JProgressBar progress = new JProgressBar(0, STEPS);
  private final JButton stop;
  private final JFileChooser pictureChooser = pictureChooser();
  private final JFileChooser modelChooser = modelChooser();

  Window(Desk desk) {
    super("Linnet");
    this.desk = desk;
    album = new AlbumView(desk.album());
    errors = new ErrorPanel(desk::dismissErrors);
    stop = button("Stop", 'S', "ESCAPE", desk::stop);
    add(buttons(), BorderLayout.NORTH);
    add(album.scrolling(), BorderLayout.CENTER);
    add(below(), BorderLayout.SOUTH);
    key("F5", desk::askAgain);
    key("DELETE", () -> desk.remove(album.getSelectedValuesList()));
    final FileDrop drop = new FileDrop(desk::drop);
    album.setTransferHandler(drop);
    getRootPane().setTransferHandler(drop);
    desk.onChange(this::refresh);
    setMinimumSize(new Dimension(680, 360));
    setSize(1180, 720);
    setLocationByPlatform(true);
    setDefaultCloseOperation(DISPOSE_ON_CLOSE);
    addWindowListener(new WindowAdapter() {
      @Override
      public void windowOpened(WindowEvent event) {
        album.requestFocusInWindow();
      }

      @Override
      public void windowClosed(WindowEvent event) {
        desk.close();
      }
    });
    refresh();
  }

  private JPanel buttons() {
    final JPanel row = row(8);
    row.add(button("Open pictures\u2026", 'O', "control O", this::choosePictures));
    row.add(Box.createHorizontalStrut(6));
    row.add(button("Clear", 'C', "control L", () -> desk.remove(desk.album().entries())));
    row.add(Box.createHorizontalStrut(18));
    row.add(model);
    row.add(Box.createHorizontalGlue());
    row.add(Box.createHorizontalStrut(12));
    row.add(button("Choose model\u2026", 'M', "control M", this::chooseModel));
    row.add(Box.createHorizontalStrut(6));
    row.add(button("Embedded model", 'E', "control E", () -> desk.openModel(null)));
    model.setForeground(Look.QUIET);
    model.setMinimumSize(new Dimension(0, 0));
    return row;
  }

  private JPanel below() {
    final JPanel row = row(6);
    row.add(status);
    row.add(Box.createHorizontalGlue());
    row.add(progress);
    row.add(Box.createHorizontalStrut(8));
    row.add(stop);
    status.setForeground(Look.QUIET);
    progress.setMaximumSize(new Dimension(260, 14));
    progress.setPreferredSize(new Dimension(260, 14));
    progress.getAccessibleContext().setAccessibleName("Progress");
    final JPanel both = new JPanel(new BorderLayout());
    both.add(errors, BorderLayout.NORTH);
    both.add(row, BorderLayout.SOUTH);
    return both;
  }

  private static JPanel row(int margin) {
    final JPanel row = new JPanel();
    row.setLayout(new BoxLayout(row, BoxLayout.X_AXIS));
    row.setBorder(BorderFactory.createEmptyBorder(margin, 14, margin, 14));
    return row;
  }

  private void refresh() {
    final ModelFacts facts = desk.model();
    model.setText(facts == null ? "Opening the model\u2026" : facts.summary());
    model.setToolTipText(facts == null ? null : "SHA-256 " + facts.digest());
    errors.show(desk.errors());
    status.setText(desk.summary());
    final Worker.Report report = desk.report();
    final boolean busy = report.total() > 0;
    progress.setVisible(busy);
    stop.setVisible(busy);
    if (busy) {
      progress.setValue((int) (STEPS * (report.done() + report.share()) / report.total()));
    }
  }

  private void choosePictures() {
    if (pictureChooser.showOpenDialog(this) == JFileChooser.APPROVE_OPTION) {
      final List<File> files = Arrays.asList(pictureChooser.getSelectedFiles());
      desk.add(files.stream().map(File::toPath).toList());
    }
  }

  private void chooseModel() {
    if (modelChooser.showOpenDialog(this) == JFileChooser.APPROVE_OPTION) {
      final Path chosen = modelChooser.getSelectedFile().toPath();
      desk.openModel(chosen);
    }
  }

  private static JFileChooser pictureChooser() {
    final JFileChooser chooser = new JFileChooser(System.getProperty("user.dir"));
    chooser.setDialogTitle("Open pictures");
    chooser.setMultiSelectionEnabled(true);
    chooser.setFileSelectionMode(JFileChooser.FILES_AND_DIRECTORIES);
    chooser.setFileFilter(new FileNameExtensionFilter("Pictures", "png", "jpg", "jpeg", "gif",
        "bmp", "tif", "tiff", "wbmp"));
    return chooser;
  }

  private static JFileChooser modelChooser() {
    final JFileChooser chooser = new JFileChooser(System.getProperty("user.dir"));
    chooser.setDialogTitle("Choose a model");
    chooser.setFileFilter(new FileNameExtensionFilter("Models (ONNX)", "onnx"));
    return chooser;
  }

  private JButton button(String text, char mnemonic, String keys, Runnable work) {
    final JButton button = new JButton(text);
    button.setMnemonic(mnemonic);
    button.setToolTipText(KeyStroke.getKeyStroke(keys).toString().replace("pressed ", "")
        .replace("ctrl ", "Ctrl+"));
    button.addActionListener(event -> work.run());
    button.setFont(button.getFont().deriveFont(Font.PLAIN, 13f));
    key(keys, work);
    return button;
  }

  private void key(String keys, Runnable work) {
    final Action action = new AbstractAction() {
      private static final long serialVersionUID = 1L;

      @Override
      public void actionPerformed(ActionEvent event) {
        work.run();
      }
    };
    getRootPane().getInputMap(JComponent.WHEN_ANCESTOR_OF_FOCUSED_COMPONENT)
        .put(KeyStroke.getKeyStroke(keys), keys);
    getRootPane().getActionMap().put(keys, action);
  }
}
