/* What the generated Python module needs and the header cannot tell: handles that may be closed at
 * any moment, arrays without copies, errors with their text. Written by hand. */
#ifndef LINNET_NATIVE_SUPPORT_H
#define LINNET_NATIVE_SUPPORT_H

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "linnet.h"

namespace linnet_python {

namespace py = pybind11;

/* An error on its way to Python. */
class Failure : public std::exception {
 public:
  Failure(linnet_status status, std::string message)
      : status_(status), message_(std::move(message)) {}
  linnet_status status() const { return status_; }
  const std::string &message() const { return message_; }
  const char *what() const noexcept override { return message_.c_str(); }

 private:
  linnet_status status_;
  std::string message_;
};

[[noreturn]] inline void refuse(const std::string &message) {
  throw Failure(LINNET_INVALID_ARGUMENT, message);
}

inline py::str decoded(const char *text) {
  const auto size = static_cast<Py_ssize_t>(std::strlen(text));
  PyObject *made = PyUnicode_DecodeUTF8(text, size, "replace");
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::str>(made);
}

inline py::object decoded_or_none(const char *text) {
  if (text == nullptr) return py::none();
  return decoded(text);
}

/* Calls and fetches the message at once: the thread's next failure would replace it. */
template <class Call>
void call(Call body) {
  const linnet_status status = body();
  if (status != LINNET_OK) throw Failure(status, linnet_last_error());
}

template <class Call>
void call_blocking(Call body) {
  py::gil_scoped_release release;
  call(body);
}

/* ---- Handles ---- */

/* Specialised for each handle by the generated part. */
template <class T>
void free_handle(T *handle);

template <class T>
struct Shared {
  explicit Shared(T *made) : pointer(made) {}
  Shared(const Shared &) = delete;
  Shared &operator=(const Shared &) = delete;
  ~Shared() { free_handle(pointer); }
  T *pointer;
  std::vector<py::object> kept; /* RETAINED memory; dropped after the handle is freed */
};

/* Keeps the C object alive for one call, so that close() in another thread waits for its end. */
template <class T>
class Lease {
 public:
  explicit Lease(std::shared_ptr<Shared<T>> shared) : shared_(std::move(shared)) {}
  T *get() const { return shared_ ? shared_->pointer : nullptr; }
  void keep(const py::object &memory) const {
    if (shared_) shared_->kept.push_back(memory);
  }

 private:
  std::shared_ptr<Shared<T>> shared_;
};

template <class T>
class Handle {
 public:
  void reset(T *made) { shared_ = std::make_shared<Shared<T>>(made); }
  /* A closed handle is an error that says so; C would only see a NULL. */
  Lease<T> lend(const char *name) const {
    if (closed()) refuse(std::string(name) + " is closed");
    return Lease<T>(shared_);
  }
  void close() { shared_.reset(); }
  bool closed() const { return shared_ == nullptr; }

