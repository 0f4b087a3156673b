// SPDX-License-Identifier: MIT
package org.linnet;

import java.lang.reflect.Array;
import java.util.Arrays;

/**
 * Numbers with a shape, in row-major order. The array is not copied: who changes it changes the
 * tensor.
 */
public final class Tensor {
  private final Dtype dtype;
  private final long[] shape;
  private final Object data;

  private Tensor(Dtype dtype, Object data, long[] shape) {
    this.dtype = dtype;
    this.data = data;
    this.shape = shape.clone();
    final long count = Array.getLength(data);
    if (count != elements(shape)) {
      throw new LinnetException(Status.INVALID_ARGUMENT,
          "a tensor of shape " + Arrays.toString(shape) + " needs " + elements(shape)
              + " elements, got " + count);
    }
  }

  public static Tensor of(float[] data, long... shape) {
    return new Tensor(Dtype.FLOAT32, data, shape);
  }

  public static Tensor of(double[] data, long... shape) {
    return new Tensor(Dtype.FLOAT64, data, shape);
  }

  public static Tensor of(int[] data, long... shape) {
    return new Tensor(Dtype.INT32, data, shape);
  }

  public static Tensor of(long[] data, long... shape) {
    return new Tensor(Dtype.INT64, data, shape);
  }

  /** A tensor of one-byte elements: UINT8, INT8 or BOOL. */
  public static Tensor of(Dtype dtype, byte[] data, long... shape) {
    if (dtype != Dtype.UINT8 && dtype != Dtype.INT8 && dtype != Dtype.BOOL) {
      throw new LinnetException(Status.INVALID_ARGUMENT, dtype + " does not fit into byte[]");
    }
    return new Tensor(dtype, data, shape);
  }

  /** Zeros. Both 16-bit types become FLOAT32: the library converts. */
  static Tensor zeros(Dtype dtype, long[] shape) {
    final int count = Math.toIntExact(elements(shape));
    return switch (dtype) {
      case FLOAT32, FLOAT16, BFLOAT16 -> of(new float[count], shape);
      case FLOAT64 -> of(new double[count], shape);
      case INT32 -> of(new int[count], shape);
      case INT64 -> of(new long[count], shape);
      case UINT8, INT8, BOOL -> of(dtype, new byte[count], shape);
    };
  }

  static long elements(long[] shape) {
    long count = 1;
    for (long axis : shape) {
      count = Math.multiplyExact(count, axis);
    }
    return count;
  }

  public Dtype dtype() {
    return dtype;
  }

  public long[] shape() {
    return shape.clone();
  }

  /** The array itself: float[], double[], int[], long[] or byte[], by the element type. */
  public Object data() {
    return data;
  }

  /** The array of a FLOAT32 tensor. */
  public float[] floats() {
    if (data instanceof float[] floats) {
      return floats;
    }
    throw new LinnetException(Status.INVALID_ARGUMENT, "the tensor is " + dtype + ", not FLOAT32");
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(shape);
  }
}
