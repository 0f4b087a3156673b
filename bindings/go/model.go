// SPDX-License-Identifier: MIT

package linnet

import (
	"errors"

	"example.org/linnet/examples/model"
)

// Model is a trained network: graph, weights, labels, preprocessing. It is immutable and may be
// used by any number of goroutines at once.
type Model struct {
	*modelHandle
	inputs, outputs  []TensorInfo
	labels           []string
	operators        map[string]int
	parameters, macs int64
}

// TensorInfo describes an input or output of a model.
type TensorInfo struct {
	Name   string
	Shape  []int64 // -1 for an axis that is free; nil if the file does not tell
	Dtype  Dtype
	Layout Layout // of the input that takes pictures; LayoutNone for all others
}

// OpenModel opens a model file: ONNX, or what Save wrote. External data files must lie in its folder or below it. A model
// that cannot be run faithfully does not open: StatusUnsupported lists all that is missing.
func OpenModel(path string, options ...ModelOption) (*Model, error) {
	return openModel(options, func(native *optionsHandle) (*modelHandle, error) {
		return modelOpen(path, native)
	})
}

// OpenModelBytes opens a model from the bytes of its file, of which it keeps nothing.
func OpenModelBytes(file []byte, options ...ModelOption) (*Model, error) {
	return openModel(options, func(native *optionsHandle) (*modelHandle, error) {
		return modelOpenMemory(file, native)
	})
}

// DefaultModel opens the embedded model: airplane, automobile, bird, cat, deer, dog, frog, horse,
// ship, truck. Only programs that call it carry its 1.1 MB.
func DefaultModel() (*Model, error) {
	return OpenModelBytes(model.Default)
}

func openModel(
	list []ModelOption, open func(*optionsHandle) (*modelHandle, error),
) (*Model, error) {
	options, err := newOptions(list)
	if err != nil {
		return nil, err
	}
	defer options.Close()
	native, err := open(options)
	if err != nil {
		return nil, err
	}
	return describe(native)
}

// describe reads what the model tells about itself once, so that asking for it cannot fail.
func describe(native *modelHandle) (*Model, error) {
	m := &Model{modelHandle: native}
	for _, read := range []func() error{
		m.readPorts, m.readLabels, m.readOperators, m.readCost,
	} {
		if err := read(); err != nil {
			native.Close()
			return nil, err
		}
	}
	return m, nil
}

func (m *Model) readPorts() (err error) {
	if m.inputs, err = portsOf(m.modelHandle, PortInput); err != nil {
		return err
	}
	m.outputs, err = portsOf(m.modelHandle, PortOutput)
	return err
}

func portsOf(native *modelHandle, port Port) ([]TensorInfo, error) {
	count, err := native.Count(port)
	if err != nil {
		return nil, err
	}
	infos := make([]TensorInfo, count)
	for i := range infos {
		if infos[i], err = portOf(native, port, int32(i)); err != nil {
			return nil, err
		}
	}
	return infos, nil
}

func portOf(native *modelHandle, port Port, index int32) (info TensorInfo, err error) {
	if info.Name, err = native.Name(port, index); err != nil {
		return info, err
	}
	var shape [MaxRank]int64
	rank, err := native.Shape(port, index, shape[:])
	if err != nil {
		return info, err
	}
	info.Shape = append(info.Shape, shape[:rank]...)
	if info.Dtype, err = native.Dtype(port, index); err != nil {
		return info, err
	}
	info.Layout, err = native.Layout(port, index)
	return info, err
}

func (m *Model) readLabels() error {
	count, err := m.LabelCount()
	if err != nil {
		return err
	}
	m.labels = make([]string, count)
	for i := range m.labels {
		if m.labels[i], err = m.Label(int32(i)); err != nil {
			return err
		}
	}
	return nil
}

func (m *Model) readOperators() error {
	m.operators = map[string]int{}
	for {
		name, nodes, err := m.Operator(int32(len(m.operators)))
		if errors.Is(err, StatusNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		m.operators[name] = int(nodes)
	}
}

func (m *Model) readCost() (err error) {
	m.parameters, m.macs, err = m.modelHandle.Cost()
	return err
}

// Inputs describes the inputs as the file states them. The result is the caller's.
func (m *Model) Inputs() []TensorInfo {
	return copyInfos(m.inputs)
}

// Outputs describes the outputs as the file states them. The result is the caller's.
func (m *Model) Outputs() []TensorInfo {
	return copyInfos(m.outputs)
}

func copyInfos(infos []TensorInfo) []TensorInfo {
	infos = append([]TensorInfo(nil), infos...)
	for i := range infos {
		infos[i].Shape = append([]int64(nil), infos[i].Shape...)
	}
	return infos
}

// Labels returns the labels of the classes; none if the model carries none. The result is the
// caller's.
func (m *Model) Labels() []string {
	return append([]string(nil), m.labels...)
}

// Metadata returns the value of a metadata key, and whether the model has it; a closed model has
// none.
func (m *Model) Metadata(key string) (value string, found bool) {
	value, err := m.modelHandle.Metadata(key)
	return value, err == nil
}

// Cost returns the number of weights, and the multiply-adds of the convolutions and matrix products
// of one run with free axes taken as 1.
func (m *Model) Cost() (parameters, macs int64) {
	return m.parameters, m.macs
}

// Operators returns how many nodes of the file use each operator. The result is the caller's.
func (m *Model) Operators() map[string]int {
	operators := make(map[string]int, len(m.operators))
	for name, nodes := range m.operators {
		operators[name] = nodes
	}
	return operators
}
