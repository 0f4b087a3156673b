// SPDX-License-Identifier: MIT

package linnet

import (
	"context"
	"errors"
)

// Cancel ends the run that is under way, or the next one, with StatusCancelled at its next step. It
// may be called by any goroutine at any time.
func (s *Session) Cancel() error {
	s.asked.Store(true)
	return s.sessionHandle.Cancel()
}

// contextError is what a run returns that the end of its context has ended.
type contextError struct{ cause error }

func (e *contextError) Error() string {
	return "the run was cancelled: " + e.cause.Error()
}

// Unwrap gives what ctx.Err() was.
func (e *contextError) Unwrap() error {
	return e.cause
}

func (e *contextError) Is(target error) bool {
	return target == error(StatusCancelled)
}

// cancellable calls run, which the end of ctx ends.
//
// The library remembers a cancellation until a run meets it, so that one that came too late for its
// own run is still there. A run that was cancelled although nobody asked for it met such a
// leftover, at its first step, and begins again.
func (s *Session) cancellable(ctx context.Context, run func() error) error {
	for {
		if err := ctx.Err(); err != nil {
			return &contextError{err}
		}
		err := watching(ctx, s.sessionHandle.Cancel, run)
		if !errors.Is(err, StatusCancelled) {
			return err
		}
		if asked := s.asked.Swap(false); asked && ctx.Err() == nil {
			return err
		}
	}
}

// watching calls run, and cancel if ctx is done before run returns. When it returns, its goroutine
// has ended and cancel will not be called any more.
func watching(ctx context.Context, cancel, run func() error) error {
	if ctx.Done() == nil {
		return run()
	}
	finished, left := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(left)
		select {
		case <-ctx.Done():
			_ = cancel()
		case <-finished:
		}
	}()
	defer func() {
		close(finished)
		<-left
	}()
	return run()
}
