// SPDX-License-Identifier: MIT
package org.linnet;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model made ready to run, with all the memory that a run needs. One thread at a time; a second
 * one inside gets WRONG_STATE. Only {@link #cancel()} and {@link #close()} may be called at any
 * moment; a session that is closed during a run is freed at its end.
 *
 * <pre>{@code
 * try (Model model = Model.open(path); Session session = new Session(model, 4)) {
 *   float[] scores = session.run(pixels);
 * }
 * }</pre>
 */
public final class Session extends SessionHandle {
  private final Model model;
  private final List<String> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();

  /** A session that runs in the caller's thread alone. */
  public Session(Model model) {
    this(model, (Options) null);
  }

  /**
   * A session with threads of its own, the caller's counted. They sleep between runs. The answer
   * does not depend on how many there are.
   *
   * @param threads 1 to 64
   */
  public Session(Model model, int threads) {
    this(model, Options.ofThreads(threads), true);
  }

  /**
   * A session with the given settings.
   *
   * @param options may be null
   */
  public Session(Model model, Options options) {
    this(model, options, false);
  }

  private Session(Model model, Options options, boolean closeOptions) {
    super(created(model, options, closeOptions));
    this.model = model;
    model.inputs().forEach(each -> inputs.add(each.name()));
    model.outputs().forEach(each -> outputs.add(each.name()));
  }

  private static long created(Model model, Options options, boolean closeOptions) {
    try {
      return nativeCreate(model, options);
    } finally {
      if (closeOptions) {
        options.close();
      }
    }
  }

  public Model model() {
    return model;
  }

  /**
   * Runs a model that has one input.
   *
   * @param input its elements, in the order of {@link #inputShape}
   * @return the first output; {@link #output(int)} reads the others
   */
  public float[] run(float[] input) {
    requireOneInput();
    setInput(0, input);
    run();
    return output(0);
  }

  /**
   * Runs a model that has one input, from a direct buffer into another, without Java arrays.
   *
   * @param input a direct buffer in native order, used from position to limit
   * @param output takes the first output; likewise
   */
  public void run(FloatBuffer input, FloatBuffer output) {
    requireOneInput();
    setInput(0, input);
    run();
    output(0, output);
  }

  /**
   * Runs the model on named inputs. The session is made ready for their shapes, where the model
   * leaves those axes free; inputs that are not named keep what they were set to.
   *
   * @return all outputs by name, watched tensors last
   */
  public Map<String, Tensor> run(Map<String, Tensor> tensors) {
    tensors.forEach((name, tensor) -> prepare(inputIndex(name), tensor.shape()));
    tensors.forEach((name, tensor) -> setInput(inputIndex(name), tensor.data(), tensor.dtype()));
    run();
    final Map<String, Tensor> found = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      found.put(outputs.get(i), outputTensor(i));
    }
    return found;
  }

  /** Runs the model on its inputs and tells how far it is. */
  public void run(Progress progress) {
    final int total = stepCount();
    int done;
    do { // at least once: the outputs of a model without steps are its inputs
      done = step();
      progress.step(done, total);
    } while (done < total);
  }

  /** Sets an input; see {@link #setInput(int, Object, Dtype)}. */
  public void setInput(int index, float[] data) {
    setInput(index, data, Dtype.FLOAT32);
  }

  /** Sets an input from a direct buffer in native order, from its position to its limit. */
  public void setInput(int index, FloatBuffer data) {
    setInput(index, data, Dtype.FLOAT32);
  }

  /** An output of the last run, of any floating-point type. */
  public float[] output(int index) {
    final float[] data = new float[Math.toIntExact(Tensor.elements(outputShape(index)))];
    output(index, data, Dtype.FLOAT32);
    return data;
  }

  /** Copies an output into a direct buffer in native order, from its position to its limit. */
  public void output(int index, FloatBuffer data) {
    output(index, data, Dtype.FLOAT32);
  }

  /** An output of the last run, in its own element type; 16-bit floats become float. */
  public Tensor outputTensor(int index) {
    final Tensor tensor = Tensor.zeros(dtype(index), outputShape(index));
    output(index, tensor.data(), tensor.dtype());
    return tensor;
  }

  @Override
  public int watch(String tensor) {
    final int index = super.watch(tensor);
    outputs.add(tensor);
    return index;
  }

  /** The number of the input with this name. */
  public int inputIndex(String name) {
    return find(inputs, "input", name);
  }

  /** The number of the output with this name, watched tensors included. */
  public int outputIndex(String name) {
    return find(outputs, "output", name);
  }

  /** The shape of an input as it is now, without free axes. */
  public long[] inputShape(int index) {
    return shapeOf(Port.INPUT, index);
  }

  /** The shape of an output as it is now, watched tensors included. */
  public long[] outputShape(int index) {
    return shapeOf(Port.OUTPUT, index);
  }

  /** The steps of the last run with their times. */
  public List<StepTime> profile() {
    final List<StepTime> steps = new ArrayList<>();
    final String[] tensor = new String[1];
    final String[] kernel = new String[1];
    final double[] milliseconds = new double[1];
    for (int i = 0, count = stepCount(); i < count; i++) {
      stepInfo(i, tensor, kernel, milliseconds);
      steps.add(new StepTime(tensor[0], kernel[0], milliseconds[0]));
    }
    return steps;
  }

  /** Makes the session ready for a shape, unless it is. */
  void prepare(int index, long[] shape) {
    if (!Arrays.equals(shape, inputShape(index))) {
      setShape(index, shape);
    }
  }

  private void requireOneInput() {
    if (inputs.size() != 1) {
      throw new LinnetException(Status.INVALID_ARGUMENT,
          "the model has " + inputs.size() + " inputs: " + inputs + "; set each");
    }
  }

  private long[] shapeOf(Port port, int index) {
    final long[] shape = new long[Linnet.MAX_RANK];
    return Arrays.copyOf(shape, (int) shape(port, index, shape));
  }

  private static int find(List<String> names, String what, String name) {
    final int index = names.indexOf(name);
    if (index < 0) {
      throw new LinnetException(Status.NOT_FOUND,
          "the model has no " + what + " '" + name + "'; it has " + names);
    }
    return index;
  }
}
