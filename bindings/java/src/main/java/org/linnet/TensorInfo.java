// SPDX-License-Identifier: MIT
package org.linnet;

import java.util.List;

/**
 * An input or output of a model.
 *
 * @param name the name in the model file
 * @param shape the length of each axis; -1 where the model leaves it free
 * @param dtype the element type
 * @param layout what the axes mean, for the input that takes pictures; NONE for all others
 */
public record TensorInfo(String name, List<Long> shape, Dtype dtype, Layout layout) {
  /** Keeps a copy of the shape. */
  public TensorInfo {
    shape = List.copyOf(shape);
  }
}
