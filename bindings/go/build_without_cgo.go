// SPDX-License-Identifier: MIT

//go:build !cgo

package linnet

// Of a build without cgo, this is the first complaint: compilers begin with types.
type needsCgo this_package_needs_cgo_set_CGO_ENABLED_to_1_and_install_a_C_and_Cxx_compiler
