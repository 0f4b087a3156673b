// SPDX-License-Identifier: MIT
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;

import org.linnet.Model;
import org.linnet.Session;

/** The runs of wrapper_bench.py in Java, with direct buffers. Prints nanoseconds a run. */
final class WrapperBench {
  private static final int ELEMENTS = 16;

  private static FloatBuffer floats() {
    return ByteBuffer.allocateDirect(4 * ELEMENTS).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  public static void main(String[] words) {
    final int runs = Integer.parseInt(words[1]);
    final FloatBuffer in = floats();
    final FloatBuffer out = floats();
    in.put(0, 1);
    long best = Long.MAX_VALUE;
    try (Model model = Model.open(Path.of(words[0])); Session session = new Session(model)) {
      for (int round = 0; round < 400; round++) {
        final long start = System.nanoTime();
        for (int i = 0; i < runs; i++) {
          session.run(in, out);
        }
        best = Math.min(best, (System.nanoTime() - start) / runs);
      }
    }
    System.out.println(best);
  }
}
