// SPDX-License-Identifier: MIT

package linnet

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"example.org/linnet/examples/model"
)

const samples = "../../examples/pictures/"

func classifierOf(t testing.TB, m *Model, options ...SessionOption) *Classifier {
	t.Helper()
	c, err := NewClassifier(m, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestClassifySamplePictures(t *testing.T) {
	c := classifierOf(t, defaultModel(t))
	paths, err := filepath.Glob(samples + "*.png")
	if err != nil || len(paths) != 30 {
		t.Fatal(paths, err)
	}
	wrong := 0
	for _, path := range paths {
		predictions, err := c.ClassifyFile(background, path, 3)
		if err != nil || len(predictions) != 3 {
			t.Fatal(predictions, err)
		}
		if !strings.HasPrefix(filepath.Base(path), predictions[0].Label) {
			wrong++
		}
		if predictions[0].Probability < predictions[1].Probability {
			t.Errorf("not the best first: %v", predictions)
		}
	}
	if wrong > 1 {
		t.Errorf("%d of 30 pictures are not recognised", wrong)
	}
}

func TestBatchGivesTheSameBits(t *testing.T) {
	c := classifierOf(t, defaultModel(t))
	var pictures []image.Image
	var one [][]Prediction
	for _, name := range []string{"cat_1.png", "ship_2.png", "dog_3.png"} {
		picture, err := readPicture(samples + name)
		if err != nil {
			t.Fatal(err)
		}
		predictions, err := c.Classify(background, picture, 10)
		if err != nil {
			t.Fatal(err)
		}
		pictures, one = append(pictures, picture), append(one, predictions)
	}
	together, err := c.ClassifyBatch(background, pictures, 10)
	if err != nil || !reflect.DeepEqual(together, one) {
		t.Errorf("together %v, one by one %v, %v", together, one, err)
	}
	if none, err := c.ClassifyBatch(background, nil, 10); err != nil || len(none) != 0 {
		t.Error(none, err)
	}
}

func TestThreadsAndGoroutinesGiveTheSameBits(t *testing.T) {
	m := defaultModel(t)
	picture, err := readPicture(samples + "horse_1.png")
	if err != nil {
		t.Fatal(err)
	}
	want, err := classifierOf(t, m).Classify(background, picture, 10)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := 0; i < 8; i++ {
		all.Add(1)
		c := classifierOf(t, m, WithThreads(1+i%4))
		go func() {
			defer all.Done()
			for k := 0; k < 5; k++ {
				got, err := c.Classify(background, picture, 10)
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("got %v %v, want %v", got, err, want)
				}
			}
		}()
	}
	all.Wait()
}

func TestTop(t *testing.T) {
	c := classifierOf(t, defaultModel(t))
	picture := image.NewGray(image.Rect(0, 0, 5, 9))
	for top, want := range map[int]int{1: 1, 10: 10, 11: 10, 1 << 40: 10} {
		predictions, err := c.Classify(background, picture, top)
		if err != nil || len(predictions) != want {
			t.Errorf("top %d: %v, %v", top, predictions, err)
		}
	}
	for _, top := range []int{0, -1} {
		_, err := c.Classify(background, picture, top)
		refused(t, err, StatusInvalidArgument, "top")
	}
	predictions, err := c.session.Top(0, 2)
	if err != nil || len(predictions) != 2 {
		t.Error(predictions, err)
	}
	_, err = c.session.Top(1, 2)
	refused(t, err, StatusInvalidArgument, "item 1")
}

func TestSessionClassifies(t *testing.T) {
	m := defaultModel(t)
	s, err := NewSession(m)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	picture := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	want, err := classifierOf(t, m).Classify(background, picture, 5)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Classify(background, picture, 5)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v %v, want %v", got, err, want)
	}
	refused(t, s.SetPicture(1, picture), StatusInvalidArgument, "item 1")
}

func TestLabelsOfAModelWithout(t *testing.T) {
	m := modelOf(t, model.Default, WithMetadata("linnet.labels", "only one"))
	predictions, err := classifierOf(t, m).Classify(background, image.NewGray(image.Rect(0, 0, 9, 9)),
		10)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range predictions {
		if named := p.Label == "only one"; named != (p.Index == 0) {
			t.Error(p)
		}
		if p.Index == 3 && p.Label != "class 3" {
			t.Error(p)
		}
	}
}

func TestClassifierErrors(t *testing.T) {
	c := classifierOf(t, defaultModel(t))
	_, err := c.ClassifyFile(background, "no/such.png", 5)
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), "no/such.png: ") {
		t.Errorf("got %v", err)
	}
	_, err = c.ClassifyFile(background, "classifier_test.go", 5)
	if !errors.Is(err, image.ErrFormat) || !strings.HasPrefix(err.Error(), "classifier_test.go: ") {
		t.Errorf("got %v", err)
	}
	_, err = c.Classify(background, nil, 5)
	refused(t, err, StatusInvalidArgument, "picture is nil")
	ctx, cancel := context.WithCancel(background)
	cancel()
	_, err = c.ClassifyFile(ctx, samples+"cat_1.png", 5)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	unstated := classifierOf(t, modelOf(t, sumModel(DtypeFloat32, 2)))
	_, err = unstated.Classify(background, image.NewGray(image.Rect(0, 0, 1, 1)), 1)
	refused(t, err, StatusInvalidArgument, "linnet.input")
}

// A small file may claim to hold a huge picture.
func TestHugePicturesAreRefused(t *testing.T) {
	header := []byte("IHDR\x00\x00\x80\x00\x00\x00\x20\x00\x08\x02\x00\x00\x00")
	file := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), header...)
	file = binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(header))
	path := filepath.Join(t.TempDir(), "huge.png")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := classifierOf(t, defaultModel(t)).ClassifyFile(background, path, 1)
	refused(t, err, StatusLimit, "32768 x 8192")
}

// Metadata may name any input as the one for pictures, whatever its rank.
func TestPictureInputWithoutAxes(t *testing.T) {
	scalar := []port{{"x", DtypeFloat32, nil}}
	file := onnxModel(scalar, []port{{"y", DtypeFloat32, nil}},
		node{"Neg", []string{"x"}, []string{"y"}})
	m, err := OpenModelBytes(file, WithMetadata("linnet.input", "x"),
		WithMetadata("linnet.layout", "NCHW"), WithMetadata("linnet.color", "RGB"),
		WithMetadata("linnet.resize", "exact"), WithMetadata("linnet.scale", "1"))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	c, err := NewClassifier(m)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	picture := image.NewGray(image.Rect(0, 0, 4, 4))
	if _, err := c.Classify(context.Background(), picture, 1); !errors.Is(err, StatusUnsupported) {
		t.Errorf("a picture for a scalar: %v", err)
	}
}
