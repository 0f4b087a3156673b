/* Linnet: prediction with trained neural networks. The public C interface, version 1.0.
 *
 * SPDX-License-Identifier: MIT
 *
 * The shortest use: open a model, create a session, classify a picture.
 *
 *     linnet_model *model = NULL;
 *     linnet_session *session = NULL;
 *     int32_t index[5];
 *     float probability[5];
 *     size_t found = 0;
 *
 *     if (linnet_model_open("squeezenet.onnx", NULL, &model) != LINNET_OK ||
 *         linnet_session_create(model, NULL, &session) != LINNET_OK ||
 *         linnet_session_classify(session, pixels, size, LINNET_RGB, width, height, width * 3,
 *                                 index, probability, 5, &found) != LINNET_OK)
 *         fprintf(stderr, "%s\n", linnet_last_error());
 *     linnet_session_free(session);
 *     linnet_model_free(model);
 *
 * What holds everywhere:
 *  - Errors. A function that can fail returns a linnet_status. On failure its out parameters are
 *    untouched, nothing is half done, and linnet_last_error() tells the calling thread what was
 *    wrong and what to do. A NULL handle is an error (LINNET_INVALID_ARGUMENT), not a crash.
 *  - Ownership. What a `_create` or `_open` function returns is freed by the `_free` function of its
 *    type, which accepts NULL. A session keeps its model alive: free them in any order.
 *    Strings that are returned belong to the handle they came from and live as long as it does,
 *    where nothing else is said.
 *  - Threads. A model is immutable and may be used by any number of threads at once. Options and
 *    sessions belong to one thread at a time; a second thread inside a session gets
 *    LINNET_WRONG_STATE. Only linnet_session_cancel() may be called at any moment.
 *  - Bits. The same model and input give the same bits for every number of threads, from every
 *    language and on every run on one machine.
 *  - Nothing hidden. No network, no environment variable read, nothing printed, and no file written
 *    but by linnet_model_save().
 *  - Text is UTF-8 and ends in a zero byte.
 *  - 64-bit numbers travel through pointers only, so that every language sees the same.
 *
 * The LINNET_* words behind declarators are for the generator of the language wrappers
 * (bindings/generator) and expand to nothing. They are also documentation:
 *   SINCE(v)       the first release that has it
 *   OUT            written by the callee
 *   LEN(n)         an array whose number of elements is parameter n
 *   COUNT(n)       how many elements were really written is returned in parameter n
 *   DTYPE(t)       memory whose element type is parameter t
 *   SHAPE(n)       the lengths of n axes
 *   INOUT          read and written by the callee
 *   OWNED          the caller frees it
 *   BORROWED(x)    lives as long as x ("static": for ever)
 *   RETAINED(x)    the memory must outlive x, a parameter or what is made with it
 *   NULLABLE       NULL is allowed
 *   BLOCKING       may take long
 *   FLAGS          an enum whose values are combined
 *   DEPRECATED(v)  still there, but replaced since release v
 *   NO_WRAP        for C and C++ only
 */
#ifndef LINNET_H
#define LINNET_H

#include <stddef.h>
#include <stdint.h>

#define LINNET_VERSION_MAJOR 1
#define LINNET_VERSION_MINOR 0
#define LINNET_VERSION_PATCH 0

#if defined(_WIN32) && defined(LINNET_SHARED_BUILD)
#define LINNET_API __declspec(dllexport)
#elif defined(_WIN32) && defined(LINNET_SHARED)
#define LINNET_API __declspec(dllimport)
#elif defined(__GNUC__)
#define LINNET_API __attribute__((visibility("default")))
#else
#define LINNET_API
#endif

#define LINNET_SINCE(version)
#define LINNET_DEPRECATED(version)
#define LINNET_OUT
#define LINNET_INOUT
#define LINNET_LEN(count)
#define LINNET_COUNT(count)
#define LINNET_DTYPE(dtype)
#define LINNET_SHAPE(rank)
#define LINNET_OWNED
#define LINNET_BORROWED(from)
#define LINNET_RETAINED(by)
#define LINNET_NULLABLE
#define LINNET_BLOCKING
#define LINNET_FLAGS
#define LINNET_NO_WRAP

