// SPDX-License-Identifier: MIT
package org.linnet;

/** Told how far a run has come, after each step, in the thread that runs. */
@FunctionalInterface
public interface Progress {
  /**
   * An exception that this throws ends the run and reaches its caller; the session can be used
   * again.
   *
   * @param done how many steps have run, from 1
   * @param total how many there are
   */
  void step(int done, int total);
}
