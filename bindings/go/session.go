// SPDX-License-Identifier: MIT

package linnet

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Session is a model made ready to run, with the memory for it. It serves one goroutine at a time;
// a second one that comes meanwhile gets StatusWrongState.
type Session struct {
	*sessionHandle
	model   *Model
	turn    sync.Mutex
	asked   atomic.Bool // Cancel has been called, and no run has ended by it yet
	watched []string
}

// StepTime is one step of the last run: the tensor that it computed, its kernel, its time.
type StepTime struct {
	Tensor, Kernel string
	Duration       time.Duration
}

// NewSession makes a model ready to run. All memory of a run is taken here. Free axes of the inputs
// start as 1. The model may be closed before the session.
func NewSession(model *Model, options ...SessionOption) (*Session, error) {
	if model == nil {
		return nil, invalid("model", "is nil")
	}
	settings, err := newOptions(options)
	if err != nil {
		return nil, err
	}
	defer settings.Close()
	native, err := sessionCreate(model.modelHandle, settings)
	if err != nil {
		return nil, err
	}
	return &Session{sessionHandle: native, model: model}, nil
}

// Model returns the model of the session.
func (s *Session) Model() *Model {
	return s.model
}

// enter takes the session for this goroutine, until s.turn.Unlock.
func (s *Session) enter() error {
	if s.turn.TryLock() {
		return nil
	}
	return &Error{StatusWrongState, "another goroutine is using this session; give every " +
		"goroutine a session of its own"}
}

// Run sets the inputs, runs the model and returns its outputs, watched tensors last, in new memory.
//
// Inputs are told apart by Name, or without one by their position; without any, those that were set
// before are used. A shape that differs from the session's is welcome where the model leaves that
// axis free: the session is made ready for it. When ctx is done, the error wraps ctx.Err().
func (s *Session) Run(ctx context.Context, inputs ...Tensor) ([]Tensor, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.turn.Unlock()
	if err := s.setInputs(inputs); err != nil {
		return nil, err
	}
	if err := s.execute(ctx); err != nil {
		return nil, err
	}
	return s.outputs()
}

// Execute runs the model on the inputs that were set with SetInput or SetPicture. With SetInput and
// Output it is Run without new memory.
func (s *Session) Execute(ctx context.Context) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.turn.Unlock()
	return s.execute(ctx)
}

func (s *Session) execute(ctx context.Context) error {
	return s.cancellable(ctx, s.sessionHandle.Run)
}

// Step runs the next step of the model, for progress bars. When done equals steps, the outputs can
// be read; the call after that starts a new run.
func (s *Session) Step(ctx context.Context) (done, steps int, err error) {
	if err := s.enter(); err != nil {
		return 0, 0, err
	}
	defer s.turn.Unlock()
	count, err := s.StepCount()
	if err != nil {
		return 0, 0, err
	}
	var ran int32
	err = s.cancellable(ctx, func() (err error) {
		ran, err = s.sessionHandle.Step()
		return err
	})
	return int(ran), int(count), err
}

func (s *Session) setInputs(inputs []Tensor) error {
	indices := make([]int, len(inputs))
	for i, input := range inputs {
		index, err := s.inputIndex(i, input.Name)
		if err != nil {
			return err
		}
		indices[i] = index
	}
	// Shapes first: a new shape drops the contents of all inputs.
	for i, input := range inputs {
		if err := s.fitShape(indices[i], input.Shape); err != nil {
			return err
		}
	}
	for i, input := range inputs {
		if err := s.setInput(indices[i], input.Data); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) inputIndex(position int, name string) (int, error) {
	if name == "" && position < len(s.model.inputs) {
		return position, nil
	}
	known := ""
	for i, info := range s.model.inputs {
		if info.Name == name {
			return i, nil
		}
		known += " " + strconv.Quote(info.Name)
	}
	wrong := "number " + strconv.Itoa(position)
	if name != "" {
		wrong = strconv.Quote(name)
	}
	return 0, invalid("input "+wrong, "is none of the model's, which are"+known)
}

// fitShape makes the session ready for a shape, unless it is already or the shape is nil.
func (s *Session) fitShape(index int, shape []int64) error {
	if shape == nil {
		return nil
	}
	now, err := s.shape(PortInput, index)
	if err != nil || sameShape(now, shape) {
		return err
	}
	return s.sessionHandle.SetShape(int32(index), shape)
}

// SetInput copies data into an input: as many elements as its shape has, in the types that
// Tensor.Data takes. It stays there until it is set again or a shape changes.
func (s *Session) SetInput(index int, data any) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.turn.Unlock()
	return s.setInput(index, data)
}

