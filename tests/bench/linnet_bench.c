/* Measures a model through the C interface alone: the time of a run, images a second, the time from
 * the file to ready, the arena, memory, and CPU time. `linnet bench` is the same in Python.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linnet.h>

enum { WARM_UP = 5, MOST_RUNS = 1000000, MOST_BATCH = 65536 };

static const char usage[] =
    "usage: linnet-bench [--runs N] [--threads N] [--batch N] [--isa ISA] [--steps] [--json]\n"
    "                    MODEL\n"
    "\n"
    "Measures a model on random numbers.\n"
    "\n"
    "  --runs N     how many runs are measured (default: 50)\n"
    "  --threads N  how many threads to use (default: 1)\n"
    "  --batch N    images a run, if the model leaves it free\n"
    "  --isa ISA    auto, plain, avx2, avx512 or neon\n"
    "  --steps      show the time of every step in the last run\n"
    "  --json       print one object of JSON\n";

typedef struct arguments {
    const char *model;
    long runs, threads, batch; /* batch 0: what the model says */
    const char *isa_name;
    linnet_isa isa;
    int steps, json, help;
} arguments;

typedef struct figures {
    double median_ms, p90_ms, min_ms, load_ms, cpu_seconds_per_item;
    int64_t batch, arena_bytes;
    long long peak_bytes, added_bytes; /* -1 where the system does not tell */
} figures;

/* ---- Words ---------------------------------------------------------------------------------- */

static int parse_number(const char *text, long most, long *number) {
    char *end;
    *number = strtol(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && *number >= 1 && *number <= most;
}

static int parse_isa(const char *text, arguments *result) {
    static const char *const names[] = {"auto", "plain", "avx2", "avx512", "neon"};
    for (int i = 0; i < 5; ++i)
        if (strcmp(text, names[i]) == 0) {
            result->isa = (linnet_isa)i;
            result->isa_name = names[i];
            return 1;
        }
    return 0;
}

static int parse_value(const char *name, const char *value, arguments *result) {
    if (strcmp(name, "--runs") == 0) return parse_number(value, MOST_RUNS, &result->runs);
    if (strcmp(name, "--threads") == 0) return parse_number(value, 64, &result->threads);
    if (strcmp(name, "--batch") == 0) return parse_number(value, MOST_BATCH, &result->batch);
    return strcmp(name, "--isa") == 0 && parse_isa(value, result);
}

static int parse(int argc, char **argv, arguments *result) {
    for (int i = 1; i < argc; ++i) {
        if (argv[i][0] != '-') {
            if (result->model) return 0;
            result->model = argv[i];
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return result->help = 1;
        } else if (strcmp(argv[i], "--steps") == 0) {
            result->steps = 1;
        } else if (strcmp(argv[i], "--json") == 0) {
            result->json = 1;
        } else if (i + 1 == argc || !parse_value(argv[i], argv[i + 1], result)) {
            return 0;
        } else {
            ++i;
        }
    }
    return result->model != NULL;
}

/* ---- What the system tells ------------------------------------------------------------------ */

static double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* The bytes of an entry of /proc/self/status, or -1. */
static long long resident(const char *name) {
    char line[256];
    long long kilobytes = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && kilobytes < 0 && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0)
            kilobytes = strtoll(line + strlen(name), NULL, 10);
    if (file) fclose(file);
    return kilobytes < 0 ? -1 : kilobytes * 1024;
}

/* ---- Runs ----------------------------------------------------------------------------------- */

static linnet_status make_session(linnet_model *model, const arguments *given,
                                  linnet_session **session) {
    linnet_options *options = NULL;
    linnet_status status = linnet_options_create(&options);
    if (status == LINNET_OK)
        status = linnet_options_set_threads(options, (int32_t)given->threads);
    if (status == LINNET_OK) status = linnet_options_set_isa(options, given->isa);
    if (status == LINNET_OK) status = linnet_session_create(model, options, session);
    linnet_options_free(options);
    return status;
}

static linnet_status set_batch(const linnet_model *model, linnet_session *session, int32_t index,
                               long batch) {
    int64_t shape[LINNET_MAX_RANK];
    size_t rank = 0;
    linnet_status status;
    /* The session's shape may not be known yet, the model's always is. */
    if (linnet_session_shape(session, LINNET_INPUT, index, shape, LINNET_MAX_RANK, &rank) !=
        LINNET_OK) {
        status = linnet_model_shape(model, LINNET_INPUT, index, shape, LINNET_MAX_RANK, &rank);
        if (status != LINNET_OK) return status;
        for (size_t i = 0; i < rank; ++i) shape[i] = shape[i] < 0 ? 1 : shape[i];
    }
    if (rank == 0) return LINNET_OK;
    shape[0] = batch;
    return linnet_session_set_shape(session, index, shape, rank);
}

