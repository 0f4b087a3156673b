// SPDX-License-Identifier: MIT
package org.linnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class GarbageTest {
  private static final long MEGABYTE = 1 << 20;

  @Test
  void forgottenHandlesAreFreedOnce() throws InterruptedException {
    final AtomicInteger freed = new AtomicInteger();
    for (int i = 1; i <= 100; i++) {
      final NativeHandle handle = new NativeHandle("test", i, pointer -> freed.incrementAndGet());
      if (i % 2 == 0) {
        handle.close();
      }
    }
    for (int i = 0; i < 200 && freed.get() < 100; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertEquals(100, freed.get());
  }

  @Test
  void forgottenSessionsGiveTheirMemoryBack() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/statm")));
    try (Model model = Model.embedded()) {
      final long each = forget(model, 1);
      final int sessions = (int) (600 * MEGABYTE / each) + 1;
      final long before = resident();
      for (int i = 0; i < sessions; i++) {
        forget(model, 1);
        if (i % 8 == 0) {
          System.gc();
          Thread.sleep(5);
        }
      }
      assertTrue(resident() - before < 300 * MEGABYTE, (resident() - before) / MEGABYTE + " MB");
    }
  }

  /** Not closed; the memory is touched, or the system would not give it at all. */
  private static long forget(Model model, int threads) {
    final Session session = new Session(model, threads);
    session.setShape(0, new long[] {16, 3, 32, 32});
    session.run(new float[16 * Samples.INPUT]);
    return session.arenaBytes();
  }

  private static long resident() throws IOException {
    final String[] words = Files.readString(Path.of("/proc/self/statm")).split(" ");
    return Long.parseLong(words[1]) * 4096;
  }
}
