// SPDX-License-Identifier: MIT
/**
 * Prediction with trained neural networks. {@link org.linnet.Classifier} takes pictures,
 * {@link org.linnet.Session} takes numbers, {@link org.linnet.Model} is the trained network.
 *
 * <p>Errors are {@link org.linnet.LinnetException}s with the status of the C library. What is
 * closed refuses further use with INVALID_ARGUMENT and never crashes; what is forgotten is freed
 * when the garbage collector finds it, but memory outside of Java's heap does not make it hurry:
 * use try-with-resources.
 *
 * <p>The native library lies in the jar and is written once to the user's cache folder. The system
 * property {@code linnet.extract.dir} names another folder, {@code linnet.library} a library file
 * to be loaded instead; a file in {@code java.library.path} comes before the jar's. A library of
 * another major version, or of an older minor one, is refused.
 *
 * <p>Java 24 and newer warn about native code unless it is allowed: {@code
 * --enable-native-access=ALL-UNNAMED}, or {@code =org.linnet} where the jar is on the module path.
 */
package org.linnet;
