"""Calls each function of the fixture through the generated Python module."""

import _native as n
import numpy as np


def fails(kind, text, call):
    try:
        call()
    except kind as error:
        assert text in str(error), str(error)
        return error
    raise AssertionError("no failure: " + text)


store = n.Store.open("x", n.Access.READ | n.Access.WRITE)
assert isinstance(n.Store.open("x", 1, store), n.Store)
assert not store.closed and n.version() == 2003004 and n.MOST == 8
assert n.status_hint(n.Status.OK) == "linnet_status_hint"
assert n.pause(1, 0.5) is None

over = n.Store.over(b"abcd")
store.attach(np.zeros(3, np.float32))
assert store.sum(np.zeros(3)) == 6.0
assert store.sum(np.zeros(3), np.zeros(2, np.float32)) == 6.0
numbers = np.array([10, 20], np.int32)
assert store.double_all(numbers) is None and list(numbers) == [11, 22]
assert store.move(40) == 42
store.set_shape(np.array([1, 2], np.int64))
store.put(np.zeros((2, 2), np.float16))
store.put(np.zeros(4, bool))
store.put(np.zeros(4, np.float32), n.Dtype.FLOAT32)
out = np.ones((2, 2), np.float32)
assert store.get(4, n.Dtype.FLOAT32, out) is out and out[0, 0] == 0
assert store.get(3, n.Dtype.BOOL).dtype == bool
indices, scores = store.best(5)
assert list(indices) == [1, 2] and scores.dtype == np.float32
assert list(store.copy(bytes(3))) == [1, 2, 3]
assert store.note().endswith("ü 🐦") and store.note("key")
name, dtype, level, size, share = store.describe(7)
assert dtype == n.Dtype.FLOAT32 and (level, size, share) == (5, 6, 7.0)
walker = store.walk()
assert walker.next() == n.Dtype.FLOAT32

fails(TypeError, "expected a C-contiguous numpy array of float64, found float32 of shape (3,)",
      lambda: store.sum(np.zeros(3, np.float32)))
fails(TypeError, "found >f4", lambda: store.put(np.zeros(3, ">f4")))
fails(TypeError, "not contiguous", lambda: store.put(np.zeros((3, 4), np.float32).T))
fails(TypeError, "found list", lambda: store.put([1.0]))
fails(TypeError, "found uint8", lambda: store.put(np.zeros(3, np.uint8)))
fails(ValueError, "room for 2", lambda: store.get(3, n.Dtype.FLOAT32, np.zeros(2, np.float32)))
fails(ValueError, "zero character", lambda: n.Store.open("a\0b", 1))
readonly = np.zeros(2, np.int32)
readonly.flags.writeable = False
fails(ValueError, "read-only", lambda: store.double_all(readonly))


class Subclass(n.Store):
    """An __init__ of its own must not matter to the makers."""

    def __init__(self, a, b):
        raise AssertionError("not called by makers")


assert type(Subclass.open("x", 1)) is Subclass

with store:
    pass
store.close()
error = fails(n.InvalidArgument, "store is closed", lambda: store.move(1))
assert isinstance(error, ValueError) and isinstance(error, n.LinnetError)
assert error.code == n.Status.INVALID_ARGUMENT and n.OddOne.code == n.Status.ODD_ONE
fails(n.LinnetError, "parent is closed", lambda: n.Store.open("x", 1, store))
fails(n.LinnetError, "store is closed", lambda: n.Store().move(1))
walker.close()
print("python: all functions answered")