/* Random numbers of [0, 1) for inputs of floating point, 0 for others; `count` is that of the
 * elements; no type has more than 8 bytes. */
static linnet_status fill(linnet_session *session, int32_t index, linnet_dtype dtype,
                          size_t count) {
    int is_float = dtype == LINNET_FLOAT32 || dtype == LINNET_FLOAT16 || dtype == LINNET_FLOAT64 ||
                   dtype == LINNET_BFLOAT16;
    uint32_t random = 1;
    linnet_status status = LINNET_OUT_OF_MEMORY;
    void *data = calloc(count + 1, is_float ? sizeof(float) : 8);
    if (!data) return status;
    for (size_t i = 0; is_float && i < count; ++i) {
        random = random * 1664525u + 1013904223u;
        ((float *)data)[i] = (float)(random >> 8) / 16777216.0f;
    }
    status = linnet_session_set_input(session, index, data, count,
                                      is_float ? LINNET_FLOAT32 : dtype);
    free(data);
    return status;
}

static linnet_status set_input(const linnet_model *model, linnet_session *session, int32_t index,
                               int64_t *batch) {
    int64_t shape[LINNET_MAX_RANK];
    size_t rank = 0, count = 1;
    linnet_dtype dtype = LINNET_FLOAT32;
    linnet_status status = linnet_model_dtype(model, LINNET_INPUT, index, &dtype);
    if (status == LINNET_OK)
        status = linnet_session_shape(session, LINNET_INPUT, index, shape, LINNET_MAX_RANK, &rank);
    if (status != LINNET_OK) return status;
    for (size_t i = 0; i < rank; ++i) count *= (size_t)shape[i];
    if (index == 0 && rank > 0) *batch = shape[0];
    return fill(session, index, dtype, count);
}

static linnet_status set_inputs(const linnet_model *model, linnet_session *session, long batch,
                                int64_t *found_batch) {
    int32_t inputs = 0;
    linnet_status status = linnet_model_count(model, LINNET_INPUT, &inputs);
    for (int32_t i = 0; batch && i < inputs && status == LINNET_OK; ++i)
        status = set_batch(model, session, i, batch);
    *found_batch = 1;
    for (int32_t i = 0; i < inputs && status == LINNET_OK; ++i)
        status = set_input(model, session, i, found_batch);
    return status;
}

