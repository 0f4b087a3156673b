// SPDX-License-Identifier: MIT
package org.linnet;

/**
 * The version and the build of the native library. The work is done by {@link Classifier},
 * {@link Model} and {@link Session}.
 */
public final class Linnet extends LinnetFunctions {
  private Linnet() {}
}
