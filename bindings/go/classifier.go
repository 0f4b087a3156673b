// SPDX-License-Identifier: MIT

package linnet

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
)

// Classifier says what is on pictures. It serves one goroutine at a time; classifiers of the same
// model share its weights.
//
// A picture is resized, cropped and normalised as the model states it; see capi/METADATA.md. The
// samples are those of the picture file, as other languages' decoders give them: alpha is ignored
// and 16-bit samples lose their lower byte. Two kinds have no such samples any more: of a
// *image.RGBA with transparent pixels, colours are divided by alpha again, which does not restore
// them exactly; and JPEG decoders differ in the last bits. Orientation in EXIF data is not applied.
type Classifier struct {
	session *Session
}

// Prediction is a class with its probability. The label of a model without labels is "class INDEX".
type Prediction struct {
	Label       string
	Probability float32
	Index       int
}

// NewClassifier makes a classifier of a model that states its preprocessing. It does not own the
// model, which may be closed before it.
func NewClassifier(model *Model, options ...SessionOption) (*Classifier, error) {
	session, err := NewSession(model, options...)
	if err != nil {
		return nil, err
	}
	return &Classifier{session}, nil
}

// Model returns the model of the classifier.
func (c *Classifier) Model() *Model {
	return c.session.model
}

// Close frees the memory of the runs; the model stays. The result is always nil.
func (c *Classifier) Close() error {
	return c.session.Close()
}

// Classify returns the most probable classes of a picture, best first, at most top.
func (c *Classifier) Classify(
	ctx context.Context, picture image.Image, top int,
) ([]Prediction, error) {
	results, err := c.ClassifyBatch(ctx, []image.Image{picture}, top)
	if err != nil {
		return nil, err
	}
	return results[0], nil
}

// ClassifyFile is Classify for a picture file, of a format whose package the program imports, such
// as _ "image/png". Its errors begin with the path.
func (c *Classifier) ClassifyFile(
	ctx context.Context, path string, top int,
) ([]Prediction, error) {
	picture, err := readPicture(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	predictions, err := c.Classify(ctx, picture, top)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return predictions, nil
}

// ClassifyBatch is Classify for several pictures, in one run if the model leaves the size of the
// batch free; its memory grows with their number. The answers are those of Classify.
func (c *Classifier) ClassifyBatch(
	ctx context.Context, pictures []image.Image, top int,
) ([][]Prediction, error) {
	if err := c.session.enter(); err != nil {
		return nil, err
	}
	defer c.session.turn.Unlock()
	together := 1
	if c.hasFreeBatch() {
		together = len(pictures)
	}
	results := make([][]Prediction, 0, len(pictures))
	for len(pictures) > 0 {
		some, err := c.classifyTogether(ctx, pictures[:together], top)
		if err != nil {
			return nil, err
		}
		results = append(results, some...)
		pictures = pictures[together:]
	}
	return results, nil
}

func (c *Classifier) classifyTogether(
	ctx context.Context, pictures []image.Image, top int,
) ([][]Prediction, error) {
	if err := c.setBatch(len(pictures)); err != nil {
		return nil, err
	}
	for item, picture := range pictures {
		if err := c.session.setPicture(item, picture); err != nil {
			return nil, err
		}
	}
	if err := c.session.execute(ctx); err != nil {
		return nil, err
	}
	results := make([][]Prediction, len(pictures))
	for item := range pictures {
		predictions, err := c.session.topOf(item, top)
		if err != nil {
			return nil, err
		}
		results[item] = predictions
	}
	return results, nil
}

// pictureInput returns the index of the input that takes pictures; -1 if there is none, which the
// library explains when a picture is set.
func (c *Classifier) pictureInput() int {
	for i, info := range c.Model().inputs {
		if info.Layout != LayoutNone {
			return i
		}
	}
	return -1
}

func (c *Classifier) hasFreeBatch() bool {
	input := c.pictureInput()
	if input < 0 {
		return false
	}
	shape := c.Model().inputs[input].Shape // of any rank, where the metadata name the input
	return len(shape) > 0 && shape[0] < 0
}

func (c *Classifier) setBatch(items int) error {
	if !c.hasFreeBatch() {
		return nil
	}
	input := c.pictureInput()
	shape, err := c.session.shape(PortInput, input)
	if err != nil {
		return err
	}
	shape[0] = int64(items)
	return c.session.fitShape(input, shape)
}

// maxPixels is where Pillow, too, takes a picture for an attack.
const maxPixels = 178956970

func readPicture(path string) (image.Image, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer file.Close()
	header, _, err := image.DecodeConfig(file)
	if err != nil {
		return nil, withoutPath(err)
	}
	if int64(header.Width)*int64(header.Height) > maxPixels {
		return nil, &Error{StatusLimit, fmt.Sprintf("the picture has %d x %d pixels, more than %d",
			header.Width, header.Height, maxPixels)}
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, withoutPath(err)
	}
	picture, _, err := image.Decode(file)
	return picture, withoutPath(err)
}

// withoutPath leaves out what the caller puts in front.
func withoutPath(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}
