// SPDX-License-Identifier: MIT
package org.linnet;

/**
 * Settings for opening models and creating sessions, which read them and do not keep them: close
 * them right after. Not for use by two threads at once.
 *
 * <pre>{@code
 * try (Options options = new Options()) {
 *   options.setMetadata("linnet.labels", "cat\ndog");
 *   model = Model.open(path, options);
 * }
 * }</pre>
 */
public final class Options extends OptionsHandle {
  /** The defaults. */
  public Options() {
    super(nativeCreate());
  }

  /** The defaults but for the number of threads. */
  static Options ofThreads(int threads) {
    Options options = new Options();
    try {
      options.setThreads(threads);
      return options;
    } catch (RuntimeException error) {
      options.close();
      throw error;
    }
  }
}
