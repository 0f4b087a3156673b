// SPDX-License-Identifier: MIT
package org.linnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.linnet.Samples.assertStatus;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models with two inputs, of several element types. */
class TensorTest {
  private static Object sum(Dtype dtype, Tensor a, Tensor b) {
    try (Model model = Model.open(Onnx.sum(dtype)); Session session = new Session(model)) {
      final Tensor sum = session.run(Map.of("a", a, "b", b)).get("c");
      assertArrayEquals(a.shape(), sum.shape());
      return sum.data();
    }
  }

  @Test
  void everyElementTypeTravels() {
    assertArrayEquals(new float[] {4, 6},
        (float[]) sum(Dtype.FLOAT32, Tensor.of(new float[] {1, 2}, 2),
            Tensor.of(new float[] {3, 4}, 2)));
    assertArrayEquals(new long[] {1L << 40},
        (long[]) sum(Dtype.INT64, Tensor.of(new long[] {1L << 39}, 1),
            Tensor.of(new long[] {1L << 39}, 1)));
    assertArrayEquals(new int[] {-3, 5, 7},
        (int[]) sum(Dtype.INT32, Tensor.of(new int[] {-1, 2, 3}, 3),
            Tensor.of(new int[] {-2, 3, 4}, 3)));
  }

  @Test
  void severalInputsNeedNames() {
    try (Model model = Model.open(Onnx.sum(Dtype.FLOAT32)); Session session = new Session(model)) {
      assertEquals(1, session.inputIndex("b"));
      assertStatus(Status.NOT_FOUND, () -> session.inputIndex("c"));
      assertStatus(Status.INVALID_ARGUMENT, () -> session.run(new float[1]));
      session.setInput(0, new float[1]);
      assertStatus(Status.WRONG_STATE, () -> session.run());
    }
  }

  @Test
  void wrongTypesAreRefused() {
    final Tensor floats = Tensor.of(new float[2], 2);
    assertStatus(Status.INVALID_ARGUMENT, () -> sum(Dtype.INT64, floats, floats));
    assertStatus(Status.INVALID_ARGUMENT, () -> Tensor.of(Dtype.FLOAT32, new byte[4], 1));
    assertStatus(Status.INVALID_ARGUMENT, () -> Tensor.of(new long[2], 2).floats());
    assertThrows(ArithmeticException.class,
        () -> Tensor.of(new long[2], Long.MAX_VALUE, Long.MAX_VALUE));
  }
}
