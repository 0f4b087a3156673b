// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the program does, without a window: pictures come and go, the model changes, errors are
 * collected. One thread (the event thread), which the worker's answers must come to.
 */
final class Desk implements AutoCloseable {
  private static final List<String> SUFFIXES =
      List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".wbmp");
  private static final int MOST_FILES = 10_000;

  private final Worker worker;
  private final Album album = new Album();
  private final List<String> errors = new ArrayList<>();
  private ModelFacts model;
  private Worker.Report report = new Worker.Report(0, 0, 0);
  private Runnable observer = () -> {};

  Desk(Worker worker) {
    this.worker = worker;
    worker.onReport(this::take);
  }

  /** Called after every change but those of the album, which has listeners of its own. */
  void onChange(Runnable observer) {
    this.observer = observer;
  }

  Album album() {
    return album;
  }

  /** null before the first one is open. */
  ModelFacts model() {
    return model;
  }

  Worker.Report report() {
    return report;
  }

  List<String> errors() {
    return List.copyOf(errors);
  }

  void dismissErrors() {
    errors.clear();
    observer.run();
  }

  /** Adds pictures, and those that lie in folders, and asks the model. */
  void add(Collection<Path> paths) {
    for (Path path : paths) {
      for (Path file : Files.isDirectory(path) ? picturesIn(path) : List.of(path)) {
        final Entry entry = album.add(file);
        if (entry != null) {
          ask(entry);
        }
      }
    }
    observer.run();
  }

  /** What is dropped on the window: pictures, folders, or a model to change to. */
  void drop(Collection<Path> paths) {
    paths.stream().filter(Desk::looksLikeModel).forEach(this::openModel);
    add(paths.stream().filter(each -> !looksLikeModel(each)).toList());
  }

  void remove(Collection<Entry> gone) {
    album.remove(gone);
    if (album.getSize() == 0) {
      worker.cancel();
    }
    observer.run();
  }

  /**
   * Changes the model and asks it about all pictures. If it does not open, the model in use stays.
   *
   * @param path null for the embedded model
   */
  void openModel(Path path) {
    worker.cancel();
    worker.open(path, this::useModel, reason -> keepModel(path, reason));
  }

  /** Gives up what is under way. */
  void stop() {
    worker.cancel();
    for (Entry each : album.entries()) {
      if (each.state() == Entry.State.WAITING) {
        each.stop();
        album.changed(each);
      }
    }
    observer.run();
  }

  void askAgain() {
    worker.cancel();
    album.entries().forEach(this::ask);
    observer.run();
  }

  /** One line: how many pictures, how many failed. */
  String summary() {
    final int size = album.getSize();
    if (report.total() > 0) {
      return String.format("Picture %d of %d", report.done() + 1, report.total());
    }
    final long failed = album.count(Entry.State.FAILED);
    final String pictures = size == 1 ? "1 picture" : size + " pictures";
    return failed == 0 ? pictures : pictures + ", " + failed + " failed";
  }

  @Override
  public void close() {
    worker.close();
  }

  private void ask(Entry entry) {
    entry.await();
    album.changed(entry);
    worker.classify(entry.path(), outcome -> {
      entry.take(outcome);
      album.changed(entry);
    });
  }

  private void useModel(ModelFacts facts) {
    model = facts;
    askAgain();
  }

  private void keepModel(Path path, String reason) {
    final String name = path == null ? "the embedded model" : path.toString();
    errors.add("Cannot use this model. " + (reason.contains(name) ? "" : name + ": ") + reason);
    for (Entry each : album.entries()) {
      if (each.state() == Entry.State.WAITING) {
        ask(each);
      }
    }
    observer.run();
  }

  private void take(Worker.Report news) {
    report = news;
    observer.run();
  }

  private List<Path> picturesIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Desk::looksLikePicture).limit(MOST_FILES).sorted().toList();
    } catch (IOException | UncheckedIOException error) {
      errors.add(folder + " cannot be read: " + error.getMessage());
      return List.of();
    }
  }

  private static boolean looksLikeModel(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".onnx");
  }

  private static boolean looksLikePicture(Path file) {
    final String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return SUFFIXES.stream().anyMatch(name::endsWith) && Files.isRegularFile(file);
  }
}
