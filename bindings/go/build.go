// SPDX-License-Identifier: MIT

package linnet

// The go tool compiles linnet.cc, the whole library in one file, with the flags below; the linker
// is the C++ compiler's, which adds its own run-time library. All of them are on the go tool's list
// of safe flags, so that nobody needs CGO_CXXFLAGS_ALLOW. -g0 takes back the go tool's own -g,
// which adds half to the compile time, and 15 MB to the cache.

// #cgo CXXFLAGS: -std=c++17 -O2 -g0 -DNDEBUG -fno-exceptions -fno-rtti -fvisibility=hidden
// #cgo !windows CXXFLAGS: -pthread
// #cgo !windows LDFLAGS: -pthread
// #cgo windows LDFLAGS: -static
import "C"