func (s *Session) setInput(index int, data any) error {
	if err := within(index, len(s.model.inputs), "input"); err != nil {
		return err
	}
	dtype, err := dtypeOf(data, s.model.inputs[index].Dtype)
	if err != nil {
		return err
	}
	return s.sessionHandle.SetInput(int32(index), data, dtype)
}

// SetShape makes the session ready for another shape of an input. The contents of all inputs and
// outputs are lost. On failure all is as before.
func (s *Session) SetShape(index int, shape ...int64) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.turn.Unlock()
	if err := within(index, len(s.model.inputs), "input"); err != nil {
		return err
	}
	return s.sessionHandle.SetShape(int32(index), shape)
}

// Shape returns the shape of an input or output as it is now, without free axes.
func (s *Session) Shape(port Port, index int) ([]int64, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.turn.Unlock()
	return s.shape(port, index)
}

func (s *Session) shape(port Port, index int) ([]int64, error) {
	if err := fits(index, "index"); err != nil {
		return nil, err
	}
	shape := make([]int64, MaxRank)
	rank, err := s.sessionHandle.Shape(port, int32(index), shape)
	if err != nil {
		return nil, err
	}
	return shape[:rank], nil
}

// Watch makes a tensor inside the model one more output, by its name in the file, and returns the
// output's index. The session is made ready anew: set the inputs again.
func (s *Session) Watch(tensor string) (index int, err error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.turn.Unlock()
	output, err := s.sessionHandle.Watch(tensor)
	if err != nil {
		return 0, err
	}
	s.watched = append(s.watched, tensor)
	return int(output), nil
}

// Output copies an output of the last run into the caller's slice, which has as many elements as
// the output, in its own type or []float32 for any floating type.
func (s *Session) Output(index int, data any) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.turn.Unlock()
	if err := fits(index, "index"); err != nil {
		return err
	}
	own, err := s.Dtype(int32(index))
	if err != nil {
		return err
	}
	dtype, err := dtypeOf(data, own)
	if err != nil {
		return err
	}
	return s.sessionHandle.Output(int32(index), data, dtype)
}

// outputs returns all outputs of the last run.
func (s *Session) outputs() ([]Tensor, error) {
	outputs := make([]Tensor, len(s.model.outputs)+len(s.watched))
	for i := range outputs {
		output, err := s.newOutput(i)
		if err != nil {
			return nil, err
		}
		outputs[i] = output
	}
	return outputs, nil
}

func (s *Session) newOutput(index int) (output Tensor, err error) {
	if named := len(s.model.outputs); index < named {
		output.Name = s.model.outputs[index].Name
	} else {
		output.Name = s.watched[index-named]
	}
	if output.Shape, err = s.shape(PortOutput, index); err != nil {
		return Tensor{}, err
	}
	own, err := s.Dtype(int32(index))
	if err != nil {
		return Tensor{}, err
	}
	data, dtype := newData(own, elementCount(output.Shape))
	output.Data = data
	return output, s.sessionHandle.Output(int32(index), data, dtype)
}

// ArenaBytes returns the bytes that the session's tensors take, exactly, before and after any run.
func (s *Session) ArenaBytes() (int64, error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.turn.Unlock()
	return s.sessionHandle.ArenaBytes()
}

// Tune measures which way of computing each kind of convolution is the fastest on this machine, for
// the session's shapes and threads, and returns it as the value for the metadata entry
// linnet.convolutions of models that are opened, and of files that are saved from them. It takes the
// time of some 36 runs.
func (s *Session) Tune() (string, error) {
	if err := s.enter(); err != nil {
		return "", err
	}
	defer s.turn.Unlock()
	return s.sessionHandle.Tune()
}

// Profile returns the steps of the last run with their times.
func (s *Session) Profile() ([]StepTime, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.turn.Unlock()
	count, err := s.StepCount()
	if err != nil {
		return nil, err
	}
	steps := make([]StepTime, count)
	for i := range steps {
		tensor, kernel, milliseconds, err := s.StepInfo(int32(i))
		if err != nil {
			return nil, err
		}
		steps[i] = StepTime{tensor, kernel, time.Duration(milliseconds * float64(time.Millisecond))}
	}
	return steps, nil
}

// within refuses an index that is none of the model's.
func within(index, count int, name string) error {
	if index >= 0 && index < count {
		return nil
	}
	return invalid(name+" "+strconv.Itoa(index), "is none of the model's "+strconv.Itoa(count))
}
