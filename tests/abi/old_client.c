/* A program built for Linnet 1.0: from the frozen header, against a library without a predictor.
 * It must run with every later 1.x. It needs no file. */
#include "linnet.h"

#include <stdio.h>
#include <string.h>

static int failures = 0;

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (!(condition)) {                                                     \
            printf("line %d: %s (%s)\n", __LINE__, #condition, linnet_last_error()); \
            failures++;                                                         \
        }                                                                       \
    } while (0)

static void check_version(void) {
    const int32_t version = linnet_version();
    CHECK(version / 1000000 == LINNET_VERSION_MAJOR);
    CHECK(version / 1000 % 1000 >= LINNET_VERSION_MINOR);
    CHECK(strstr(linnet_build_info(), "version=") != NULL);
    CHECK(strcmp(linnet_status_name(LINNET_OUT_OF_MEMORY), "out of memory") == 0);
    CHECK(strcmp(linnet_status_name((linnet_status)9999), "unknown status") == 0);
}

static void check_null_handles(void) {
    linnet_session *session = NULL;
    int32_t count = -5;
    CHECK(linnet_model_count(NULL, LINNET_INPUT, &count) == LINNET_INVALID_ARGUMENT);
    CHECK(count == -5);
    CHECK(linnet_last_error()[0] != 0);
    CHECK(linnet_session_create(NULL, NULL, &session) == LINNET_INVALID_ARGUMENT);
    CHECK(session == NULL);
    CHECK(linnet_session_run(NULL) == LINNET_INVALID_ARGUMENT);
    CHECK(linnet_session_cancel(NULL) == LINNET_INVALID_ARGUMENT);
    CHECK(linnet_options_create(NULL) == LINNET_INVALID_ARGUMENT);
    linnet_options_free(NULL);
    linnet_model_free(NULL);
    linnet_session_free(NULL);
}

static void check_options(void) {
    linnet_options *options = NULL;
    CHECK(linnet_options_create(&options) == LINNET_OK);
    CHECK(linnet_options_set_threads(options, 2) == LINNET_OK);
    CHECK(linnet_options_set_threads(options, 0) == LINNET_INVALID_ARGUMENT);
    CHECK(linnet_options_set_isa(options, LINNET_ISA_PLAIN) == LINNET_OK);
    CHECK(linnet_options_set_limit(options, LINNET_LIMIT_NODES, 10) == LINNET_OK);
    CHECK(linnet_options_set_metadata(options, "key", "value") == LINNET_OK);
    linnet_options_free(options);
}

static void check_bad_models(void) {
    static const char garbage[] = "\xff\xff\xff\xff no model";
    linnet_model *model = NULL;
    CHECK(linnet_model_open("no/such/file.onnx", NULL, &model) == LINNET_IO);
    CHECK(model == NULL);
    CHECK(linnet_model_open_memory(garbage, sizeof garbage, NULL, &model) == LINNET_MALFORMED);
    CHECK(model == NULL);
    CHECK(linnet_model_open(NULL, NULL, &model) == LINNET_INVALID_ARGUMENT);
}

int main(void) {
    check_version();
    check_null_handles();
    check_options();
    check_bad_models();
    printf("old client: %s\n", failures ? "FAILED" : "ok");
    return failures != 0;
}
