// SPDX-License-Identifier: MIT

package linnet

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
)

var background = context.Background()

func sessionOf(t testing.TB, file []byte, options ...SessionOption) *Session {
	t.Helper()
	return sessionFor(t, modelOf(t, file), options...)
}

func sessionFor(t testing.TB, model *Model, options ...SessionOption) *Session {
	t.Helper()
	s, err := NewSession(model, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// refused fails the test unless err is of a code and says a text.
func refused(t *testing.T, err error, code Status, says string) {
	t.Helper()
	if !errors.Is(err, code) || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v, want %v that says %q", err, code, says)
	}
}

func TestRun(t *testing.T) {
	s := sessionOf(t, sumModel(DtypeFloat32, 2, 2))
	a := NewTensor([]float32{1, 2, 3, 4}, 2, 2)
	b := NewTensor([]float32{10, 20, 30, 40}, 2, 2)
	outputs, err := s.Run(background, a, b)
	if err != nil {
		t.Fatal(err)
	}
	want := []Tensor{{"sum", []int64{2, 2}, []float32{11, 22, 33, 44}}}
	if !reflect.DeepEqual(outputs, want) {
		t.Errorf("got %v, want %v", outputs, want)
	}
	if got := outputs[0].Float32s(); got[3] != 44 {
		t.Errorf("got %v", got)
	}
}

func TestRunByName(t *testing.T) {
	s := sessionOf(t, onnxModel(
		[]port{{"a", DtypeFloat32, []int64{1}}, {"b", DtypeFloat32, []int64{1}}},
		[]port{{"difference", DtypeFloat32, []int64{1}}},
		node{"Sub", []string{"a", "b"}, []string{"difference"}}))
	outputs, err := s.Run(background, Tensor{Name: "b", Data: []float32{1}},
		Tensor{Name: "a", Data: []float32{5}})
	if err != nil || outputs[0].Float32s()[0] != 4 {
		t.Error(outputs, err)
	}
	_, err = s.Run(background, Tensor{Name: "c", Data: []float32{1}})
	refused(t, err, StatusInvalidArgument, `input "c" is none of the model's, which are "a" "b"`)
	_, err = s.Run(background, Tensor{}, Tensor{}, Tensor{})
	refused(t, err, StatusInvalidArgument, "input number 2")
}

func TestElementTypes(t *testing.T) {
	for _, c := range []struct {
		dtype     Dtype
		in, twice any
	}{
		{DtypeFloat32, []float32{1.5}, []float32{3}},
		{DtypeFloat64, []float64{1.5}, []float64{3}},
		{DtypeFloat64, []float32{1.5}, []float64{3}},
		{DtypeFloat16, []uint16{0x3E00}, []float32{3}},
		{DtypeFloat16, []float32{1.5}, []float32{3}},
		{DtypeInt32, []int32{-4}, []int32{-8}},
		{DtypeInt64, []int64{1 << 40}, []int64{1 << 41}},
	} {
		m, err := OpenModelBytes(sumModel(c.dtype, 1))
		if errors.Is(err, StatusUnsupported) {
			t.Logf("%v is not supported: %v", c.dtype, err)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		s, err := NewSession(m)
		if err != nil {
			t.Fatal(err)
		}
		outputs, err := s.Run(background, Tensor{Data: c.in}, Tensor{Data: c.in})
		if err != nil || !reflect.DeepEqual(outputs[0].Data, c.twice) {
			t.Errorf("%v: twice %v is %v, %v", c.dtype, c.in, outputs, err)
		}
		s.Close()
		m.Close()
	}
}

func TestBooleans(t *testing.T) {
	s := sessionOf(t, onnxModel([]port{{"x", DtypeBool, []int64{2}}},
		[]port{{"y", DtypeBool, []int64{2}}}, node{"Not", []string{"x"}, []string{"y"}}))
	for _, in := range []any{[]bool{true, false}, []uint8{1, 0}} {
		outputs, err := s.Run(background, Tensor{Data: in})
		if err != nil || !reflect.DeepEqual(outputs[0].Data, []bool{false, true}) {
			t.Error(outputs, err)
		}
	}
}

func TestNamedSliceTypes(t *testing.T) {
	type samples []float32
	s := sessionOf(t, sumModel(DtypeFloat32, 1))
	outputs, err := s.Run(background, Tensor{Data: samples{1}}, Tensor{Data: samples{2}})
	if err != nil || outputs[0].Float32s()[0] != 3 {
		t.Error(outputs, err)
	}
}

func TestWrongInputs(t *testing.T) {
	s := sessionOf(t, sumModel(DtypeFloat32, 2))
	_, err := s.Run(background)
	refused(t, err, StatusWrongState, "has not been set")
	refused(t, s.SetInput(0, []float32{1}), StatusInvalidArgument, "2 elements; got 1")
	refused(t, s.SetInput(0, []int32{1, 2}), StatusInvalidArgument, "float32")
	refused(t, s.SetInput(0, "text"), StatusInvalidArgument, "but is string")
	refused(t, s.SetInput(0, nil), StatusInvalidArgument, "but is nil")
	refused(t, s.SetInput(2, []float32{1, 2}), StatusInvalidArgument, "input 2")
	refused(t, s.SetInput(-1, []float32{1, 2}), StatusInvalidArgument, "input -1")
	refused(t, s.SetShape(0, 3), StatusInvalidArgument, "")
	refused(t, s.SetShape(0, make([]int64, 9)...), StatusInvalidArgument, "9 axes")
	refused(t, s.Output(0, make([]float32, 2)), StatusWrongState, "")
	_, err = s.Top(0, 0)
	refused(t, err, StatusInvalidArgument, "top is 0")
	_, err = s.Watch("nonesuch")
	refused(t, err, StatusNotFound, "nonesuch")
	_, err = NewSession(nil)
	refused(t, err, StatusInvalidArgument, "model is nil")
}

func TestFreeAxes(t *testing.T) {
	s := sessionOf(t, onnxModel([]port{{"x", DtypeFloat32, []int64{-1, 2}}},
		[]port{{"y", DtypeFloat32, []int64{-1, 2}}}, node{"Neg", []string{"x"}, []string{"y"}}))
	if got, err := s.Shape(PortInput, 0); err != nil || !reflect.DeepEqual(got, []int64{1, 2}) {
		t.Error(got, err)
	}
	outputs, err := s.Run(background, NewTensor([]float32{1, 2, 3, 4, 5, 6}, 3, 2))
	if err != nil || !reflect.DeepEqual(outputs[0].Shape, []int64{3, 2}) {
		t.Fatal(outputs, err)
	}
	if err := s.SetShape(0, 2, 2); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Shape(PortOutput, 0); err != nil || !reflect.DeepEqual(got, []int64{2, 2}) {
		t.Error(got, err)
	}
}

func TestCallersSlices(t *testing.T) {
	s := sessionOf(t, sumModel(DtypeFloat32, 2))
	out := make([]float32, 2)
	for _, err := range []error{
		s.SetInput(0, []float32{1, 2}), s.SetInput(1, []float32{3, 4}),
		s.Execute(background), s.Output(0, out),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if out[0] != 4 || out[1] != 6 {
		t.Error(out)
	}
	refused(t, s.Output(0, make([]float32, 1)), StatusInvalidArgument, "2 elements")
	refused(t, s.Output(0, make([]int64, 2)), StatusInvalidArgument, "float32")
	refused(t, s.Output(1, out), StatusInvalidArgument, "")
}

func TestWatch(t *testing.T) {
	s := sessionOf(t, sumModel(DtypeFloat32, 1))
	index, err := s.Watch("inner")
	if err != nil || index != 1 {
		t.Fatal(index, err)
	}
	outputs, err := s.Run(background, Tensor{Data: []float32{1}}, Tensor{Data: []float32{2}})
	if err != nil || len(outputs) != 2 {
		t.Fatal(outputs, err)
	}
	if inner := outputs[1]; inner.Name != "inner" || inner.Float32s()[0] != -2 {
		t.Error(inner)
	}
}

func TestStepsAndProfile(t *testing.T) {
	s := sessionOf(t, slowModel(8, 3))
	if err := s.SetInput(0, make([]float32, 64)); err != nil {
		t.Fatal(err)
	}
	for want := 1; ; want++ {
		done, steps, err := s.Step(background)
		if err != nil || done != want {
			t.Fatal(done, steps, err)
		}
		if done == steps {
			break
		}
	}
	profile, err := s.Profile()
	if err != nil || len(profile) < 3 || profile[0].Kernel == "" || profile[0].Tensor == "" {
		t.Error(profile, err)
	}
	if value, err := s.Tune(); err != nil || value != "" {
		t.Error(value, err, "the model has no convolution")
	}
	if bytes, err := s.ArenaBytes(); err != nil || bytes < 64*4 {
		t.Error(bytes, err)
	}
}

func TestSessionOptions(t *testing.T) {
	m := defaultModel(t)
	for _, threads := range []int{-1, 0, 65, 1 << 40} {
		_, err := NewSession(m, WithThreads(threads))
		refused(t, err, StatusInvalidArgument, "thread")
	}
	_, err := NewSession(m, WithISA(99))
	refused(t, err, StatusInvalidArgument, "99")
	s, err := NewSession(m, WithThreads(2), WithISA(IsaPlain))
	if err != nil {
		t.Fatal(err)
	}
	if s.Model() != m || s.Close() != nil || s.Close() != nil {
		t.Error("session")
	}
	refused(t, s.Execute(background), StatusInvalidArgument, "")
}

func TestSecondGoroutineIsRefused(t *testing.T) {
	s := sessionOf(t, sumModel(DtypeFloat32, 1))
	s.turn.Lock() // as a run of another goroutine does
	_, err := s.Run(background)
	refused(t, err, StatusWrongState, "another goroutine")
	refused(t, s.SetInput(0, []float32{1}), StatusWrongState, "another goroutine")
	s.turn.Unlock()
	if err := s.SetInput(0, []float32{1}); err != nil {
		t.Error(err)
	}
}

func TestModelIsSharedByGoroutines(t *testing.T) {
	m := modelOf(t, sumModel(DtypeFloat32, 1))
	var all sync.WaitGroup
	for i := 0; i < 16; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			s, err := NewSession(m, WithThreads(1+i%3))
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			for k := 0; k < 20; k++ {
				a, b := float32(i), float32(k)
				outputs, err := s.Run(background, Tensor{Data: []float32{a}},
					Tensor{Data: []float32{b}})
				if err != nil || outputs[0].Float32s()[0] != a+b {
					t.Error(outputs, err)
				}
				if m.Labels() != nil || len(m.Inputs()) != 2 {
					t.Error("the model changed")
				}
			}
		}(i)
	}
	all.Wait()
}
