// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.linnet.Classifier;
import org.linnet.LinnetException;
import org.linnet.Model;
import org.linnet.Prediction;

/**
 * Opens models and classifies pictures, one after the other, in a thread of its own. Answers are
 * handed to an executor: to the event thread in the program, to the worker itself in tests.
 */
final class Worker implements AutoCloseable {
  static final int TOP = 5;
  private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());
  private static final long NANOS_BETWEEN_REPORTS = 50_000_000;

  /** How far the work is: pictures done, pictures in all (0 when idle), share of the next one. */
  record Report(int done, int total, double share) {}

  private final Executor answers;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Worker::daemon);
  private volatile Consumer<Report> reports = report -> {};
  private volatile int round;
  private int done;
  private int total;
  private long lastReport;
  private Model model;
  private Classifier classifier;

  Worker(Executor answers) {
    this.answers = answers;
    ImageIO.setUseCache(false); // no temporary files
  }

  void onReport(Consumer<Report> receiver) {
    reports = receiver;
  }

  /**
   * Changes to another model; on failure the one in use stays.
   *
   * @param path null for the embedded model
   */
  void open(Path path, Consumer<ModelFacts> opened, Consumer<String> failed) {
    thread.execute(() -> {
      try {
        final ModelFacts facts = change(path);
        answers.execute(() -> opened.accept(facts));
      } catch (LinnetException | LinkageError | OutOfMemoryError error) {
        answers.execute(() -> failed.accept(textOf(error)));
      }
    });
  }

  /** Answers unless the work is given up before. */
  void classify(Path picture, Consumer<Outcome> receiver) {
    final int begun = round;
    count(begun, 0, 1);
    thread.execute(() -> {
      try {
        final Outcome outcome = outcomeOf(picture, begun);
        answers.execute(() -> receiver.accept(outcome));
      } catch (CancellationException givenUp) {
        // no answer
      } finally {
        count(begun, 1, 0);
      }
    });
  }

  /** Gives up all pictures that have no answer yet. */
  synchronized void cancel() {
    round++;
    done = 0;
    total = 0;
    report(0);
  }

  /** Gives up all work and frees the model. */
  @Override
  public void close() {
    cancel();
    thread.execute(this::free);
    thread.shutdown();
  }

  private ModelFacts change(Path path) {
    final Model opened = path == null ? Model.embedded() : Model.open(path);
    final Classifier made;
    final ModelFacts facts;
    try {
      facts = ModelFacts.of(path == null ? "Embedded model" : path.getFileName().toString(),
          opened);
      made = new Classifier(opened, THREADS);
    } catch (RuntimeException error) {
      opened.close();
      throw error;
    }
    free();
    model = opened;
    classifier = made;
    return facts;
  }

  private void free() {
    if (classifier != null) {
      classifier.close();
      model.close();
      classifier = null;
    }
  }

  private Outcome outcomeOf(Path path, int begun) {
    stopIfGivenUp(begun);
    BufferedImage thumbnail = null;
    try {
      final BufferedImage picture = read(path);
      thumbnail = Thumbnail.of(picture);
      return new Outcome(thumbnail, classify(picture, begun), null);
    } catch (CancellationException givenUp) {
      throw givenUp;
    } catch (IOException | RuntimeException | OutOfMemoryError error) {
      return new Outcome(thumbnail, List.of(), textOf(error));
    }
  }

  private List<Prediction> classify(BufferedImage picture, int begun) {
    if (classifier == null) {
      throw new IllegalStateException("There is no model to ask.");
    }
    return classifier.classify(picture, TOP, (step, steps) -> {
      stopIfGivenUp(begun);
      reportShare((double) step / steps);
    });
  }

  private static BufferedImage read(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException("There is no such file.");
    }
    final BufferedImage picture = ImageIO.read(path.toFile());
    if (picture == null) {
      throw new IOException("This is not a picture that Java can read.");
    }
    return picture;
  }

  private void stopIfGivenUp(int begun) {
    if (begun != round) {
      throw new CancellationException();
    }
  }

  private synchronized void count(int begun, int more, int wanted) {
    if (begun != round) {
      return;
    }
    done += more;
    total += wanted;
    if (done == total) {
      done = 0;
      total = 0;
    }
    report(0);
  }

  private synchronized void reportShare(double share) {
    if (System.nanoTime() - lastReport > NANOS_BETWEEN_REPORTS) {
      report(share);
    }
  }

  private void report(double share) {
    lastReport = System.nanoTime();
    final Report report = new Report(done, total, share);
    answers.execute(() -> reports.accept(report));
  }

  private static String textOf(Throwable error) {
    if (error instanceof OutOfMemoryError) {
      return "There is not enough memory.";
    }
    return error.getMessage() == null ? error.toString() : error.getMessage();
  }

  private static Thread daemon(Runnable work) {
    final Thread thread = new Thread(work, "linnet");
    thread.setDaemon(true);
    return thread;
  }
}
