// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.swing.AbstractListModel;

/** The pictures in the window, each path once. Event thread only. */
final class Album extends AbstractListModel<Entry> {
  private static final long serialVersionUID = 1L;

  private final transient List<Entry> entries = new ArrayList<>();

  @Override
  public int getSize() {
    return entries.size();
  }

  @Override
  public Entry getElementAt(int index) {
    return entries.get(index);
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** The new entry, or null if the picture is there already. */
  Entry add(Path path) {
    if (entries.stream().anyMatch(each -> each.path().equals(path))) {
      return null;
    }
    final Entry entry = new Entry(path);
    entries.add(entry);
    fireIntervalAdded(this, entries.size() - 1, entries.size() - 1);
    return entry;
  }

  /** An entry that was removed meanwhile is passed over. */
  void changed(Entry entry) {
    final int index = entries.indexOf(entry);
    if (index >= 0) {
      fireContentsChanged(this, index, index);
    }
  }

  void remove(Collection<Entry> gone) {
    final int before = entries.size();
    if (entries.removeAll(gone)) {
      fireIntervalRemoved(this, entries.size(), before - 1);
    }
  }

  long count(Entry.State state) {
    return entries.stream().filter(each -> each.state() == state).count();
  }
}