#ifdef __cplusplus
extern "C" {
#endif

/* The largest rank (number of axes) of a tensor. */
#define LINNET_MAX_RANK 8

/* ---- Types ---------------------------------------------------------------------------------- */

/* A loaded model: graph, weights, labels, preprocessing, digest. Immutable. */
typedef struct linnet_model linnet_model;

/* A model made ready for input shapes, with the memory to run it. */
typedef struct linnet_session linnet_session;

/* Settings for opening models and creating sessions. Read when used, not kept. */
typedef struct linnet_options linnet_options;

/* What became of a call. */
typedef enum linnet_status {
    LINNET_OK = 0,
    LINNET_INVALID_ARGUMENT = 1, /* an argument is wrong: NULL, out of range, mis-shaped */
    LINNET_OUT_OF_MEMORY = 2,    /* an allocation failed; everything is as it was before */
    LINNET_IO = 3,               /* a file cannot be opened or read */
    LINNET_MALFORMED = 4,        /* the file is not a valid model */
    LINNET_UNSUPPORTED = 5,      /* a valid model, but Linnet cannot run it faithfully */
    LINNET_LIMIT = 6,            /* the model exceeds a limit of the options */
    LINNET_NOT_FOUND = 7,        /* no such name, key or label */
    LINNET_WRONG_STATE = 8,      /* not now: the session is in use, or has not run yet */
    LINNET_CANCELLED = 9,        /* linnet_session_cancel() ended the run */
    LINNET_INTERNAL = 10         /* a fault in Linnet itself; please report it */
} linnet_status;

/* Element types; the numbers are those of ONNX. */
typedef enum linnet_dtype {
    LINNET_FLOAT32 = 1,
    LINNET_UINT8 = 2,
    LINNET_INT8 = 3,
    LINNET_INT32 = 6,
    LINNET_INT64 = 7,
    LINNET_BOOL = 9, /* one byte, 0 or 1 */
    LINNET_FLOAT16 = 10,
    LINNET_FLOAT64 = 11,
    LINNET_BFLOAT16 = 16
} linnet_dtype;

/* Which side of a model. */
typedef enum linnet_port {
    LINNET_INPUT = 0,
    LINNET_OUTPUT = 1
} linnet_port;

/* What the axes of a tensor mean. */
typedef enum linnet_layout {
    LINNET_LAYOUT_NONE = 0, /* no picture: the axes have no fixed meaning */
    LINNET_NCHW = 1,        /* batch, channel, height, width */
    LINNET_NHWC = 2         /* batch, height, width, channel */
} linnet_layout;

/* How the 8-bit samples of a pixel lie in memory. Alpha is ignored. */
typedef enum linnet_pixel_format {
    LINNET_RGB = 0,
    LINNET_BGR = 1,
    LINNET_RGBA = 2,
    LINNET_BGRA = 3,
    LINNET_GRAY = 4
} linnet_pixel_format;

/* Which body of the kernels runs. */
typedef enum linnet_isa {
    LINNET_ISA_AUTO = 0,  /* the best that this machine has */
    LINNET_ISA_PLAIN = 1, /* portable C++ */
    LINNET_ISA_AVX2 = 2,  /* AVX2 and FMA */
    LINNET_ISA_AVX512 = 3,
    LINNET_ISA_NEON = 4,
    LINNET_ISA_WASM = 5 /* the 128-bit vectors of WebAssembly */
} linnet_isa;

/* Limits for files that are not trusted. */
typedef enum linnet_limit {
    LINNET_LIMIT_FILE_BYTES = 0,     /* of the model and its external data; default 2^31 - 1 */
    LINNET_LIMIT_NODES = 1,          /* of the graph, with its functions inlined; default 100000 */
    LINNET_LIMIT_TENSOR_ELEMENTS = 2 /* of any one tensor; default 2^30 */
} linnet_limit;

/* How linnet_model_save() stores weights. */
typedef enum linnet_storage {
    LINNET_STORAGE_PREPARED = 0, /* float32, and once more as the kernels read them: ready at once */
    LINNET_STORAGE_PLAIN = 1,    /* float32: as large as the model it came from */
    LINNET_STORAGE_HALF = 2      /* float16 for those with two or more axes: half as large */
} linnet_storage;

/* ---- Errors and versions -------------------------------------------------------------------- */

/* The message of the last call that failed in this thread; "" if none did. Valid until the next
 * failure in this thread. Lists, as of unsupported operators, are whole up to 4000 bytes. */
LINNET_API LINNET_SINCE(1.0)
const char *linnet_last_error(void) LINNET_BORROWED(static);

/* The name of a status in plain words, such as "out of memory"; "unknown status" for others. */
LINNET_API LINNET_SINCE(1.0)
const char *linnet_status_name(linnet_status status) LINNET_BORROWED(static);

/* The version of the library that runs: major * 1000000 + minor * 1000 + patch.
 * A program built for 1.x runs with every library 1.y where y >= x. */
LINNET_API LINNET_SINCE(1.0)
int32_t linnet_version(void);

/* How the library was built and what it uses here, as "key=value" words separated by blanks:
 * version, isa (the best of this machine), blas (none, or the library), compiler. */
LINNET_API LINNET_SINCE(1.0)
const char *linnet_build_info(void) LINNET_BORROWED(static);

/* ---- Options -------------------------------------------------------------------------------- */

/* Creates options that hold the defaults. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_options_create(linnet_options **options LINNET_OUT LINNET_OWNED);

/* Frees options; NULL is allowed. Models and sessions made with them are not affected. */
LINNET_API LINNET_SINCE(1.0)
void linnet_options_free(linnet_options *options LINNET_NULLABLE);

/* Sets how many threads a session uses, the caller's included: 1 (the default) to 64.
 * The answer does not depend on it. The threads belong to the session and sleep between runs. On
 * Linux a run that wakes them changes their affinity (sched_setaffinity) for as long as that takes,
 * so that they wake up on other processors than the caller's. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_options_set_threads(linnet_options *options, int32_t threads);

/* Sets which instruction set a session uses; default LINNET_ISA_AUTO. One that this machine or
 * this build lacks is refused here with LINNET_UNSUPPORTED. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_options_set_isa(linnet_options *options, linnet_isa isa);

/* Adds an entry to the metadata of models that are opened with these options, in place of the
 * file's own entry of that key. The keys "linnet.*" state preprocessing and labels; their grammar
 * is checked when the model is opened. See capi/METADATA.md. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_options_set_metadata(linnet_options *options, const char *key,
                                          const char *value);

/* Sets a limit for models that are opened with these options. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_options_set_limit(linnet_options *options, linnet_limit limit, size_t value);

/* Lets a session that is created with these options keep its tensors in the caller's memory, which
 * must outlive the session and serve no other one meanwhile; NULL, 0 for memory of Linnet's own.
 * Any alignment will do; linnet_session_arena_bytes() of a like session tells the size, and up to
 * 63 bytes more are needed where the memory is not aligned to 64. A session that needs more fails
 * with LINNET_LIMIT and says how much it needs. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_options_set_arena(linnet_options *options,
                                       void *arena LINNET_LEN(bytes) LINNET_RETAINED(session)
                                           LINNET_NULLABLE,
                                       size_t bytes) LINNET_NO_WRAP;

/* ---- Model ---------------------------------------------------------------------------------- */

/* Opens a model file: ONNX, or what linnet_model_save() wrote. External data files must lie in the
 * model's folder or below it.
 * A model that cannot be run faithfully does not open: the error lists all that is missing.
 * Large weights of an ONNX file are read when a session first needs them: it stays open until the
 * model is freed, and where it has been changed meanwhile, what needs it fails with LINNET_IO.
 * A saved model is used in place, mapped into memory, and shared by all processes that do so: its
 * file must not be changed while a model of it exists. To replace it, move another file there, as
 * linnet_model_save() does. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_open(const char *path, const linnet_options *options LINNET_NULLABLE,
                                linnet_model **model LINNET_OUT LINNET_OWNED) LINNET_BLOCKING;

/* Opens a model from memory, of which it keeps no reference. A saved model is copied. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_open_memory(const void *data LINNET_LEN(size), size_t size,
                                       const linnet_options *options LINNET_NULLABLE,
                                       linnet_model **model LINNET_OUT LINNET_OWNED)
    LINNET_BLOCKING;

/* As linnet_model_open_memory, but weights stay where they are: the memory must not change and
 * must outlive the model and all its sessions. A saved model is used in place where the memory is
 * aligned to 64 bytes, and copied where it is not. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_open_borrowed(
    const void *data LINNET_LEN(size) LINNET_RETAINED(model), size_t size,
    const linnet_options *options LINNET_NULLABLE, linnet_model **model LINNET_OUT LINNET_OWNED)
    LINNET_BLOCKING LINNET_NO_WRAP;

/* Frees a model; NULL is allowed. Sessions that use it keep what they need. */
LINNET_API LINNET_SINCE(1.0)
void linnet_model_free(linnet_model *model LINNET_NULLABLE);

/* How many inputs or outputs the model has. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_count(const linnet_model *model, linnet_port port,
                                 int32_t *count LINNET_OUT);

/* The name of an input or output. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_name(const linnet_model *model, linnet_port port, int32_t index,
                                const char **name LINNET_OUT LINNET_BORROWED(model));

/* The shape of an input or output as the model states it: free axes are -1. Give room for
 * LINNET_MAX_RANK axes. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_shape(const linnet_model *model, linnet_port port, int32_t index,
                                 int64_t *shape LINNET_OUT LINNET_LEN(capacity) LINNET_COUNT(rank),
                                 size_t capacity, size_t *rank LINNET_OUT);

/* The element type of an input or output. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_dtype(const linnet_model *model, linnet_port port, int32_t index,
                                 linnet_dtype *dtype LINNET_OUT);

/* What the axes of an input or output mean: LINNET_NCHW or LINNET_NHWC for the input that takes
 * pictures (from the metadata "linnet.layout", else from the operators that read it),
 * LINNET_LAYOUT_NONE for all others. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_layout(const linnet_model *model, linnet_port port, int32_t index,
                                  linnet_layout *layout LINNET_OUT);

/* The value of a metadata key; LINNET_NOT_FOUND if the model has no such key. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_metadata(const linnet_model *model, const char *key,
                                    const char **value LINNET_OUT LINNET_BORROWED(model));

/* How many labels the model carries; 0 if none. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_label_count(const linnet_model *model, int32_t *count LINNET_OUT);

/* The label of a class. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_label(const linnet_model *model, int32_t index,
                                 const char **label LINNET_OUT LINNET_BORROWED(model));

/* The SHA-256 of the model file, as 64 hexadecimal digits. External data are not part of it. A
 * saved model has that of the file that it was made from. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_digest(const linnet_model *model,
                                  const char **digest LINNET_OUT LINNET_BORROWED(model));

/* What the model costs: the number of its weights, and the multiply-adds of one run of its
 * convolutions and matrix products, with free axes taken as 1. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_cost(const linnet_model *model, int64_t *parameters LINNET_OUT,
                                int64_t *macs LINNET_OUT);

/* How many nodes of the file's graph use operator number `index`, and its name. The operators are
 * numbered from 0 in alphabetical order; LINNET_NOT_FOUND ends the list. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_operator(const linnet_model *model, int32_t index,
                                    const char **name LINNET_OUT LINNET_BORROWED(model),
                                    int32_t *nodes LINNET_OUT);

/* Writes the model as one file, which linnet_model_open() reads: graph, weights, labels and all
 * other metadata, those of the options it was opened with included. The file format is described
 * in capi/FORMAT.md. It runs with the same bits as the model does, except LINNET_STORAGE_HALF,
 * which rounds weights to 11 binary digits.
 * LINNET_STORAGE_PREPARED also stores what a session with the shapes that linnet_session_create()
 * starts from needs, so that it is ready within about a millisecond; other shapes, and releases
 * that pack weights in another way, make what they need anew.
 * Where it fails, the path is as it was. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_save(const linnet_model *model, const char *path,
                                linnet_storage storage) LINNET_BLOCKING;

/* Reads all of a saved model and compares its checksums: LINNET_MALFORMED tells where the file is
 * damaged. Opening checks those of the graph alone. LINNET_NOT_FOUND if the model comes from a
 * format without checksums. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_model_verify(const linnet_model *model) LINNET_BLOCKING;

/* ---- Session -------------------------------------------------------------------------------- */

/* Makes a model ready to run. Free axes of the inputs start as 1, those of a picture as the metadata
 * "linnet.size" says; where the model cannot run so, the session waits for
 * linnet_session_set_shape(). All memory of a run is taken here: a run allocates nothing. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_create(linnet_model *model,
                                    const linnet_options *options LINNET_NULLABLE,
                                    linnet_session **session LINNET_OUT LINNET_OWNED)
    LINNET_BLOCKING;

/* Frees a session; NULL is allowed. It must not be running. */
LINNET_API LINNET_SINCE(1.0)
void linnet_session_free(linnet_session *session LINNET_NULLABLE);

/* Changes the shape of an input; the session is made ready anew, and the contents of all inputs
 * and outputs are lost. On failure it is as before. The axes that the model fixes must agree.
 * Of a model with several inputs the shapes may not go together until all are set; meanwhile the
 * session waits, and what needs it ready gives LINNET_WRONG_STATE with the reason. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_set_shape(linnet_session *session, int32_t index,
                                       const int64_t *shape LINNET_SHAPE(rank), size_t rank)
    LINNET_BLOCKING;

/* The shape of an input or output as it is now, without free axes. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_shape(const linnet_session *session, linnet_port port, int32_t index,
                                   int64_t *shape LINNET_OUT LINNET_LEN(capacity)
                                       LINNET_COUNT(rank),
                                   size_t capacity, size_t *rank LINNET_OUT);

/* Sets an input: `count` elements in the order of its shape, in the model's own element type, or
 * float32 for any floating-point input. It is copied, and stays until it is set again. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_set_input(linnet_session *session, int32_t index,
                                       const void *data LINNET_DTYPE(dtype) LINNET_LEN(count),
                                       size_t count, linnet_dtype dtype) LINNET_BLOCKING;

/* Sets item `item` of the batch of the picture input from pixels, with the model's own
 * preprocessing. Rows are `stride` bytes apart, stride >= width * bytes per pixel; `size` is the
 * number of bytes at `pixels`.
 *
 * The picture is resized so that its edges fall on the edges of the result: the centre of pixel x
 * of the result lies at (x + 0.5) * from / to - 0.5 of the source. "bilinear" widens its triangle
 * by from / to when it shrinks (antialiased, as Pillow's BILINEAR), "plain" does not, "nearest"
 * takes the pixel that holds the centre. The result is rounded to 8 bits as Pillow does, cropped
 * at the centre, and each channel becomes (sample * scale - mean) / std.
 * Fails where the model does not say how it wants its pictures: see capi/METADATA.md. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_set_pixels(linnet_session *session, int32_t item,
                                        const uint8_t *pixels LINNET_LEN(size), size_t size,
                                        linnet_pixel_format format, int32_t width, int32_t height,
                                        int32_t stride) LINNET_BLOCKING;

/* Runs the model on its inputs. LINNET_WRONG_STATE if an input has never been set. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_run(linnet_session *session) LINNET_BLOCKING;

/* Runs the next step of the program; after the last one, outputs can be read and `done` is the
 * number of steps. The first call after a finished run starts a new one. For progress bars. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_step(linnet_session *session, int32_t *done LINNET_OUT)
    LINNET_BLOCKING;

/* Ends the run (or linnet_session_tune()) that is under way, or the next one, with LINNET_CANCELLED
 * at its next step. May be called from any thread at any time while the session exists. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_cancel(linnet_session *session);

/* Copies an output of the last run: `count` must be its number of elements, `dtype` its own element
 * type, or float32 for any floating-point output. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_output(const linnet_session *session, int32_t index,
                                    void *data LINNET_OUT LINNET_DTYPE(dtype) LINNET_LEN(count),
                                    size_t count, linnet_dtype dtype) LINNET_BLOCKING;

/* Makes a tensor inside the model readable: by the name that the file gives it, after which it is
 * one more output with the number `index`. The session is made ready anew, with more memory. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_watch(linnet_session *session, const char *tensor,
                                   int32_t *index LINNET_OUT) LINNET_BLOCKING;

/* The element type of an output of the session, watched tensors included. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_dtype(const linnet_session *session, int32_t index,
                                   linnet_dtype *dtype LINNET_OUT);

/* The most probable classes of item `item` of the batch of the last run, best first (of equals, the
 * lower index). Scores are probabilities: softmax is applied exactly where the model ends in
 * logits. The first output is read, whose elements per item are the classes. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_top(const linnet_session *session, int32_t item,
                                 int32_t *indices LINNET_OUT LINNET_LEN(top) LINNET_COUNT(found),
                                 float *probabilities LINNET_OUT LINNET_LEN(top)
                                     LINNET_COUNT(found),
                                 size_t top, size_t *found LINNET_OUT);

/* linnet_session_set_pixels for item 0, linnet_session_run, linnet_session_top, in one call. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_classify(linnet_session *session,
                                      const uint8_t *pixels LINNET_LEN(size), size_t size,
                                      linnet_pixel_format format, int32_t width, int32_t height,
                                      int32_t stride,
                                      int32_t *indices LINNET_OUT LINNET_LEN(top)
                                          LINNET_COUNT(found),
                                      float *probabilities LINNET_OUT LINNET_LEN(top)
                                          LINNET_COUNT(found),
                                      size_t top, size_t *found LINNET_OUT) LINNET_BLOCKING;

/* The bytes that the session's tensors take, exactly, before and after any run. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_arena_bytes(const linnet_session *session,
                                         int64_t *bytes LINNET_OUT);

/* Measures which way of computing each kind of convolution is the fastest on this machine, with the
 * session's shapes, threads and instruction set, and tells it as a value for the metadata entry
 * "linnet.convolutions" (see capi/METADATA.md): a model that is opened with it takes these ways, and
 * a file that is saved from it keeps them. "" if the model has no such convolution.
 * Without the entry, a model of the cost chooses, alike on every machine. The answers of both differ
 * by rounding. The session itself stays as it is.
 * Takes the time of some 36 runs, and meanwhile memory for four more sessions and their weights.
 * The string lives until the next call of this function or the end of the session. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_tune(linnet_session *session,
                                  const char **convolutions LINNET_OUT LINNET_BORROWED(session))
    LINNET_BLOCKING;

/* How many steps the session's program has. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_step_count(const linnet_session *session, int32_t *count LINNET_OUT);

/* A step of the program: the tensor of the file that it computes, its kernel, and the time that it
 * took in the last run, in milliseconds (0 before the first). The strings live until the session is
 * made ready anew or freed. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_session_step_info(const linnet_session *session, int32_t index,
                                       const char **tensor LINNET_OUT LINNET_BORROWED(session),
                                       const char **kernel LINNET_OUT LINNET_BORROWED(session),
                                       double *milliseconds LINNET_OUT);

/* ---- Hooks, for C and C++ ------------------------------------------------------------------- */

/* Receives messages that are no errors: level 0 tells, level 1 warns. May be called from any thread
 * that is inside a Linnet function. */
typedef void (*linnet_log_fn)(void *user, int32_t level, const char *message);

/* Sets the receiver of messages for the whole process; NULL for none, which is the default. */
LINNET_API LINNET_SINCE(1.0)
void linnet_set_log(linnet_log_fn log LINNET_NULLABLE, void *user LINNET_NULLABLE) LINNET_NO_WRAP;

/* Returns memory of `size` bytes aligned to `alignment`, or NULL. */
typedef void *(*linnet_allocate_fn)(void *user, size_t size, size_t alignment);

/* Takes back memory that the allocate function returned, with the same size. */
typedef void (*linnet_release_fn)(void *user, void *memory, size_t size);

/* Sets where all memory of Linnet comes from, for the whole process; NULL, NULL for the default.
 * LINNET_WRONG_STATE while memory of the other allocator is in use: call it first. */
LINNET_API LINNET_SINCE(1.0)
linnet_status linnet_set_allocator(linnet_allocate_fn allocate LINNET_NULLABLE,
                                   linnet_release_fn release LINNET_NULLABLE,
                                   void *user LINNET_NULLABLE) LINNET_NO_WRAP;

#ifdef __cplusplus
}
#endif

#endif /* LINNET_H */
