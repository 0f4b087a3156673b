// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import org.linnet.Model;

/** What the window tells of the model in use. */
record ModelFacts(String name, int classes, long weights, String digest) {

  static ModelFacts of(String name, Model model) {
    return new ModelFacts(name, model.labels().size(), model.parameters(), model.digest());
  }

  /** One line for people. */
  String summary() {
    final String known = classes == 0 ? "no labels" : classes + " classes";
    return String.format("%s \u00b7 %s \u00b7 %,d weights", name, known, weights);
  }
}
