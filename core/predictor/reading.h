// What a graph tells about its pictures and its scores, without being asked to guess.
// SPDX-License-Identifier: MIT
#pragma once

#include "image/preprocessing.h"
#include "model/graph.h"
#include "predictor/model.h"

namespace linnet {

// The layout of an input from the operators that read it, by way of elementwise ones: kNchw before
// a convolution, kNhwc before a transposition that moves the last axis behind the first.
Result<PictureLayout> picture_layout_of(const Graph &graph, ValueId input);

// What the first output holds: as stated, else probabilities where it comes from a Softmax (by way
// of operators that only reshape), log-probabilities after LogSoftmax, numbers that are no logits
// after Sigmoid, and logits otherwise.
Scores scores_of(const Graph &graph, ScoreKind stated);

} // namespace linnet
