// SPDX-License-Identifier: MIT

package linnet

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"
	"unsafe"
)

// What the generated part needs and the header cannot tell. Written by hand.

// Error is what a failed call returns. errors.Is(err, StatusNotFound) asks for its code.
type Error struct {
	Code    Status
	Message string
}

func (e *Error) Error() string {
	return e.Message
}

// Unwrap gives the code, which is an error itself.
func (e *Error) Unwrap() error {
	return e.Code
}

// Error makes a Status the target of errors.Is.
func (s Status) Error() string {
	return s.String()
}

func invalid(name, what string) error {
	return &Error{StatusInvalidArgument, name + " " + what}
}

// handle is a C object that may be closed at any moment: it is freed when it is closed and no call
// uses it any more.
type handle struct {
	mutex   sync.Mutex
	pointer unsafe.Pointer
	free    func(unsafe.Pointer)
	kept    []func()
	users   int
	closed  bool
}

// acquire returns the pointer, until release; nil if closed meanwhile, which C refuses.
func (h *handle) acquire() unsafe.Pointer {
	if h == nil {
		return nil
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.users++
	if h.closed {
		return nil
	}
	return h.pointer
}

func (h *handle) release() {
	if h == nil {
		return
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.users--
	h.freeIfUnused()
}

// usable refuses a closed handle with an error that says so; C would only see a NULL.
func (h *handle) usable(name string) error {
	if h == nil {
		return nil
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.closed {
		return invalid(name, "is closed")
	}
	return nil
}

// keep runs drop once the C object is freed.
func (h *handle) keep(drop func()) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.kept = append(h.kept, drop)
}

func (h *handle) close() {
	if h == nil {
		return
	}
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.closed = true
	h.freeIfUnused()
}

func (h *handle) freeIfUnused() {
	if !h.closed || h.users > 0 || h.pointer == nil {
		return
	}
	h.free(h.pointer)
	h.pointer = nil
	for _, drop := range h.kept {
		drop()
	}
	h.kept = nil
}

// nothing is what empty slices point to: they have no first element, but are not NULL.
var nothing uint64

func first[T any](slice []T) unsafe.Pointer {
	if len(slice) == 0 {
		return unsafe.Pointer(&nothing)
	}
	return unsafe.Pointer(&slice[0])
}

func firstOrNil[T any](slice []T) unsafe.Pointer {
	if slice == nil {
		return nil
	}
	return first(slice)
}

// elements opens a slice whose element type is told by an enum.
func elements(data any, wanted reflect.Kind, name string) (unsafe.Pointer, int, error) {
	value := reflect.ValueOf(data)
	if value.Kind() != reflect.Slice || !same(value.Type().Elem().Kind(), wanted) {
		return nil, 0, invalid(name, fmt.Sprintf("must be []%s, but is %T", wanted, data))
	}
	if value.Len() == 0 {
		return unsafe.Pointer(&nothing), 0, nil
	}
	return value.UnsafePointer(), value.Len(), nil
}

// same: bytes may stand for booleans.
func same(found, wanted reflect.Kind) bool {
	return found == wanted || (wanted == reflect.Bool && found == reflect.Uint8)
}

func plainText(text, name string) error {
	if strings.IndexByte(text, 0) >= 0 {
		return invalid(name, "holds a zero character")
	}
	return nil
}

func fits(length int, name string) error {
	if length < 0 || length > math.MaxInt32 {
		return invalid(name, "is out of range")
	}
	return nil
}

func sameLength(a, b int, names string) error {
	if a != b {
		return invalid(names, "differ in length")
	}
	return nil
}

func versionError(found, major, minor int) error {
	foundMajor, foundMinor := found/1000000, found/1000%1000
	if foundMajor == major && foundMinor >= minor {
		return nil
	}
	return &Error{StatusUnsupported, fmt.Sprintf("this package needs the Linnet library %d.%d or "+
		"a newer %d.x, but the library found is %d.%d", major, minor, major, foundMajor, foundMinor)}
}
