// SPDX-License-Identifier: MIT

package linnet

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"example.org/linnet/examples/model"
)

func defaultModel(t testing.TB) *Model {
	t.Helper()
	m, err := DefaultModel()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func modelOf(t testing.TB, file []byte, options ...ModelOption) *Model {
	t.Helper()
	m, err := OpenModelBytes(file, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func TestModelTellsWhatItIs(t *testing.T) {
	m := defaultModel(t)
	wantInputs := []TensorInfo{{"image", []int64{-1, 3, 32, 32}, DtypeFloat32, LayoutNCHW}}
	if got := m.Inputs(); !reflect.DeepEqual(got, wantInputs) {
		t.Errorf("inputs %v, want %v", got, wantInputs)
	}
	wantOutputs := []TensorInfo{{"scores", []int64{-1, 10}, DtypeFloat32, LayoutNone}}
	if got := m.Outputs(); !reflect.DeepEqual(got, wantOutputs) {
		t.Errorf("outputs %v, want %v", got, wantOutputs)
	}
	if got := m.Labels(); len(got) != 10 || got[0] != "airplane" || got[9] != "truck" {
		t.Errorf("labels %v", got)
	}
	if got := m.Operators(); got["Conv"] != 8 {
		t.Errorf("operators %v", got)
	}
	if parameters, macs := m.Cost(); parameters < 500000 || macs < 50e6 {
		t.Errorf("cost %d %d", parameters, macs)
	}
}

func TestModelDigest(t *testing.T) {
	stated, err := os.ReadFile("../../examples/model/default.onnx.sha256")
	if err != nil {
		t.Fatal(err)
	}
	got, err := defaultModel(t).Digest()
	if err != nil || !strings.HasPrefix(string(stated), got) || len(got) != 64 {
		t.Errorf("digest %q %v, file says %s", got, err, stated)
	}
}

// scoresOf returns what a model with the inputs and outputs of the default one says.
func scoresOf(t *testing.T, m *Model) []float32 {
	t.Helper()
	s := sessionFor(t, m)
	image := make([]float32, 3*32*32)
	for i := range image {
		image[i] = float32(i%97)/50 - 1
	}
	if err := s.SetInput(0, image); err != nil {
		t.Fatal(err)
	}
	if err := s.Execute(background); err != nil {
		t.Fatal(err)
	}
	out := make([]float32, 10)
	if err := s.Output(0, out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTunedModel(t *testing.T) {
	original := defaultModel(t)
	convolutions, err := sessionFor(t, original).Tune()
	if err != nil || !strings.Contains(convolutions, ">") {
		t.Fatal(convolutions, err)
	}
	tuned := modelOf(t, model.Default, WithMetadata("linnet.convolutions", convolutions))
	want, got := scoresOf(t, original), scoresOf(t, tuned)
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-5 {
			t.Errorf("class %d: %v, was %v", i, got[i], want[i])
		}
	}
}

func TestSavedModel(t *testing.T) {
	original := defaultModel(t)
	want := scoresOf(t, original)
	digest, _ := original.Digest()
	for _, storage := range []Storage{StoragePrepared, StoragePlain, StorageHalf} {
		path := filepath.Join(t.TempDir(), "m.linnet")
		if err := original.Save(path, storage); err != nil {
			t.Fatal(err)
		}
		saved, err := OpenModel(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := saved.Verify(); err != nil {
			t.Error(err)
		}
		if got, err := saved.Digest(); got != digest || err != nil {
			t.Errorf("%v: digest %s %v", storage, got, err)
		}
		// The weights of this model were rounded to float16 when it was made.
		if got := scoresOf(t, saved); !reflect.DeepEqual(want, got) {
			t.Errorf("%v: scores %v, expected %v", storage, got, want)
		}
		saved.Close()
		if err := saved.Save(path, storage); !errors.Is(err, StatusInvalidArgument) {
			t.Errorf("saving a closed model: %v", err)
		}
	}
	if err := original.Save("no/such/folder/m", StoragePlain); !errors.Is(err, StatusIO) {
		t.Errorf("saving nowhere: %v", err)
	}
	if err := original.Verify(); !errors.Is(err, StatusNotFound) {
		t.Errorf("verifying ONNX: %v", err)
	}
}

func TestModelMetadata(t *testing.T) {
	m := modelOf(t, model.Default, WithMetadata("linnet.labels", "cat\ndog"), WithMetadata("k", "ä"))
	if value, found := m.Metadata("k"); value != "ä" || !found {
		t.Errorf("%q %v", value, found)
	}
	if value, found := m.Metadata("none"); value != "" || found {
		t.Errorf("%q %v", value, found)
	}
	if got := m.Labels(); !reflect.DeepEqual(got, []string{"cat", "dog"}) {
		t.Errorf("labels %v", got)
	}
}

func TestWhatItReturnsIsTheCallers(t *testing.T) {
	m := defaultModel(t)
	m.Inputs()[0].Shape[1] = 7
	m.Labels()[0] = "changed"
	m.Operators()["Conv"] = 7
	if m.Inputs()[0].Shape[1] != 3 || m.Labels()[0] != "airplane" || m.Operators()["Conv"] != 8 {
		t.Error("a result is shared with the model")
	}
}

func TestOpenModelReadsAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "größe.onnx")
	if err := os.WriteFile(path, sumModel(DtypeFloat32, 2), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := OpenModel(path)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if got := m.Inputs(); len(got) != 2 || got[1].Name != "b" {
		t.Errorf("inputs %v", got)
	}
}

func TestModelErrors(t *testing.T) {
	unknown := onnxModel([]port{{"x", DtypeFloat32, []int64{1}}},
		[]port{{"y", DtypeFloat32, []int64{1}}}, node{"Nonesuch", []string{"x"}, []string{"y"}})
	open := func(file []byte, options ...ModelOption) error {
		_, err := OpenModelBytes(file, options...)
		return err
	}
	_, missing := OpenModel("no/such/file.onnx")
	_, zero := OpenModel("a\x00b")
	for _, c := range []struct {
		err  error
		code Status
		says string
	}{
		{missing, StatusIO, "no/such/file.onnx"},
		{zero, StatusInvalidArgument, "zero character"},
		{open(nil), StatusMalformed, ""},
		{open([]byte("no model")), StatusMalformed, ""},
		{open(unknown), StatusUnsupported, "Nonesuch"},
		{open(model.Default, WithLimit(LimitNodes, 2)), StatusLimit, ""},
		{open(model.Default, WithLimit(LimitNodes, -2)), StatusInvalidArgument, "negative"},
		{open(model.Default, WithMetadata("linnet.std", "0")), StatusMalformed, "linnet.std"},
	} {
		var own *Error
		if !errors.Is(c.err, c.code) || !errors.As(c.err, &own) || own.Code != c.code {
			t.Errorf("%v, want %v", c.err, c.code)
			continue
		}
		if !strings.Contains(c.err.Error(), c.says) {
			t.Errorf("%v does not say %q", c.err, c.says)
		}
	}
}

func TestClosedModel(t *testing.T) {
	m, err := OpenModelBytes(model.Default)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSession(m)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	m.Close()
	m.Close()
	if len(m.Labels()) != 10 || len(m.Operators()) == 0 {
		t.Error("a closed model has forgotten what it is")
	}
	if _, found := m.Metadata("linnet.labels"); found {
		t.Error("a closed model has metadata")
	}
	_, err = NewSession(m)
	if !errors.Is(err, StatusInvalidArgument) || err.Error() != "model is closed" {
		t.Errorf("session of a closed model: %v", err)
	}
	if _, err := s.ArenaBytes(); err != nil {
		t.Errorf("session after its model: %v", err)
	}
}

func TestForgottenModelsAreFreed(t *testing.T) {
	freed := make(chan struct{})
	func() {
		m, err := OpenModelBytes(sumModel(DtypeFloat32, 2))
		if err != nil {
			t.Fatal(err)
		}
		m.keep(func() { close(freed) })
	}()
	for i := 0; i < 100; i++ {
		runtime.GC()
		select {
		case <-freed:
			return
		default:
			runtime.Gosched()
		}
	}
	t.Error("a model that nobody knows any more was not freed")
}
