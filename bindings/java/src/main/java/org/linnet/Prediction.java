// SPDX-License-Identifier: MIT
package org.linnet;

/**
 * A class with its probability.
 *
 * @param label its label; "class INDEX" if the model carries none
 * @param probability 0 to 1
 * @param index its number, from 0
 */
public record Prediction(String label, float probability, int index) {}
