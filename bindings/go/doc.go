// SPDX-License-Identifier: MIT

// Package linnet predicts with trained neural networks.
//
// It contains the whole library as one C++ file, which `go build` compiles with cgo; nothing needs
// to be installed but a C++17 compiler. It opens ONNX files.
//
// The shortest use classifies a picture with the embedded model:
//
//	model, err := linnet.DefaultModel()
//	...
//	classifier, err := linnet.NewClassifier(model)
//	...
//	defer classifier.Close()
//	predictions, err := classifier.ClassifyFile(ctx, "cat.png", 5)
//
// A [Model] is a file, opened. It is immutable and may be used by any number of goroutines at once.
// A [Session] is a model made ready to run, with the memory for it; a [Classifier] is a session
// that takes pictures. Both serve one goroutine at a time; a second one that comes meanwhile gets
// StatusWrongState. Give each goroutine its own: they share the weights.
//
// # Errors
//
// A call that the library refuses returns an [*Error], whose message tells what was wrong and what
// to do. A [Status] is the target for errors.Is:
//
//	if errors.Is(err, linnet.StatusUnsupported) { ... }
//
// # Contexts
//
// Methods that take a context end soon after it is done, at the next step of the network, with an
// error that wraps ctx.Err(): errors.Is(err, context.Canceled) and errors.Is(err,
// linnet.StatusCancelled) are both true. A run that has ended before that is not spoilt.
//
// # Memory
//
// Weights and the memory of runs are not the garbage collector's, which therefore is in no hurry.
// Close frees them at once; it may be called in any order, more than once, and during a call of
// another goroutine, at whose end they are freed. What is never closed is freed some time after it
// has become unreachable.
//
// # Bits
//
// The same model and input give the same bits for every number of threads, from every language that
// Linnet speaks, and on every run on one machine.
package linnet
