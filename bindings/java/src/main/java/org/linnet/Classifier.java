// SPDX-License-Identifier: MIT
package org.linnet;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Says what is on pictures, with a model that knows its preprocessing. One thread at a time; give
 * each thread a classifier of its own over one shared {@link Model}.
 *
 * <pre>{@code
 * try (Classifier classifier = new Classifier()) {
 *   for (Prediction each : classifier.classify(ImageIO.read(file), 5)) {
 *     System.out.println(each.label() + " " + each.probability());
 *   }
 * }
 * }</pre>
 */
public final class Classifier implements AutoCloseable {
  private final Model model;
  private final boolean ownsModel;
  private final Session session;
  private final List<String> labels;
  private final int input;
  private final boolean batchIsFree;

  /** With the embedded model; see {@link Model#embedded()}. */
  public Classifier() {
    this(Model.embedded(), 1, true);
  }

  /** With a model file. */
  public Classifier(Path model) {
    this(Model.open(model), 1, true);
  }

  /** With the bytes of a model file. */
  public Classifier(byte[] model) {
    this(Model.open(model), 1, true);
  }

  /** With a model, which stays open when the classifier is closed. */
  public Classifier(Model model) {
    this(model, 1, false);
  }

  /**
   * With a model, which stays open when the classifier is closed.
   *
   * @param threads 1 to 64; the answer does not depend on it
   */
  public Classifier(Model model, int threads) {
    this(model, threads, false);
  }

  private Classifier(Model model, int threads, boolean ownsModel) {
    this.model = model;
    this.ownsModel = ownsModel;
    try {
      session = new Session(model, threads);
      labels = model.labels();
      input = pictureInput(model.inputs());
      batchIsFree = isBatchFree(model.inputs(), input);
    } catch (RuntimeException error) {
      if (ownsModel) {
        model.close();
      }
      throw error;
    }
  }

  public Model model() {
    return model;
  }

  /** Frees the memory of the runs, and the model if the classifier opened it. */
  @Override
  public void close() {
    session.close();
    if (ownsModel) {
      model.close();
    }
  }

  /**
   * The most probable classes of a picture, best first.
   *
   * <p>The samples are taken as they are stored: no colour profile is applied and alpha is
   * ignored; of 16 bits the upper 8 count. So the answer is the same as from every other language.
   *
   * @param top how many classes at most, from 1
   */
  public List<Prediction> classify(BufferedImage picture, int top) {
    return classify(picture, top, (done, total) -> {});
  }

  /** As {@link #classify(BufferedImage, int)}, and tells how far it is. */
  public List<Prediction> classify(BufferedImage picture, int top, Progress progress) {
    setBatch(1);
    setPixels(0, picture);
    session.run(progress);
    return top(0, top);
  }

  /** As {@link #classify(BufferedImage, int)} for a picture file of a kind that ImageIO reads. */
  public List<Prediction> classify(Path picture, int top) {
    return classify(Pictures.read(picture), top);
  }

  /**
   * Classifies pictures together where the model leaves the number of pictures in a batch free,
   * else one after the other. The answers are those of {@link #classify(BufferedImage, int)}.
   */
  public List<List<Prediction>> classify(List<BufferedImage> pictures, int top) {
    final List<List<Prediction>> answers = new ArrayList<>();
    if (!batchIsFree) {
      pictures.forEach(each -> answers.add(classify(each, top)));
      return answers;
    }
    if (pictures.isEmpty()) {
      return answers;
    }
    setBatch(pictures.size());
    for (int item = 0; item < pictures.size(); item++) {
      setPixels(item, pictures.get(item));
    }
    session.run();
    for (int item = 0; item < pictures.size(); item++) {
      answers.add(top(item, top));
    }
    return answers;
  }

  /** Ends the run that is under way, or the next one, with CANCELLED. From any thread. */
  public void cancel() {
    session.cancel();
  }

  private static int pictureInput(List<TensorInfo> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).layout() != Layout.NONE) {
        return i;
      }
    }
    return 0; // none takes pictures, as the library will tell
  }

  private static boolean isBatchFree(List<TensorInfo> inputs, int input) {
    return input < inputs.size() && !inputs.get(input).shape().isEmpty()
        && inputs.get(input).shape().get(0) < 0;
  }

  private void setBatch(int items) {
    if (!batchIsFree) {
      return;
    }
    final long[] shape = session.inputShape(input);
    shape[0] = items;
    session.prepare(input, shape);
  }

  private void setPixels(int item, BufferedImage picture) {
    final Pixels pixels = Pixels.of(picture);
    session.setPixels(item, pixels.bytes(), pixels.format(), pixels.width(), pixels.height(),
        pixels.stride());
  }

  private List<Prediction> top(int item, int top) {
    if (top < 1) {
      throw new LinnetException(Status.INVALID_ARGUMENT, "top is " + top + ", expected 1 or more");
    }
    final int most = (int) Math.min(top, Tensor.elements(session.outputShape(0)));
    final int[] indices = new int[most];
    final float[] probabilities = new float[most];
    final long found = session.top(item, indices, probabilities);
    final List<Prediction> answer = new ArrayList<>();
    for (int i = 0; i < found; i++) {
      answer.add(new Prediction(label(indices[i]), probabilities[i], indices[i]));
    }
    return answer;
  }

  private String label(int index) {
    return index < labels.size() ? labels.get(index) : "class " + index;
  }
}
