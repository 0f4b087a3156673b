// SPDX-License-Identifier: MIT

// The runs of wrapper_bench.py in Go. Prints nanoseconds a run.
// usage: call MODEL RUNS
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	linnet "example.org/linnet/bindings/go"
)

const elements = 16

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	model, err := linnet.OpenModel(os.Args[1])
	check(err)
	runs, err := strconv.Atoi(os.Args[2])
	check(err)
	session, err := linnet.NewSession(model)
	check(err)
	in, out := make([]float32, elements), make([]float32, elements)
	in[0] = 1
	best := time.Duration(0)
	for round := 0; round < 400; round++ {
		start := time.Now()
		for i := 0; i < runs; i++ {
			check(session.SetInput(0, in))
			check(session.Execute(context.Background()))
			check(session.Output(0, out))
		}
		if taken := time.Since(start); round == 0 || taken < best {
			best = taken
		}
	}
	fmt.Println(best.Nanoseconds() / int64(runs))
}
