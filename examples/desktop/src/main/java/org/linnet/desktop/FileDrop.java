// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.awt.datatransfer.DataFlavor;
import java.awt.datatransfer.Transferable;
import java.awt.datatransfer.UnsupportedFlavorException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.swing.TransferHandler;

/** Takes files that are dropped or pasted. */
final class FileDrop extends TransferHandler {
  private static final long serialVersionUID = 1L;
  private static final DataFlavor URIS =
      new DataFlavor("text/uri-list; class=java.lang.String", null);

  private final transient Consumer<List<Path>> receiver;

  FileDrop(Consumer<List<Path>> receiver) {
    this.receiver = receiver;
  }

  @Override
  public boolean canImport(TransferSupport support) {
    if (support.isDrop()) {
      support.setShowDropLocation(false);
    }
    return support.isDataFlavorSupported(DataFlavor.javaFileListFlavor)
        || support.isDataFlavorSupported(URIS);
  }

  @Override
  public boolean importData(TransferSupport support) {
    try {
      final List<Path> paths = pathsOf(support.getTransferable());
      receiver.accept(paths);
      return !paths.isEmpty();
    } catch (UnsupportedFlavorException | IOException error) {
      return false;
    }
  }

  static List<Path> pathsOf(Transferable data) throws UnsupportedFlavorException, IOException {
    final List<Path> paths = new ArrayList<>();
    if (data.isDataFlavorSupported(DataFlavor.javaFileListFlavor)) {
      for (Object file : (List<?>) data.getTransferData(DataFlavor.javaFileListFlavor)) {
        paths.add(((File) file).toPath());
      }
      return paths;
    }
    for (String line : data.getTransferData(URIS).toString().split("\\R")) {
      if (line.startsWith("file:")) {
        paths.add(Path.of(URI.create(line.trim())));
      }
    }
    return paths;
  }
}
