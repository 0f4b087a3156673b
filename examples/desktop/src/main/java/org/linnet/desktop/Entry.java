// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.linnet.Prediction;

/** A picture of the album and what is known of it. Event thread only. */
final class Entry {
  enum State { WAITING, DONE, FAILED, STOPPED }

  private final Path path;
  private State state = State.WAITING;
  private BufferedImage thumbnail;
  private List<Prediction> predictions = List.of();
  private String error;

  Entry(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  String name() {
    return path.getFileName() == null ? path.toString() : path.getFileName().toString();
  }

  State state() {
    return state;
  }

  /** null while there is none. */
  BufferedImage thumbnail() {
    return thumbnail;
  }

  List<Prediction> predictions() {
    return predictions;
  }

  /** What a card says instead of predictions. */
  String message() {
    return switch (state) {
      case WAITING -> "Waiting\u2026";
      case STOPPED -> "Stopped. F5 asks again.";
      case FAILED -> error;
      case DONE -> "";
    };
  }

  void await() {
    state = State.WAITING;
    predictions = List.of();
  }

  void stop() {
    state = State.STOPPED;
  }

  void take(Outcome outcome) {
    thumbnail = outcome.thumbnail() == null ? thumbnail : outcome.thumbnail();
    predictions = outcome.predictions();
    error = outcome.error();
    state = error == null ? State.DONE : State.FAILED;
  }

  /** All in words, for tool tips and screen readers. */
  String spoken() {
    final StringBuilder text = new StringBuilder(name()).append(": ").append(message());
    for (Prediction each : predictions) {
      text.append(each.label()).append(' ').append(percent(each.probability())).append(", ");
    }
    return text.toString().replaceAll(", $", "");
  }

  static String percent(float probability) {
    return String.format(Locale.ROOT, "%.1f %%", probability * 100);
  }
}