 private:
  std::shared_ptr<Shared<T>> shared_;
};

/* None is NULL. */
template <class T>
Lease<T> lend_or_null(const Handle<T> *handle, const char *name) {
  if (handle == nullptr) return Lease<T>(nullptr);
  return handle->lend(name);
}

/* A new Python object of class `cls`, which may be a subclass with any __init__ of its own. */
template <class T>
py::object made(py::handle cls, T *pointer) {
  std::shared_ptr<Shared<T>> owner = std::make_shared<Shared<T>>(pointer);
  const py::object base = py::type::of<Handle<T>>();
  py::object object = base.attr("__new__")(cls);
  base.attr("__init__")(object);
  Handle<T> *handle = object.cast<Handle<T> *>();
  handle->reset(owner->pointer);
  owner->pointer = nullptr;
  return object;
}

template <class T>
py::object made(py::handle cls, T *pointer, const py::object &memory) {
  py::object object = made(cls, pointer);
  object.cast<Handle<T> *>()->lend("handle").keep(memory);
  return object;
}

/* pybind11 has no def_classmethod; a maker must know its class, so that subclasses are made. */
template <class Class, class Body, class... Extra>
void def_maker(Class &cls, const char *name, Body body, const Extra &...extra) {
  const py::cpp_function function(body, py::name(name), py::scope(cls), extra...);
  PyObject *method = PyClassMethod_New(function.ptr());
  if (method == nullptr) throw py::error_already_set();
  cls.attr(name) = py::reinterpret_steal<py::object>(method);
}

template <class T>
py::class_<Handle<T>> handle_class(py::module_ &module, const char *name, const char *doc) {
  py::class_<Handle<T>> cls(module, name, doc);
  cls.def(py::init<>())
      .def("close", &Handle<T>::close, "Frees it; later use raises, closing again is fine.")
      .def_property_readonly("closed", &Handle<T>::closed)
      .def("__enter__", [](py::object self) { return self; })
      .def("__exit__", [](Handle<T> &self, const py::args &) { self.close(); });
  return cls;
}

/* ---- Text ---- */

inline const char *checked(const std::string &text, const char *name) {
  if (text.find('\0') != std::string::npos)
    throw py::value_error(std::string(name) + " holds a zero character");
  return text.c_str();
}

inline const char *checked(const std::optional<std::string> &text, const char *name) {
  return text ? checked(*text, name) : nullptr;
}

/* ---- Arrays ---- */

inline std::string described(const py::array &array) {
  return py::str(array.dtype()).cast<std::string>() + " of shape " +
         py::str(array.attr("shape")).cast<std::string>();
}

[[noreturn]] inline void mismatch(const char *name, const std::string &wanted,
                                  const std::string &found) {
  throw py::type_error(std::string(name) + ": expected a C-contiguous numpy array of " + wanted +
                       ", found " + found);
}

[[noreturn]] inline void not_plain(const py::array &array, const char *name,
                                   const std::string &wanted) {
  mismatch(name, wanted, described(array) +
                             " that is not contiguous; numpy.ascontiguousarray() makes it so");
}

inline bool plain_memory(const py::array &array) {
  const auto address = reinterpret_cast<std::uintptr_t>(array.data());
  return (array.flags() & py::array::c_style) != 0 &&
         address % static_cast<std::uintptr_t>(array.dtype().alignment()) == 0;
}

/* `wanted` makes the words for the error: that takes longer than a small network. */
template <class Wanted>
py::array as_array(py::handle value, const char *name, Wanted wanted) {
  if (!py::isinstance<py::array>(value))
    mismatch(name, wanted(), py::type::of(value).attr("__name__").cast<std::string>());
  return py::reinterpret_borrow<py::array>(value);
}

/* Equal types are most often one object. */
inline bool is_of(const py::array &array, const py::dtype &dtype) {
  const py::dtype found = array.dtype();
  return found.is(dtype) || found.equal(dtype);
}

/* The array itself, proven to be C-contiguous, aligned, native and of `dtype`. */
inline py::array exact(py::handle value, const char *name, const py::dtype &dtype) {
  const auto wanted = [&] { return py::str(dtype).cast<std::string>(); };
  py::array array = as_array(value, name, wanted);
  if (!is_of(array, dtype)) mismatch(name, wanted(), described(array));
  if (!plain_memory(array)) not_plain(array, name, wanted());
  return array;
}

template <class T>
py::array input(py::handle value, const char *name) {
  return exact(value, name, py::dtype::of<T>());
}

/* uint8 arrays, and whatever lends its bytes: bytes, bytearray, memoryview, mmap. */
inline py::array bytes_input(py::handle value, const char *name) {
  const bool lends = PyObject_CheckBuffer(value.ptr()) != 0;
  if (py::isinstance<py::array>(value) || !lends) return input<std::uint8_t>(value, name);
  return py::module_::import("numpy").attr("frombuffer")(value, "uint8").cast<py::array>();
}

inline py::array writable(py::array array, const char *name) {
  if (!array.writeable()) throw py::value_error(std::string(name) + ": the array is read-only");
  return array;
}

template <class T>
py::array inout(py::handle value, const char *name) {
  return writable(input<T>(value, name), name);
}

/* The caller's array, or a new one. */
inline py::array output(py::handle value, const char *name, const py::dtype &dtype,
                        std::size_t size) {
  if (value.is_none()) return py::array(dtype, std::vector<py::ssize_t>{py::ssize_t(size)});
  py::array array = writable(exact(value, name, dtype), name);
  if (static_cast<std::size_t>(array.size()) < size)
    throw py::value_error(std::string(name) + ": room for " + std::to_string(array.size()) +
                          " elements, but " + std::to_string(size) + " are asked for");
  return array;
}

template <class T>
py::array output(py::handle value, const char *name, std::size_t size) {
  return output(value, name, py::dtype::of<T>(), size);
}

/* The elements that were really written, as a view. */
inline py::object first(const py::array &array, std::size_t count) {
  const py::object flat = array.attr("reshape")(-1);
  return flat[py::slice(0, static_cast<py::ssize_t>(count), 1)];
}

inline std::size_t size_of(const py::array &array) {
  return static_cast<std::size_t>(array.size());
}

inline void same_size(const py::array &a, const py::array &b, const char *names) {
  if (a.size() != b.size()) throw py::value_error(std::string(names) + " differ in length");
}

template <class T>
T narrowed(std::size_t size, const char *name) {
  const T result = static_cast<T>(size);
  if (result < 0 || static_cast<std::size_t>(result) != size)
    throw py::value_error(std::string(name) + ": too many elements");
  return result;
}

template <>
inline std::size_t narrowed<std::size_t>(std::size_t size, const char *) {
  return size;
}

/* ---- Element types that the caller chooses ---- */

struct Element {
  int code;
  const char *name;
};

template <std::size_t N>
const char *element_name(const Element (&table)[N], int code) {
  for (const Element &each : table)
    if (each.code == code) return each.name;
  refuse("unknown element type " + std::to_string(code));
}

inline bool is_bfloat16(const char *name) { return std::strcmp(name, "bfloat16") == 0; }

/* numpy has no bfloat16 of its own; its bits travel as uint16. numpy's own types live as long as
 * the process, and so do the references here, which spare numpy from reading the name each time. */
inline py::dtype storage(const char *name) {
  static std::vector<std::pair<std::string, PyObject *>> known;
  for (const auto &each : known)
    if (each.first == name) return py::reinterpret_borrow<py::dtype>(each.second);
  const py::dtype made(is_bfloat16(name) ? "uint16" : name);
  known.emplace_back(name, py::object(made).release().ptr());
  return made;
}

template <std::size_t N>
std::string names_of(const Element (&table)[N]) {
  std::string names;
  for (const Element &each : table) names += (names.empty() ? "" : ", ") + std::string(each.name);
  return names;
}

template <class Enum>
struct Typed {
  py::array array;
  Enum dtype;
};

/* An array of any of the element types; `chosen` says what its own dtype cannot. */
template <class Enum, std::size_t N>
Typed<Enum> typed_input(py::handle value, const char *name, const std::optional<Enum> &chosen,
                        const Element (&table)[N]) {
  if (chosen) {
    const char *wanted = element_name(table, static_cast<int>(*chosen));
    return {exact(value, name, storage(wanted)), *chosen};
  }
  const auto wanted = [&] { return "one of " + names_of(table); };
  py::array array = as_array(value, name, wanted);
  for (const Element &each : table) {
    if (is_bfloat16(each.name) || !is_of(array, storage(each.name))) continue;
    if (!plain_memory(array)) not_plain(array, name, each.name);
    return {array, static_cast<Enum>(each.code)};
  }
  mismatch(name, wanted(), described(array));
}

template <class Enum, std::size_t N>
py::array typed_output(py::handle value, const char *name, Enum dtype, std::size_t size,
                       const Element (&table)[N]) {
  return output(value, name, storage(element_name(table, static_cast<int>(dtype))), size);
}

/* ---- The module ---- */

inline void check_version(int major, int minor) {
  const int found = linnet_version();
  const int found_major = found / 1000000, found_minor = found / 1000 % 1000;
  if (found_major == major && found_minor >= minor) return;
  throw py::import_error("this package needs the Linnet library " + std::to_string(major) + "." +
                         std::to_string(minor) + " or a newer " + std::to_string(major) +
                         ".x, but the library found is " + std::to_string(found_major) + "." +
                         std::to_string(found_minor));
}

inline void warn_deprecated(const char *message) {
  if (PyErr_WarnEx(PyExc_DeprecationWarning, message, 1) != 0) throw py::error_already_set();
}

/* An exception class `name` under LinnetError and, where it has one, Python's own `also`. */
inline PyObject *exception_class(py::module_ &module, const char *name, const char *doc,
                                 PyObject *base, PyObject *also) {
  const std::string full = "linnet." + std::string(name);
  py::tuple bases = py::make_tuple(py::handle(base));
  if (also != nullptr) bases = py::make_tuple(py::handle(base), py::handle(also));
  PyObject *made = PyErr_NewExceptionWithDoc(full.c_str(), doc, bases.ptr(), nullptr);
  if (made == nullptr) throw py::error_already_set();
  module.attr(name) = py::handle(made);
  return made;
}

inline void raise(PyObject *type, const Failure &failure) {
  const py::str message = decoded(failure.message().c_str());
  const py::object error = py::reinterpret_borrow<py::object>(type)(message);
  PyErr_SetObject(type, error.ptr());
}

}  // namespace linnet_python

#endif
