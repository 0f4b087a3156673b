// SPDX-License-Identifier: MIT

// Package model holds the embedded default model of Linnet: ten classes of pictures.
package model

import _ "embed"

// Default is the model file, in the ONNX format. Do not change it.
//
//go:embed default.onnx
var Default []byte
