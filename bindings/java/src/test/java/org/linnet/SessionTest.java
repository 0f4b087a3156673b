// SPDX-License-Identifier: MIT
package org.linnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.linnet.Samples.CLASSES;
import static org.linnet.Samples.INPUT;
import static org.linnet.Samples.assertStatus;
import static org.linnet.Samples.direct;
import static org.linnet.Samples.numbers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static Model model;
  private Session session;

  @BeforeAll
  static void open() {
    model = Model.embedded();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @BeforeEach
  void create() {
    session = new Session(model);
  }

  @AfterEach
  void free() {
    session.close();
  }

  @Test
  void arraysAndBuffersGiveTheSameBits() {
    final float[] input = numbers(INPUT, 1);
    final float[] scores = session.run(input);
    final FloatBuffer output = direct(CLASSES);
    session.run(direct(input), output);
    final float[] copied = new float[CLASSES];
    output.get(0, copied);
    assertEquals(CLASSES, scores.length);
    assertArrayEquals(scores, copied);
    assertEquals(0, output.position());
  }

  @Test
  void buffersCountFromPositionToLimit() {
    final float[] input = numbers(INPUT, 2);
    final float[] shifted = new float[INPUT + 9];
    System.arraycopy(input, 0, shifted, 4, INPUT);
    final FloatBuffer part = direct(shifted).position(4).limit(4 + INPUT);
    final FloatBuffer output = direct(CLASSES + 3).position(3);
    session.run(part, output);
    final float[] scores = session.run(input);
    for (int i = 0; i < CLASSES; i++) {
      assertEquals(scores[i], output.get(3 + i));
    }
    session.setInput(0, part.slice());
    session.run();
    assertArrayEquals(scores, session.output(0));
  }

  @Test
  void otherBuffersAreRefused() {
    final FloatBuffer output = direct(CLASSES);
    final ByteOrder other = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
        ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    final FloatBuffer swapped =
        ByteBuffer.allocateDirect(INPUT * 4).order(other).asFloatBuffer();
    assertThrows(IllegalArgumentException.class,
        () -> session.run(FloatBuffer.allocate(INPUT), output));
    assertThrows(IllegalArgumentException.class, () -> session.run(swapped, output));
    assertThrows(IllegalArgumentException.class,
        () -> session.run(direct(new float[INPUT]), output.asReadOnlyBuffer()));
    assertThrows(IllegalArgumentException.class,
        () -> session.setInput(0, new double[INPUT], Dtype.FLOAT32));
    assertThrows(IllegalArgumentException.class,
        () -> session.setInput(0, "text", Dtype.FLOAT32));
    assertThrows(NullPointerException.class, () -> session.setInput(0, (float[]) null));
  }

  @Test
  void wrongSizesAreRefusedWithTheShape() {
    final LinnetException error =
        assertStatus(Status.INVALID_ARGUMENT, () -> session.run(new float[5]));
    assertTrue(error.getMessage().contains("image"), error.getMessage());
    assertTrue(error.getMessage().contains("3072"), error.getMessage());
    session.run(numbers(INPUT, 3));
    assertStatus(Status.INVALID_ARGUMENT, () -> session.output(0, direct(CLASSES - 1)));
    assertStatus(Status.INVALID_ARGUMENT, () -> session.output(1));
    assertStatus(Status.INVALID_ARGUMENT, () -> session.setInput(1, new float[INPUT]));
    assertStatus(Status.INVALID_ARGUMENT, () -> session.setInput(-1, new float[INPUT]));
    assertStatus(Status.INVALID_ARGUMENT,
        () -> session.setInput(0, new long[INPUT], Dtype.INT64));
  }

  @Test
  void nothingIsReadBeforeARun() {
    assertStatus(Status.WRONG_STATE, () -> session.run());
    session.setInput(0, new float[INPUT]);
    assertStatus(Status.WRONG_STATE, () -> session.output(0));
    session.run();
    assertEquals(CLASSES, session.output(0).length);
  }

  @Test
  void batchesGiveTheBitsOfSingles() {
    final float[] a = numbers(INPUT, 4);
    final float[] b = numbers(INPUT, 5);
    final float[] one = session.run(a);
    final float[] two = session.run(b);
    final float[] both = Arrays.copyOf(a, 2 * INPUT);
    System.arraycopy(b, 0, both, INPUT, INPUT);
    session.setShape(0, new long[] {2, 3, 32, 32});
    assertArrayEquals(new long[] {2, 3, 32, 32}, session.inputShape(0));
    assertArrayEquals(new long[] {2, 10}, session.outputShape(0));
    final float[] scores = session.run(both);
    assertArrayEquals(one, Arrays.copyOf(scores, CLASSES));
    assertArrayEquals(two, Arrays.copyOfRange(scores, CLASSES, 2 * CLASSES));
  }

  @Test
  void wrongShapesLeaveTheSessionAsItWas() {
    final float[] before = session.run(numbers(INPUT, 6));
    for (long[] shape : new long[][] {{1, 4, 32, 32}, {1, 3, 32}, {0, 3, 32, 32}, {-1, 3, 32, 32},
        {}, {Long.MAX_VALUE, 3, 32, 32}, {1, 1, 1, 1, 1, 1, 1, 1, 1}}) {
      try {
        session.setShape(0, shape);
        assertEquals(0, shape[0]); // an empty batch is a shape as well
        session.setShape(0, new long[] {1, 3, 32, 32});
      } catch (LinnetException error) {
        assertFalse(error.getMessage().isEmpty());
      }
    }
    assertArrayEquals(before, session.run(numbers(INPUT, 6)));
  }

  @Test
  void runsNamedTensors() {
    final float[] two = numbers(2 * INPUT, 7);
    final Map<String, Tensor> found =
        session.run(Map.of("image", Tensor.of(two, 2, 3, 32, 32)));
    assertEquals(Set.of("scores"), found.keySet());
    assertArrayEquals(new long[] {2, 10}, found.get("scores").shape());
    assertArrayEquals(session.output(0), found.get("scores").floats());
    assertEquals(Dtype.FLOAT32, found.get("scores").dtype());
    assertStatus(Status.NOT_FOUND, () -> session.run(Map.of("picture", Tensor.of(two, 6144))));
    assertStatus(Status.INVALID_ARGUMENT, () -> Tensor.of(two, 3, 3));
    assertStatus(Status.INVALID_ARGUMENT,
        () -> session.run(Map.of("image", Tensor.of(new long[INPUT], 1, 3, 32, 32))));
  }

  @Test
  void watchedTensorsAreOutputs() {
    final List<String> names = new ArrayList<>();
    session.profile().forEach(each -> names.add(each.tensor()));
    final int index = session.watch(names.get(0));
    assertEquals(1, index);
    assertEquals(index, session.outputIndex(names.get(0)));
    session.run(numbers(INPUT, 8));
    final Tensor inner = session.outputTensor(index);
    assertEquals(Tensor.elements(inner.shape()), inner.floats().length);
    assertStatus(Status.NOT_FOUND, () -> session.watch("nothing of this name"));
  }

  @Test
  void profileNamesEachStep() {
    session.run(numbers(INPUT, 9));
    final List<StepTime> steps = session.profile();
    assertEquals(session.stepCount(), steps.size());
    assertTrue(steps.stream().allMatch(each -> !each.kernel().isEmpty()));
    assertTrue(steps.stream().mapToDouble(StepTime::milliseconds).sum() > 0);
    assertStatus(Status.INVALID_ARGUMENT,
        () -> session.stepInfo(-1, new String[1], new String[1], new double[1]));
    assertThrows(IllegalArgumentException.class,
        () -> session.stepInfo(0, new String[0], new String[1], new double[1]));
  }

  @Test
  void arenaIsKnownBeforeTheRun() {
    final long bytes = session.arenaBytes();
    session.run(numbers(INPUT, 10));
    assertEquals(bytes, session.arenaBytes());
    session.setShape(0, new long[] {4, 3, 32, 32});
    assertTrue(session.arenaBytes() > bytes);
  }

  @Test
  void progressCountsTheSteps() {
    final float[] input = numbers(INPUT, 11);
    final float[] scores = session.run(input);
    final List<Integer> seen = new ArrayList<>();
    session.setInput(0, input);
    session.run((done, total) -> {
      assertEquals(session.stepCount(), total);
      seen.add(done);
    });
    assertEquals(session.stepCount(), seen.size());
    assertEquals(session.stepCount(), seen.get(seen.size() - 1));
    assertArrayEquals(scores, session.output(0));
  }

  @Test
  void modelsWithoutStepsRunWithProgress() {
    try (Model same = Model.open(Onnx.same()); Session plain = new Session(same)) {
      plain.setInput(0, new float[] {7});
      plain.run((done, total) -> assertEquals(0, total));
      assertArrayEquals(new float[] {7}, plain.output(0));
    }
  }

  @Test
  void progressMayEndTheRun() {
    final float[] scores = session.run(numbers(INPUT, 12));
    final RuntimeException stop = new RuntimeException("stop");
    session.setInput(0, numbers(INPUT, 13));
    assertSame(stop, assertThrows(RuntimeException.class, () -> session.run((done, total) -> {
      throw stop;
    })));
    assertStatus(Status.WRONG_STATE, () -> session.output(0));
    assertArrayEquals(scores, session.run(numbers(INPUT, 12)));
  }

  @Test
  void cancelEndsTheNextRunOnly() {
    session.setInput(0, numbers(INPUT, 14));
    session.cancel();
    assertStatus(Status.CANCELLED, () -> session.run());
    session.run();
    assertEquals(CLASSES, session.output(0).length);
  }

  @Test
  void cancelEndsARunInAnotherThread() {
    session.setShape(0, new long[] {256, 3, 32, 32});
    session.setInput(0, new float[256 * INPUT]);
    final AtomicInteger begun = new AtomicInteger();
    final CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
      session.run((done, total) -> begun.set(done));
    });
    while (begun.get() == 0 && !run.isDone()) {
      Thread.onSpinWait();
    }
    session.cancel();
    final Throwable cause = assertThrows(Exception.class, run::join).getCause();
    assertEquals(Status.CANCELLED, ((LinnetException) cause).status());
  }

  @Test
  void aSecondThreadIsRefused() {
    session.setShape(0, new long[] {64, 3, 32, 32});
    session.setInput(0, new float[64 * INPUT]);
    final CompletableFuture<Void> run = CompletableFuture.runAsync(() -> session.run());
    boolean refused = false;
    while (!run.isDone()) {
      try {
        session.output(0);
      } catch (LinnetException error) {
        assertEquals(Status.WRONG_STATE, error.status());
        refused |= error.getMessage().contains("another thread");
      }
    }
    // Either may come second; what matters is that one of them is told so.
    assertTrue(refused || run.isCompletedExceptionally());
  }

  @Test
  void closingDuringARunWaitsForItsEnd() {
    session.setShape(0, new long[] {64, 3, 32, 32});
    session.setInput(0, new float[64 * INPUT]);
    final CompletableFuture<Void> run = CompletableFuture.runAsync(() -> session.run());
    session.close();
    try {
      run.join();
    } catch (RuntimeException error) {
      assertEquals(Status.INVALID_ARGUMENT, ((LinnetException) error.getCause()).status());
    }
    assertTrue(session.isClosed());
    assertStatus(Status.INVALID_ARGUMENT, () -> session.run());
  }

  @Test
  void closedSessionsAreRefused() {
    session.close();
    session.close();
    final LinnetException error =
        assertStatus(Status.INVALID_ARGUMENT, () -> session.run(new float[INPUT]));
    assertEquals("session is closed", error.getMessage());
    assertStatus(Status.INVALID_ARGUMENT, () -> session.output(0));
    assertStatus(Status.INVALID_ARGUMENT, session::cancel);
    assertStatus(Status.INVALID_ARGUMENT, session::profile);
    assertStatus(Status.INVALID_ARGUMENT, session::arenaBytes);
    assertStatus(Status.INVALID_ARGUMENT, () -> session.watch("x"));
    assertStatus(Status.INVALID_ARGUMENT, () -> session.inputShape(0));
  }

  @Test
  void sessionsOutliveTheirModel() {
    final Model own = Model.embedded();
    try (Session last = new Session(own)) {
      own.close();
      assertArrayEquals(session.run(numbers(INPUT, 15)), last.run(numbers(INPUT, 15)));
    }
  }

  @Test
  void threadsDoNotChangeTheAnswer() {
    final float[] scores = session.run(numbers(INPUT, 16));
    for (int threads : new int[] {2, 3, 8}) {
      try (Session other = new Session(model, threads)) {
        assertArrayEquals(scores, other.run(numbers(INPUT, 16)));
      }
    }
    assertStatus(Status.INVALID_ARGUMENT, () -> new Session(model, 0));
    assertStatus(Status.INVALID_ARGUMENT, () -> new Session(model, 65));
  }

  @Test
  void optionsChooseTheInstructions() {
    try (Options options = new Options()) {
      options.setIsa(Isa.PLAIN);
      try (Session plain = new Session(model, options)) {
        final float[] scores = plain.run(numbers(INPUT, 17));
        assertArrayEquals(session.run(numbers(INPUT, 17)), scores, 1e-3f);
      }
    }
  }

  @Test
  void notANumberDoesNoHarm() {
    final float[] input = new float[INPUT];
    Arrays.fill(input, Float.NaN);
    session.run(input);
    final int[] indices = new int[CLASSES];
    assertEquals(CLASSES, session.top(0, indices, new float[CLASSES]));
    assertEquals(CLASSES, Arrays.stream(indices).distinct().count());
    Arrays.fill(input, Float.POSITIVE_INFINITY);
    assertEquals(CLASSES, session.run(input).length);
  }

  @Test
  void wrongPixelsAreRefused() {
    final byte[] pixels = new byte[12];
    assertStatus(Status.INVALID_ARGUMENT,
        () -> session.setPixels(0, pixels, PixelFormat.RGB, 0, 2, 6));
    assertStatus(Status.INVALID_ARGUMENT,
        () -> session.setPixels(0, pixels, PixelFormat.RGB, 2, -1, 6));
    assertStatus(Status.INVALID_ARGUMENT,
        () -> session.setPixels(0, pixels, PixelFormat.RGB, 2, 3, 6));
    assertStatus(Status.INVALID_ARGUMENT,
        () -> session.setPixels(0, pixels, PixelFormat.RGB, 2, 2, 5));
    assertStatus(Status.INVALID_ARGUMENT,
        () -> session.setPixels(1, pixels, PixelFormat.RGB, 2, 2, 6));
    assertStatus(Status.INVALID_ARGUMENT,
        () -> session.setPixels(0, new byte[0], PixelFormat.GRAY, 1, 1, 1));
    session.setPixels(0, pixels, PixelFormat.RGB, 2, 2, 6);
    session.run();
  }
}
