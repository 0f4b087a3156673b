// SPDX-License-Identifier: MIT

package linnet

import (
	"encoding/binary"
	"strconv"
)

// Just enough of a writer of ONNX files for small models.

type port struct {
	name  string
	dtype Dtype
	shape []int64 // -1 is written as a name, "n"
}

type node struct {
	op      string
	inputs  []string
	outputs []string
}

func number(field int, value uint64) []byte {
	key := binary.AppendUvarint(nil, uint64(field)<<3)
	return binary.AppendUvarint(key, value)
}

func block(field int, parts ...[]byte) []byte {
	var content []byte
	for _, part := range parts {
		content = append(content, part...)
	}
	out := binary.AppendUvarint(nil, uint64(field)<<3|2)
	out = binary.AppendUvarint(out, uint64(len(content)))
	return append(out, content...)
}

func text(field int, value string) []byte {
	return block(field, []byte(value))
}

func (p port) write(field int) []byte {
	var dims []byte
	for _, length := range p.shape {
		if length < 0 {
			dims = append(dims, block(1, text(2, "n"))...)
		} else {
			dims = append(dims, block(1, number(1, uint64(length)))...)
		}
	}
	tensor := block(1, number(1, uint64(p.dtype)), block(2, dims))
	return block(field, text(1, p.name), block(2, tensor))
}

func (n node) write() []byte {
	var parts []byte
	for _, input := range n.inputs {
		parts = append(parts, text(1, input)...)
	}
	for _, output := range n.outputs {
		parts = append(parts, text(2, output)...)
	}
	return block(1, parts, text(4, n.op))
}

func onnxModel(inputs, outputs []port, nodes ...node) []byte {
	var graph []byte
	for _, n := range nodes {
		graph = append(graph, n.write()...)
	}
	graph = append(graph, text(2, "test")...)
	for _, p := range inputs {
		graph = append(graph, p.write(11)...)
	}
	for _, p := range outputs {
		graph = append(graph, p.write(12)...)
	}
	opset := block(8, text(1, ""), number(2, 17))
	return append(append(number(1, 8), opset...), block(7, graph)...)
}

// sumModel adds the inputs "a" and "b" to "sum", by way of a negation named "inner".
func sumModel(dtype Dtype, shape ...int64) []byte {
	return onnxModel(
		[]port{{"a", dtype, shape}, {"b", dtype, shape}}, []port{{"sum", dtype, shape}},
		node{"Neg", []string{"b"}, []string{"inner"}},
		node{"Sub", []string{"a", "inner"}, []string{"sum"}},
	)
}

// slowModel multiplies a matrix by itself many times.
func slowModel(side int64, times int) []byte {
	nodes, before := []node{}, "x"
	for i := 0; i < times; i++ {
		after := "x" + strconv.Itoa(i)
		nodes = append(nodes, node{"MatMul", []string{before, "x"}, []string{after}})
		before = after
	}
	shape := []int64{side, side}
	return onnxModel([]port{{"x", DtypeFloat32, shape}}, []port{{before, DtypeFloat32, shape}},
		nodes...)
}
