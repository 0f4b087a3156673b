// SPDX-License-Identifier: MIT
package org.linnet;

/**
 * A step of a session's program.
 *
 * @param tensor the tensor of the file that it computes
 * @param kernel its kernel
 * @param milliseconds the time that it took in the last run; 0 before the first
 */
public record StepTime(String tensor, String kernel, double milliseconds) {}
