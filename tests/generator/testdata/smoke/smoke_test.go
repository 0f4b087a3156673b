package linnet

import (
	"errors"
	"strings"
	"testing"
)

// Calls each function of the fixture through the generated Go code.

func open(t *testing.T) *storeHandle {
	store, err := storeOpen("x", AccessRead|AccessWrite, nil)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func refused(t *testing.T, text string, err error) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("expected %q, found %v", text, err)
	}
}

func TestNumbers(t *testing.T) {
	store := open(t)
	over, err := storeOver([]byte("abcd"))
	if err != nil || over.Close() != nil || store.Attach(make([]float32, 3)) != nil {
		t.Error("retained memory", err)
	}
	if sum, err := store.Sum(make([]float64, 3), nil); sum != 6 || err != nil {
		t.Error(sum, err)
	}
	numbers := []int32{10, 20}
	if store.DoubleAll(numbers) != nil || numbers[1] != 22 {
		t.Error(numbers)
	}
	if position, err := store.Move(40); position != 42 || err != nil {
		t.Error(position, err)
	}
	if store.SetShape([]int64{1, 2}) != nil || store.SetShape(nil) != nil {
		t.Error("shape")
	}
	if store.Put([]uint16{1}, DtypeFloat16) != nil || store.Put([]bool{true}, DtypeBool) != nil {
		t.Error("put")
	}
	out := []float32{1, 1}
	if store.Get(out, DtypeFloat32) != nil {
		t.Error(out)
	}
	indices := make([]int32, 5)
	if found, err := store.Best(indices, make([]float32, 5)); found != 2 || err != nil {
		t.Error(found, err)
	}
	copied := make([]byte, 3)
	if store.Copy(make([]byte, 3), copied) != nil || copied[2] != 3 {
		t.Error(copied)
	}
}

func TestTexts(t *testing.T) {
	store := open(t)
	if note, err := store.Note(nil); err != nil || !strings.HasSuffix(*note, "ü 🐦") {
		t.Error(err)
	}
	name, dtype, level, bytes, share, err := store.Describe(7)
	if err != nil || name == "" || dtype != DtypeFloat32 || level != 5 || bytes != 6 || share != 7 {
		t.Error(name, dtype, level, bytes, share, err)
	}
	walker, err := store.walk()
	if err != nil {
		t.Fatal(err)
	}
	if dtype, err := walker.Next(); dtype != DtypeFloat32 || err != nil {
		t.Error(dtype, err)
	}
	if access, err := store.Access(); err != nil || access.String() == "" {
		t.Error(access, err)
	}
	Pause(1, 0.5)
	if Version() != 2003004 || *StatusHint(StatusOK) != "linnet_status_hint" {
		t.Error("free functions")
	}
	if (AccessRead|AccessShare).String() != "READ|SHARE" || Status(77).String() != "Status(77)" {
		t.Error("names")
	}
}

func TestRefusals(t *testing.T) {
	store := open(t)
	refused(t, "must be []float32, but is []int32", store.Put([]int32{1}, DtypeFloat32))
	refused(t, "must be []float32, but is <nil>", store.Put(nil, DtypeFloat32))
	_, err := store.Best(make([]int32, 2), nil)
	refused(t, "differ in length", err)
	_, _, _, _, _, err = store.Describe(-1)
	refused(t, "is negative", err)
	_, err = storeOpen("a\x00b", 0, nil)
	refused(t, "zero character", err)
	store.Close()
	store.Close()
	_, err = store.Move(1)
	refused(t, "store is closed", err)
	if !errors.Is(err, StatusInvalidArgument) || errors.Is(err, StatusUnsupported) {
		t.Error(err)
	}
	_, err = storeOpen("x", 0, store)
	refused(t, "parent is closed", err)
	var none *storeHandle
	_, err = none.Move(1)
	refused(t, "NULL", err)
}