static int by_size(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static linnet_status measure(linnet_session *session, long runs, double *times, figures *found) {
    linnet_status status = LINNET_OK;
    double cpu;
    for (int i = 0; i < WARM_UP && status == LINNET_OK; ++i) status = linnet_session_run(session);
    cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    for (long i = 0; i < runs && status == LINNET_OK; ++i) {
        double start = now(CLOCK_MONOTONIC);
        status = linnet_session_run(session);
        times[i] = 1e3 * (now(CLOCK_MONOTONIC) - start);
    }
    cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    qsort(times, (size_t)runs, sizeof *times, by_size);
    found->median_ms = (times[(runs - 1) / 2] + times[runs / 2]) / 2;
    found->p90_ms = times[(runs * 9 + 9) / 10 - 1];
    found->min_ms = times[0];
    found->cpu_seconds_per_item = found->batch ? cpu / (double)(runs * found->batch) : 0;
    return status;
}

static linnet_status bench(const arguments *given, double *times, linnet_model **model,
                           linnet_session **session, figures *found) {
    FILE *peak = fopen("/proc/self/clear_refs", "w"); /* has Linux count the peak anew */
    int counts_anew = peak && fputs("5", peak) >= 0;
    long long before;
    double start;
    linnet_status status;
    if (peak) counts_anew = fclose(peak) == 0 && counts_anew;
    before = resident("VmRSS:");
    start = now(CLOCK_MONOTONIC);
    status = linnet_model_open(given->model, NULL, model);
    if (status == LINNET_OK) status = make_session(*model, given, session);
    found->load_ms = 1e3 * (now(CLOCK_MONOTONIC) - start);
    if (status == LINNET_OK) status = set_inputs(*model, *session, given->batch, &found->batch);
    if (status == LINNET_OK) status = measure(*session, given->runs, times, found);
    if (status == LINNET_OK) status = linnet_session_arena_bytes(*session, &found->arena_bytes);
    found->peak_bytes = resident("VmHWM:");
    found->added_bytes = counts_anew && before >= 0 ? found->peak_bytes - before : -1;
    return status;
}

/* ---- Print ---------------------------------------------------------------------------------- */

/* A string of JSON: the names in models are UTF-8 of any kind. */
static void print_quoted(const char *text) {
    putchar('"');
    for (; *text; ++text) {
        unsigned char letter = (unsigned char)*text;
        if (letter == '"' || letter == '\\')
            printf("\\%c", letter);
        else if (letter < 32)
            printf("\\u%04x", letter);
        else
            putchar(letter);
    }
    putchar('"');
}

static void print_memory(const char *name, long long bytes) {
    if (bytes < 0)
        printf(" \"%s\": null,\n", name);
    else
        printf(" \"%s\": %lld,\n", name, bytes);
}

static void print_step(const linnet_session *session, int32_t index, int json) {
    const char *tensor = "", *kernel = "";
    double ms = 0;
    if (linnet_session_step_info(session, index, &tensor, &kernel, &ms) != LINNET_OK) return;
    if (!json) {
        printf("  %8.3f ms  %-12s %s\n", ms, kernel, tensor);
        return;
    }
    printf("%s\n  {\"tensor\": ", index ? "," : "");
    print_quoted(tensor);
    printf(", \"kernel\": \"%s\", \"milliseconds\": %.6f}", kernel, ms);
}

static void print_steps(const linnet_session *session, int json) {
    int32_t count = 0;
    linnet_session_step_count(session, &count);
    for (int32_t i = 0; i < count; ++i) print_step(session, i, json);
}

static void print_json(const arguments *given, const linnet_session *session,
                       const figures *found) {
    printf("{\n \"median_ms\": %.6f,\n \"p90_ms\": %.6f,\n \"min_ms\": %.6f,\n", found->median_ms,
           found->p90_ms, found->min_ms);
    printf(" \"items_per_second\": %.3f,\n \"cpu_seconds_per_item\": %.9f,\n",
           (double)found->batch * 1e3 / found->median_ms, found->cpu_seconds_per_item);
    printf(" \"load_ms\": %.6f,\n \"arena_bytes\": %lld,\n", found->load_ms,
           (long long)found->arena_bytes);
    print_memory("peak_memory_bytes", found->peak_bytes);
    print_memory("added_memory_bytes", found->added_bytes);
    printf(" \"threads\": %ld,\n \"batch\": %lld,\n \"runs\": %ld,\n \"isa\": \"%s\",\n",
           given->threads, (long long)found->batch, given->runs, given->isa_name);
    printf(" \"build\": ");
    print_quoted(linnet_build_info());
    if (given->steps) {
        printf(",\n \"steps\": [");
        print_steps(session, 1);
        printf("]");
    }
    printf("\n}\n");
}

static void print_text(const arguments *given, const linnet_session *session,
                       const figures *found) {
    printf("median %.3f ms  p90 %.3f ms  min %.3f ms  %.1f items/s  %.6f CPU s/item\n",
           found->median_ms, found->p90_ms, found->min_ms,
           (double)found->batch * 1e3 / found->median_ms, found->cpu_seconds_per_item);
    printf("load %.1f ms  arena %lld bytes", found->load_ms, (long long)found->arena_bytes);
    if (found->peak_bytes >= 0) printf("  peak memory %lld bytes", found->peak_bytes);
    if (found->added_bytes >= 0) printf(", %lld of them for the model", found->added_bytes);
    printf("\n");
    if (given->steps) print_steps(session, 0);
}

int main(int argc, char **argv) {
    arguments given = {NULL, 50, 1, 0, "auto", LINNET_ISA_AUTO, 0, 0, 0};
    figures found = {0};
    linnet_model *model = NULL;
    linnet_session *session = NULL;
    double *times;
    int good;
    if (!parse(argc, argv, &given)) {
        fputs(usage, stderr);
        return 2;
    }
    if (given.help) {
        fputs(usage, stdout);
        return 0;
    }
    times = calloc((size_t)given.runs, sizeof *times);
    good = times && bench(&given, times, &model, &session, &found) == LINNET_OK;
    if (!good)
        fprintf(stderr, "linnet-bench: %s\n", times ? linnet_last_error() : "out of memory");
    else if (given.json)
        print_json(&given, session, &found);
    else
        print_text(&given, session, &found);
    linnet_session_free(session);
    linnet_model_free(model);
    free(times);
    return good && fflush(stdout) == 0 ? 0 : 1;
}
