// SPDX-License-Identifier: MIT
package org.linnet.desktop;

import java.awt.image.BufferedImage;
import java.util.List;
import org.linnet.Prediction;

/**
 * What became of a picture.
 *
 * @param thumbnail the picture in small; null if it could not be read
 * @param predictions best first; empty if there is an error
 * @param error null if there is none
 */
record Outcome(BufferedImage thumbnail, List<Prediction> predictions, String error) {}
