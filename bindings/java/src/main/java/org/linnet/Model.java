// SPDX-License-Identifier: MIT
package org.linnet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trained network: graph, weights, labels, preprocessing, digest. Immutable; any number of
 * threads may share it. Sessions keep what they need of it, so that it may be closed before them.
 *
 * <p>A model that cannot be run faithfully does not open: the {@link LinnetException} lists all
 * that is missing.
 */
public final class Model extends ModelHandle {
  private Model(long pointer) {
    super(pointer);
  }

  /** Opens a model file: ONNX, or a saved one. */
  public static Model open(Path path) {
    return open(path, null);
  }

  /**
   * Opens a model file: ONNX, or a saved one. Its external data, if any, lie in the file's folder or below it.
   *
   * @param options may be null
   */
  public static Model open(Path path, Options options) {
    if (path.getFileSystem() == FileSystems.getDefault()) {
      return new Model(nativeOpen(path.toString(), options));
    }
    try { // such as a file within a zip
      return open(Files.readAllBytes(path), options);
    } catch (IOException error) {
      throw io(path + ": cannot be read", error);
    }
  }

  /** Opens a model from the bytes of its file, which are copied. */
  public static Model open(byte[] bytes) {
    return open(bytes, null);
  }

  /**
   * Opens a model from the bytes of its file, which are copied.
   *
   * @param options may be null
   */
  public static Model open(byte[] bytes, Options options) {
    return new Model(nativeOpenMemory(bytes, options));
  }

  /**
   * The model that the jar carries: it tells airplane, automobile, bird, cat, deer, dog, frog,
   * horse, ship and truck apart.
   */
  public static Model embedded() {
    try (InputStream stream = Model.class.getResourceAsStream("default.onnx")) {
      if (stream == null) {
        throw new LinnetException(Status.NOT_FOUND, "the jar carries no model");
      }
      return open(stream.readAllBytes());
    } catch (IOException error) {
      throw io("the embedded model: cannot be read", error);
    }
  }

  static LinnetException io(String what, IOException error) {
    LinnetException made = new LinnetException(Status.IO, what + ": " + error);
    made.initCause(error);
    return made;
  }

  /**
   * Writes the model as one file, as {@link #save(String, Storage)} does; also where the path lies
   * in a file system of Java's own, such as within a zip.
   */
  public void save(Path path, Storage storage) {
    if (path.getFileSystem() == FileSystems.getDefault()) {
      save(path.toString(), storage);
      return;
    }
    try {
      final Path copy = Files.createTempFile("linnet", ".linnet");
      try {
        save(copy.toString(), storage);
        Files.copy(copy, path, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.delete(copy);
      }
    } catch (IOException error) {
      throw io(path + ": cannot be written", error);
    }
  }

  public List<TensorInfo> inputs() {
    return ports(Port.INPUT);
  }

  public List<TensorInfo> outputs() {
    return ports(Port.OUTPUT);
  }

  /** The labels of the classes; empty if the model carries none. */
  public List<String> labels() {
    final List<String> labels = new ArrayList<>();
    for (int i = 0, count = labelCount(); i < count; i++) {
      labels.add(label(i));
    }
    return Collections.unmodifiableList(labels);
  }

  /** The value of a metadata key, if the model has that key. */
  public Optional<String> findMetadata(String key) {
    try {
      return Optional.of(metadata(key));
    } catch (LinnetException error) {
      if (error.status() == Status.NOT_FOUND) {
        return Optional.empty();
      }
      throw error;
    }
  }

  /** The number of weights. */
  public long parameters() {
    return cost()[0];
  }

  /** Multiply-adds of one run, free axes taken as 1. */
  public long macs() {
    return cost()[1];
  }

  /** How many nodes of the file use each operator, in alphabetical order. */
  public Map<String, Integer> operators() {
    final Map<String, Integer> counts = new LinkedHashMap<>();
    final String[] name = new String[1];
    final int[] nodes = new int[1];
    try {
      while (true) {
        operator(counts.size(), name, nodes);
        counts.put(name[0], nodes[0]);
      }
    } catch (LinnetException end) {
      if (end.status() != Status.NOT_FOUND) {
        throw end;
      }
    }
    return Collections.unmodifiableMap(counts);
  }

  private long[] cost() {
    final long[] parameters = new long[1];
    final long[] macs = new long[1];
    cost(parameters, macs);
    return new long[] {parameters[0], macs[0]};
  }

  private List<TensorInfo> ports(Port port) {
    final List<TensorInfo> found = new ArrayList<>();
    for (int i = 0, count = count(port); i < count; i++) {
      final long[] shape = new long[Linnet.MAX_RANK];
      final int rank = (int) shape(port, i, shape);
      final List<Long> axes = Arrays.stream(shape, 0, rank).boxed().toList();
      found.add(new TensorInfo(name(port, i), axes, dtype(port, i), layout(port, i)));
    }
    return Collections.unmodifiableList(found);
  }
}
