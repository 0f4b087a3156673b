/* Says what is on pictures: the five most probable classes of each.
 *
 * The same program exists in C++, Python, Java and Go; for lossless pictures all print the same
 * bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linnet.h>

#include "default_model.h"
#include "picture.h"

enum { TOP = 5 };

static const char usage[] =
    "usage: classify [--model MODEL] [--threads N] PICTURE...\n"
    "\n"
    "Says what is on pictures (PNG or JPEG): the five most probable classes of each.\n"
    "\n"
    "  --model MODEL  a model file (default: the embedded model)\n"
    "  --threads N    how many threads to use (default: 1)\n";

typedef struct arguments {
    const char *model; /* NULL: the embedded one */
    long threads;
    char **pictures;
    int count, help;
} arguments;

static int parse_threads(const char *text, long *threads) {
    char *end;
    *threads = strtol(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && *threads >= 1 && *threads <= 64;
}

/* Gathers the pictures at the front of argv. */
static int parse(int argc, char **argv, arguments *result) {
    result->pictures = argv;
    for (int i = 1; i < argc; ++i) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (argv[i][0] != '-') {
            result->pictures[result->count++] = argv[i];
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return result->help = 1;
        } else if (value && strcmp(argv[i], "--model") == 0) {
            result->model = argv[++i];
        } else if (value && strcmp(argv[i], "--threads") == 0) {
            if (!parse_threads(argv[++i], &result->threads)) return 0;
        } else {
            return 0;
        }
    }
    return result->count > 0;
}

static linnet_status open_model(const char *path, linnet_model **model) {
    if (path) return linnet_model_open(path, NULL, model);
    return linnet_model_open_borrowed(default_model, default_model_size, NULL, model);
}

static linnet_status create_session(linnet_model *model, long threads, linnet_session **session) {
    linnet_options *options = NULL;
    linnet_status status = linnet_options_create(&options);
    if (status == LINNET_OK) status = linnet_options_set_threads(options, (int32_t)threads);
    if (status == LINNET_OK) status = linnet_session_create(model, options, session);
    linnet_options_free(options);
    return status;
}

static void print_class(const linnet_model *model, int32_t index, float probability) {
    const char *label = NULL;
    if (linnet_model_label(model, index, &label) == LINNET_OK)
        printf("  %.4f  %s\n", probability, label);
    else
        printf("  %.4f  class %d\n", probability, (int)index);
}

static int classify(const linnet_model *model, linnet_session *session, const char *path) {
    picture pixels;
    char message[PICTURE_MESSAGE_SIZE];
    int32_t indices[TOP];
    float probabilities[TOP];
    size_t found = 0;
    linnet_status status;
    if (!picture_read(path, &pixels, message)) {
        fprintf(stderr, "classify: %s: %s\n", path, message);
        return 0;
    }
    status = linnet_session_classify(session, pixels.pixels, pixels.size, LINNET_RGB, pixels.width,
                                     pixels.height, pixels.width * 3, indices, probabilities, TOP,
                                     &found);
    picture_free(&pixels);
    if (status != LINNET_OK) {
        fprintf(stderr, "classify: %s: %s\n", path, linnet_last_error());
        return 0;
    }
    printf("%s\n", path);
    for (size_t i = 0; i < found; ++i) print_class(model, indices[i], probabilities[i]);
    return 1;
}

static int classify_all(const arguments *given) {
    linnet_model *model = NULL;
    linnet_session *session = NULL;
    int good = open_model(given->model, &model) == LINNET_OK &&
               create_session(model, given->threads, &session) == LINNET_OK;
    if (!good) fprintf(stderr, "classify: %s\n", linnet_last_error());
    for (int i = 0; session && i < given->count; ++i)
        good = classify(model, session, given->pictures[i]) && good;
    linnet_session_free(session);
    linnet_model_free(model);
    return good && fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    arguments given = {NULL, 1, NULL, 0, 0};
    if (!parse(argc, argv, &given)) {
        fputs(usage, stderr);
        return 2;
    }
    if (given.help) {
        fputs(usage, stdout);
        return 0;
    }
    return classify_all(&given);
}
