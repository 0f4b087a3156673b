// SPDX-License-Identifier: MIT

package linnet

import (
	"context"
	"image"
	"strconv"
)

// SetPicture puts a picture into an item of the batch of the input that takes pictures, with the
// model's own preprocessing. See [Classifier] for what becomes of which kind of picture.
func (s *Session) SetPicture(item int, picture image.Image) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.turn.Unlock()
	return s.setPicture(item, picture)
}

func (s *Session) setPicture(item int, picture image.Image) error {
	if err := fits(item, "item"); err != nil {
		return err
	}
	p, err := pixelsOf(picture)
	if err != nil {
		return err
	}
	return s.SetPixels(int32(item), p.data, p.format, p.width, p.height, p.stride)
}

// Top returns the most probable classes of an item of the batch of the last run, best first; of
// equals, the one with the lower index.
func (s *Session) Top(item, top int) ([]Prediction, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.turn.Unlock()
	return s.topOf(item, top)
}

func (s *Session) topOf(item, top int) ([]Prediction, error) {
	if err := fits(item, "item"); err != nil {
		return nil, err
	}
	if top < 1 {
		return nil, invalid("top", "is "+strconv.Itoa(top)+", expected 1 or more")
	}
	shape, err := s.shape(PortOutput, 0)
	if err != nil {
		return nil, err
	}
	if most := elementCount(shape); top > most {
		top = most
	}
	indices, probabilities := make([]int32, top), make([]float32, top)
	found, err := s.sessionHandle.Top(int32(item), indices, probabilities)
	if err != nil {
		return nil, err
	}
	return s.predictions(indices[:found], probabilities), nil
}

func (s *Session) predictions(indices []int32, probabilities []float32) []Prediction {
	predictions := make([]Prediction, len(indices))
	for i, index := range indices {
		label := "class " + strconv.Itoa(int(index))
		if int(index) < len(s.model.labels) {
			label = s.model.labels[index]
		}
		predictions[i] = Prediction{label, probabilities[i], int(index)}
	}
	return predictions
}

// Classify is SetPicture for item 0, Execute and Top in one call.
func (s *Session) Classify(
	ctx context.Context, picture image.Image, top int,
) ([]Prediction, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.turn.Unlock()
	if err := s.setPicture(0, picture); err != nil {
		return nil, err
	}
	if err := s.execute(ctx); err != nil {
		return nil, err
	}
	return s.topOf(0, top)
}
