package org.linnet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** Calls each function of the fixture through the generated Java classes. */
final class Smoke {
  interface Act {
    void run();
  }

  static final class Store extends StoreHandle {
    Store(long pointer) {
      super(pointer);
    }
  }

  static void fails(String text, Act act) {
    try {
      act.run();
    } catch (RuntimeException error) {
      check(error.toString().contains(text), error.toString());
      return;
    }
    check(false, "no failure: " + text);
  }

  static void check(boolean holds, String text) {
    if (!holds) {
      throw new AssertionError(text);
    }
  }

  static ByteBuffer direct(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
  }

  public static void main(String[] arguments) {
    final Store store = new Store(StoreHandle.nativeOpen("x", Access.READ | Access.WRITE, null));
    check(LinnetFunctions.version() == 2003004, "version");
    check(LinnetFunctions.statusHint(Status.OK).equals("linnet_status_hint"), "hint");
    LinnetFunctions.pause(1, 0.5);
    numbers(store);
    texts(store);
    refusals(store);
    store.close();
    store.close();
    fails("store is closed", () -> store.move(new long[1]));
    fails("is closed", () -> StoreHandle.nativeOpen("x", 1, store));
    for (int i = 0; i < 1000; i++) {
      new Store(StoreHandle.nativeOpen("x", 1, null));
    }
    System.out.println("java: all functions answered");
  }

  static void numbers(Store store) {
    new Store(StoreHandle.nativeOver(direct(4)));
    store.attach(direct(12).asFloatBuffer());
    check(store.sum(new double[3], new float[2]) == 6.0, "sum");
    check(store.sum(new double[3], null) == 6.0, "sum without weights");
    final int[] numbers = {10, 20};
    store.doubleAll(numbers);
    check(numbers[1] == 22, "inout array");
    final long[] position = {40};
    store.move(position);
    check(position[0] == 42, "inout value");
    store.setShape(new long[] {1, 2});
    store.put(new short[3], Dtype.FLOAT16);
    store.put(new boolean[3], Dtype.BOOL);
    store.put(direct(12), Dtype.FLOAT32);
    final float[] out = {1, 1};
    store.get(out, Dtype.FLOAT32);
    check(store.best(new int[5], new float[5]) == 2, "count");
    final IntBuffer indices = direct(40).asIntBuffer();
    final FloatBuffer scores = direct(32).asFloatBuffer();
    indices.position(2);
    check(store.best(indices, scores) == 2 && indices.get(2) == 1 && indices.get(0) == 0,
        "buffers begin at their position");
    final byte[] copy = new byte[3];
    store.copy(new byte[3], copy);
    check(copy[2] == 3, "bytes out");
  }

  static void texts(Store store) {
    check(store.note(null).endsWith("\u00fc \ud83d\udc26"), "text");
    final String[] name = {null};
    final int[] dtype = {0};
    final int[] level = {0};
    final long[] bytes = {0};
    final float[] share = {0};
    store.describe(7, name, dtype, level, bytes, share);
    check(name[0] != null && dtype[0] == 1 && level[0] == 5 && bytes[0] == 6 && share[0] == 7,
        "many answers");
    final long walker = store.nativeWalk();
    check(new StoreWalkerHandle(walker) {}.next() == Dtype.FLOAT32, "enum out");
  }

  static void refusals(Store store) {
    fails("expected float[]", () -> store.put(new int[1], Dtype.FLOAT32));
    fails("expected float[]", () -> store.put(ByteBuffer.allocateDirect(8), Dtype.FLOAT32));
    fails("not direct", () -> store.put(FloatBuffer.allocate(3), Dtype.FLOAT32));
    fails("native byte order",
        () -> store.put(ByteBuffer.allocateDirect(8).asFloatBuffer(), Dtype.FLOAT32));
    fails("read-only", () -> store.get(direct(8).asReadOnlyBuffer(), Dtype.BOOL));
    fails("array of numbers", () -> store.put("text", Dtype.FLOAT32));
    fails("data", () -> store.put(null, Dtype.FLOAT32));
    fails("differ in length", () -> store.best(new int[2], new float[3]));
    fails("no element", () -> store.move(new long[0]));
    fails("is negative",
        () -> store.describe(-1, new String[1], new int[1], new int[1], new long[1], new float[1]));
    fails("path: holds a zero character", () -> StoreHandle.nativeOpen("a\0b", 1, null));
  }
}
