// SPDX-License-Identifier: MIT

package linnet

// A ModelOption says how a model is opened.
type ModelOption func(*optionsHandle) error

// A SessionOption says how a session works.
type SessionOption func(*optionsHandle) error

// WithMetadata puts an entry in place of the file's own of that key. The keys "linnet.*" state
// labels and preprocessing; capi/METADATA.md has their grammar, which OpenModel checks.
func WithMetadata(key, value string) ModelOption {
	return func(options *optionsHandle) error { return options.SetMetadata(key, value) }
}

// WithLimit sets a limit for a file that is not trusted.
func WithLimit(limit Limit, value int) ModelOption {
	return func(options *optionsHandle) error { return options.SetLimit(limit, value) }
}

// WithThreads sets how many threads work on a run: 1, the default, to 64. The answer does not
// depend on it. The threads belong to the session and sleep between runs.
func WithThreads(threads int) SessionOption {
	return func(options *optionsHandle) error {
		if err := fits(threads, "threads"); err != nil {
			return err
		}
		return options.SetThreads(int32(threads))
	}
}

// WithISA sets the instruction set; the default, IsaAuto, is the best of this machine. NewSession
// returns StatusUnsupported for one that this machine or this build lacks.
func WithISA(isa Isa) SessionOption {
	return func(options *optionsHandle) error { return options.SetIsa(isa) }
}

// newOptions returns the C options of a list; the caller closes them.
func newOptions[Option ~func(*optionsHandle) error](list []Option) (*optionsHandle, error) {
	options, err := optionsCreate()
	if err != nil {
		return nil, err
	}
	for _, set := range list {
		if err := set(options); err != nil {
			options.Close()
			return nil, err
		}
	}
	return options, nil
}
