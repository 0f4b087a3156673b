// SPDX-License-Identifier: MIT

package linnet

import "reflect"

// Tensor is an array with a shape.
type Tensor struct {
	// Name tells inputs apart. If it is empty, the position does.
	Name string
	// Shape has the length of each axis. For an input, nil is the shape that the session has.
	Shape []int64
	// Data is a slice of the elements in order: []float32, []float64, []int8, []int32, []int64,
	// []uint8 (for BOOL too), []bool, or []uint16 for the bits of FLOAT16 and BFLOAT16.
	// []float32 does for every floating type: outputs in FLOAT16 and BFLOAT16 come as such.
	Data any
}

// Element is an element type of tensors.
type Element interface {
	~float32 | ~float64 | ~int8 | ~int32 | ~int64 | ~uint8 | ~bool | ~uint16
}

// NewTensor returns a tensor that holds data itself, no copy.
func NewTensor[T Element](data []T, shape ...int64) Tensor {
	return Tensor{Shape: shape, Data: data}
}

// Float32s returns the data of a tensor of []float32, no copy; nil for another type.
func (t Tensor) Float32s() []float32 {
	data, _ := t.Data.([]float32)
	return data
}

// dtypeOf returns the element type as which data is offered to a port.
func dtypeOf(data any, port Dtype) (Dtype, error) {
	if kind := reflect.TypeOf(data); kind != nil && kind.Kind() == reflect.Slice {
		element := kind.Elem().Kind()
		if same(element, port.kind()) {
			return port, nil
		}
		for _, dtype := range []Dtype{DtypeFloat32, DtypeFloat64, DtypeInt8, DtypeInt32,
			DtypeInt64, DtypeUint8, DtypeBool, DtypeFloat16} {
			if dtype.kind() == element {
				return dtype, nil
			}
		}
	}
	return 0, invalid("data", "must be a slice of an element type, but is "+typeName(data))
}

func typeName(data any) string {
	if data == nil {
		return "nil"
	}
	return reflect.TypeOf(data).String()
}

// newData returns memory for an output, and the element type in which it is asked for.
func newData(dtype Dtype, count int) (any, Dtype) {
	switch dtype {
	case DtypeUint8:
		return make([]uint8, count), dtype
	case DtypeInt8:
		return make([]int8, count), dtype
	case DtypeInt32:
		return make([]int32, count), dtype
	case DtypeInt64:
		return make([]int64, count), dtype
	case DtypeBool:
		return make([]bool, count), dtype
	case DtypeFloat64:
		return make([]float64, count), dtype
	}
	return make([]float32, count), DtypeFloat32
}

// elementCount is the number of elements of a shape that the library has accepted.
func elementCount(shape []int64) int {
	count := 1
	for _, length := range shape {
		count *= int(length)
	}
	return count
}

func sameShape(a, b []int64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
