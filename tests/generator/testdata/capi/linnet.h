/* A header with every tag and every kind of parameter, for the tests of the generator. */
#ifndef LINNET_H
#define LINNET_H

#include <stddef.h>
#include <stdint.h>

#define LINNET_VERSION_MAJOR 2
#define LINNET_VERSION_MINOR 3
#define LINNET_VERSION_PATCH 4

#if defined(__GNUC__)
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

/* How many of something. */
#define LINNET_MOST 8

/* ---- Types ---- */

/* A store of things. */
typedef struct linnet_store linnet_store;

/* Walks through a store: a < b && "quotes" \ @ backslashes. */
typedef struct linnet_store_walker linnet_store_walker;

/* What became of a call. */
typedef enum linnet_status {
    LINNET_OK = 0,
    LINNET_INVALID_ARGUMENT = 1, /* an argument is wrong */
    LINNET_UNSUPPORTED = 5,
    LINNET_ODD_ONE = -7 /* linnet_store_open() may return it */
} linnet_status;

/* Element types. */
typedef enum linnet_dtype {
    LINNET_FLOAT32 = 1,
    LINNET_INT64 = 7,
    LINNET_BOOL = 9, /* one byte, 0 or 1 */
    LINNET_FLOAT16 = 10
} linnet_dtype;

/* Ways to open. */
typedef enum linnet_access {
    LINNET_ACCESS_READ = 1,   /* look */
    LINNET_ACCESS_WRITE = 2,
    LINNET_ACCESS_SHARE = 0x4 /* with others */
} linnet_access LINNET_FLAGS;

/* ---- Functions of no handle ---- */

/* The message of the last failure. */
LINNET_API LINNET_SINCE(2.0)
const char *linnet_last_error(void) LINNET_BORROWED(static);

/* The version: major * 1000000 + minor * 1000 + patch. */
LINNET_API LINNET_SINCE(2.0)
int32_t linnet_version(void);

/* A name, or NULL if the status has none. */
LINNET_API LINNET_SINCE(2.1)
const char *linnet_status_hint(linnet_status status) LINNET_BORROWED(static) LINNET_NULLABLE;

/* Says nothing. See linnet_store_sum() and LINNET_ACCESS_READ, at most LINNET_MOST times. */
LINNET_API LINNET_SINCE(2.0)
void linnet_pause(int32_t times, double seconds);

/* ---- Store ---- */

/* Opens a store. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_open(const char *path, linnet_access access,
                                const linnet_store *parent LINNET_NULLABLE,
                                linnet_store **store LINNET_OUT LINNET_OWNED) LINNET_BLOCKING;

/* Opens a store over memory that stays with it. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_over(const void *data LINNET_LEN(size) LINNET_RETAINED(store),
                                size_t size, linnet_store **store LINNET_OUT LINNET_OWNED);

/* Frees a store; NULL is allowed. */
LINNET_API LINNET_SINCE(2.0)
void linnet_store_free(linnet_store *store LINNET_NULLABLE);

/* Attaches numbers, which must outlive the store. */
LINNET_API LINNET_SINCE(2.2)
linnet_status linnet_store_attach(linnet_store *store,
                                  const float *numbers LINNET_LEN(count) LINNET_RETAINED(store),
                                  int32_t count);

/* Sums numbers, weighted where there are weights. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_sum(const linnet_store *store, const double *numbers LINNET_LEN(count),
                               size_t count, const float *weights LINNET_LEN(size) LINNET_NULLABLE,
                               size_t size, double *sum LINNET_OUT) LINNET_BLOCKING;

/* Doubles numbers where they are. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_double_all(linnet_store *store,
                                      int32_t *numbers LINNET_INOUT LINNET_LEN(count),
                                      int32_t count);

/* Moves a position. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_move(linnet_store *store, int64_t *position LINNET_INOUT);

/* Sets the shape. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_set_shape(linnet_store *store, const int64_t *shape LINNET_SHAPE(rank),
                                     size_t rank);

/* Writes elements.
 *
 * A second paragraph. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_put(linnet_store *store,
                               const void *data LINNET_DTYPE(dtype) LINNET_LEN(count),
                               size_t count, linnet_dtype dtype);

/* Reads elements. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_get(const linnet_store *store,
                               void *data LINNET_OUT LINNET_DTYPE(dtype) LINNET_LEN(count),
                               size_t count, linnet_dtype dtype) LINNET_BLOCKING;

/* The best ones. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_best(const linnet_store *store,
                                int32_t *indices LINNET_OUT LINNET_LEN(top) LINNET_COUNT(found),
                                float *scores LINNET_OUT LINNET_LEN(top) LINNET_COUNT(found),
                                size_t top, size_t *found LINNET_OUT);

/* Copies bytes: as many go out as come in. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_copy(const linnet_store *store,
                                const uint8_t *from_bytes LINNET_LEN(size),
                                uint8_t *to_bytes LINNET_OUT LINNET_LEN(size), size_t size);

/* Tells a note, if there is one, of a key, if there is one. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_note(const linnet_store *store, const char *key LINNET_NULLABLE,
                                const char **note LINNET_OUT LINNET_NULLABLE
                                    LINNET_BORROWED(store));

/* Tells much at once. */
LINNET_API LINNET_SINCE(2.0)
linnet_status linnet_store_describe(const linnet_store *store, size_t limit,
                                    const char **name LINNET_OUT LINNET_BORROWED(store),
                                    linnet_dtype *dtype LINNET_OUT, uint8_t *level LINNET_OUT,
                                    int64_t *bytes LINNET_OUT, float *share LINNET_OUT);

/* How it was opened. */
LINNET_API LINNET_SINCE(2.0) LINNET_DEPRECATED(2.3)
linnet_status linnet_store_access(const linnet_store *store, linnet_access *access LINNET_OUT);

/* ---- Walker ---- */

/* Starts a walk. */
LINNET_API LINNET_SINCE(2.3)
linnet_status linnet_store_walk(const linnet_store *store,
                                linnet_store_walker **walker LINNET_OUT LINNET_OWNED);

/* Frees a walker; NULL is allowed. */
LINNET_API LINNET_SINCE(2.3)
void linnet_store_walker_free(linnet_store_walker *walker LINNET_NULLABLE);

/* The element type of the next element. */
LINNET_API LINNET_SINCE(2.3)
linnet_status linnet_store_walker_next(linnet_store_walker *walker,
                                       linnet_dtype *dtype LINNET_OUT);

/* ---- Hooks ---- */

/* Receives a message. */
typedef void (*linnet_log_fn)(void *user, int32_t level, const char *message);

/* Sets the receiver. */
LINNET_API LINNET_SINCE(2.0)
void linnet_set_log(linnet_log_fn log LINNET_NULLABLE, void *user LINNET_NULLABLE) LINNET_NO_WRAP;

#ifdef __cplusplus
}
#endif

#endif /* LINNET_H */
