// SPDX-License-Identifier: MIT

// Classify says what is on pictures: the five most probable classes of each.
//
//	usage: classify [--model MODEL] [--threads N] PICTURE...
//
// The same program exists in C, C++, Java and Python; for lossless pictures all print the same
// bytes.
package main

import (
	"context"
	"flag"
	"fmt"
	_ "image/jpeg"
	_ "image/png"
	"os"

	"example.org/linnet/bindings/go"
)

func main() {
	path := flag.String("model", "", "a model `file` (default: the embedded model)")
	threads := flag.Int("threads", 1, "how many threads work on a picture")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: classify [--model MODEL] [--threads N] PICTURE...")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	classifier, err := newClassifier(*path, *threads)
	if err != nil {
		complain(err)
		os.Exit(1)
	}
	defer classifier.Close()
	if !classifyAll(classifier, flag.Args()) {
		os.Exit(1)
	}
}

func newClassifier(path string, threads int) (*linnet.Classifier, error) {
	model, err := openModel(path)
	if err != nil {
		return nil, err
	}
	defer model.Close() // the classifier keeps what it needs
	return linnet.NewClassifier(model, linnet.WithThreads(threads))
}

func openModel(path string) (*linnet.Model, error) {
	if path == "" {
		return linnet.DefaultModel()
	}
	return linnet.OpenModel(path)
}

// classifyAll returns whether all pictures could be classified.
func classifyAll(classifier *linnet.Classifier, pictures []string) bool {
	good := true
	for _, picture := range pictures {
		predictions, err := classifier.ClassifyFile(context.Background(), picture, 5)
		if err != nil {
			complain(err)
			good = false
			continue
		}
		fmt.Println(picture)
		for _, p := range predictions {
			fmt.Printf("  %.4f  %s\n", p.Probability, p.Label)
		}
	}
	return good
}

func complain(err error) {
	fmt.Fprintln(os.Stderr, "classify:", err)
}
