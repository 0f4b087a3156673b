// SPDX-License-Identifier: MIT

package linnet

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"
)

// slowSession takes seconds for a run, if nobody ends it.
func slowSession(t *testing.T) *Session {
	s := sessionOf(t, slowModel(256, 2000))
	if err := s.SetInput(0, make([]float32, 256*256)); err != nil {
		t.Fatal(err)
	}
	return s
}

func quickSession(t *testing.T) *Session {
	s := sessionOf(t, slowModel(4, 3))
	if err := s.SetInput(0, make([]float32, 16)); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestContextEndsRun(t *testing.T) {
	s := slowSession(t)
	ctx, cancel := context.WithTimeout(background, 20*time.Millisecond)
	defer cancel()
	_, err := s.Run(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, StatusCancelled) {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(err.Error(), context.DeadlineExceeded.Error()) {
		t.Errorf("got %v", err)
	}
	refused(t, s.Output(0, make([]float32, 256*256)), StatusWrongState, "")
}

func TestContextThatHasEnded(t *testing.T) {
	s := quickSession(t)
	ctx, cancel := context.WithCancel(background)
	cancel()
	if err := s.Execute(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, _, err := s.Step(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := s.Execute(background); err != nil {
		t.Errorf("the run after it: %v", err)
	}
}

func TestCancel(t *testing.T) {
	s := quickSession(t)
	if err := s.Cancel(); err != nil {
		t.Fatal(err)
	}
	err := s.Execute(background)
	refused(t, err, StatusCancelled, "cancelled")
	if errors.Is(err, context.Canceled) {
		t.Error("no context was cancelled")
	}
	if err := s.Execute(background); err != nil {
		t.Errorf("the run after it: %v", err)
	}
}

func TestCancelFromAnotherGoroutine(t *testing.T) {
	s := slowSession(t)
	time.AfterFunc(20*time.Millisecond, func() { s.Cancel() })
	refused(t, s.Execute(background), StatusCancelled, "")
}

func TestLateCancellationSpoilsNoOtherRun(t *testing.T) {
	s := quickSession(t)
	if err := s.sessionHandle.Cancel(); err != nil { // as a watcher whose run has just ended
		t.Fatal(err)
	}
	if err := s.Execute(background); err != nil {
		t.Errorf("got %v", err)
	}
}

// Contexts that end at about the same time as the run: either outcome is right, but never another.
func TestRacingContexts(t *testing.T) {
	s := quickSession(t)
	before := runtime.NumGoroutine()
	for i := 0; i < 2000; i++ {
		ctx, cancel := context.WithCancel(background)
		go cancel()
		if err := s.Execute(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
		if err := s.Execute(background); err != nil {
			t.Fatalf("the run after it: %v", err)
		}
	}
	settled(t, before)
}

// settled fails the test if goroutines are left over.
func settled(t *testing.T, before int) {
	t.Helper()
	for i := 0; runtime.NumGoroutine() > before; i++ {
		if i == 100 {
			t.Fatalf("%d goroutines, before it were %d", runtime.NumGoroutine(), before)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestCloseDuringRun(t *testing.T) {
	s := sessionOf(t, slowModel(128, 200))
	if err := s.SetInput(0, make([]float32, 128*128)); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- s.Execute(background) }()
	time.Sleep(5 * time.Millisecond)
	s.Close()
	if err := <-ended; err != nil && !errors.Is(err, StatusInvalidArgument) {
		t.Errorf("got %v", err)
	}
	refused(t, s.Execute(background), StatusInvalidArgument, "")
}
