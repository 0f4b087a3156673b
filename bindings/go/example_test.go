// SPDX-License-Identifier: MIT

package linnet_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/png"
	"log"
	"sync"

	"example.org/linnet/bindings/go"
)

func Example() {
	model, err := linnet.DefaultModel()
	if err != nil {
		log.Fatal(err)
	}
	defer model.Close()
	classifier, err := linnet.NewClassifier(model)
	if err != nil {
		log.Fatal(err)
	}
	defer classifier.Close()

	path := "../../examples/pictures/ship_1.png"
	predictions, err := classifier.ClassifyFile(context.Background(), path, 5)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(predictions[0].Label)
	// Output: ship
}

// A model is shared; each goroutine has a classifier of its own.
func ExampleNewClassifier() {
	model, err := linnet.DefaultModel()
	if err != nil {
		log.Fatal(err)
	}
	defer model.Close()

	pictures := []image.Image{
		image.NewGray(image.Rect(0, 0, 32, 32)), image.NewNRGBA(image.Rect(0, 0, 64, 48)),
	}
	labels := make([]string, len(pictures))
	var all sync.WaitGroup
	for i := range pictures {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			classifier, err := linnet.NewClassifier(model)
			if err != nil {
				log.Fatal(err)
			}
			defer classifier.Close()
			predictions, err := classifier.Classify(context.Background(), pictures[i], 1)
			if err != nil {
				log.Fatal(err)
			}
			labels[i] = predictions[0].Label
		}(i)
	}
	all.Wait()
	fmt.Println(len(labels), "pictures")
	// Output: 2 pictures
}

func ExampleSession_Run() {
	model, err := linnet.DefaultModel()
	if err != nil {
		log.Fatal(err)
	}
	defer model.Close()
	session, err := linnet.NewSession(model, linnet.WithThreads(2))
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()

	pixels := make([]float32, 4*3*32*32) // four pictures, made ready by the caller
	outputs, err := session.Run(context.Background(), linnet.NewTensor(pixels, 4, 3, 32, 32))
	if err != nil {
		log.Fatal(err)
	}
	scores := outputs[0]
	fmt.Println(scores.Name, scores.Shape, len(scores.Float32s()))
	// Output: scores [4 10] 40
}

// The caller's slices are read and written in place, run after run.
func ExampleSession_Execute() {
	model, err := linnet.DefaultModel()
	if err != nil {
		log.Fatal(err)
	}
	defer model.Close()
	session, err := linnet.NewSession(model)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()

	pixels, scores := make([]float32, 3*32*32), make([]float32, 10)
	for frame := 0; frame < 3; frame++ {
		if err := session.SetInput(0, pixels); err != nil {
			log.Fatal(err)
		}
		if err := session.Execute(context.Background()); err != nil {
			log.Fatal(err)
		}
		if err := session.Output(0, scores); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(len(scores))
	// Output: 10
}

func ExampleOpenModel() {
	model, err := linnet.OpenModel("squeezenet.onnx",
		linnet.WithMetadata("linnet.color", "RGB"),
		linnet.WithMetadata("linnet.resize", "exact"),
		linnet.WithMetadata("linnet.scale", "0.00392156862745098"),
	)
	switch {
	case errors.Is(err, linnet.StatusIO):
		fmt.Println("there is no such file")
	case errors.Is(err, linnet.StatusUnsupported):
		fmt.Println(err) // lists all that is missing
	case err == nil:
		defer model.Close()
		fmt.Println(model.Inputs())
	}
	// Output: there is no such file
}
