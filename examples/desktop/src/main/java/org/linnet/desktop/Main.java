// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.awt.GraphicsEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.swing.SwingUtilities;
import javax.swing.UIManager;
import javax.swing.UnsupportedLookAndFeelException;

/** The program: {@code linnet-desktop [--model MODEL] [PICTURE...]}. */
public final class Main {
  private static final String USAGE = "usage: linnet-desktop [--model MODEL] [PICTURE...]";

  private Main() {}

  public static void main(String[] arguments) {
    Path model = null;
    final List<Path> pictures = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--model") && i + 1 < arguments.length) {
        model = Path.of(arguments[++i]);
      } else if (arguments[i].startsWith("-")) {
        exit(2, USAGE);
      } else {
        pictures.add(Path.of(arguments[i]));
      }
    }
    if (GraphicsEnvironment.isHeadless()) {
      exit(1, "linnet-desktop: there is no display");
    }
    final Path chosen = model;
    SwingUtilities.invokeLater(() -> show(chosen, pictures));
  }

  private static void show(Path model, List<Path> pictures) {
    setLook();
    final Worker worker = new Worker(SwingUtilities::invokeLater);
    final Desk desk = new Desk(worker);
    new Window(desk).setVisible(true);
    desk.openModel(null);
    if (model != null) {
      desk.openModel(model);
    }
    desk.add(pictures);
  }

  private static void setLook() {
    final String system = System.getProperty("os.name").startsWith("Linux")
        ? "javax.swing.plaf.nimbus.NimbusLookAndFeel"
        : UIManager.getSystemLookAndFeelClassName();
    UIManager.put("control", Look.GROUND);
    UIManager.put("nimbusBase", Look.NIMBUS_BASE);
    UIManager.put("nimbusOrange", Look.ACCENT);
    try {
      UIManager.setLookAndFeel(system);
    } catch (ReflectiveOperationException | UnsupportedLookAndFeelException plain) {
      // Java's own look does as well.
    }
  }

  private static void exit(int status, String message) {
    System.err.println(message);
    System.exit(status);
  }
}
