/* What the calls of a run cost in C: the baseline of wrapper_bench.py. Prints nanoseconds a run.
 * usage: wrapper_bench MODEL RUNS
 * SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "linnet.h"

enum { ELEMENTS = 16 };

static void check(linnet_status status) {
    if (status == LINNET_OK) return;
    fprintf(stderr, "%s\n", linnet_last_error());
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(int count, char **words) {
    linnet_model *model;
    linnet_session *session;
    float in[ELEMENTS] = {1}, out[ELEMENTS];
    int round, i, runs = count > 2 ? atoi(words[2]) : 0;
    double best = 0;
    if (count < 3) return 2;
    check(linnet_model_open(words[1], NULL, &model));
    check(linnet_session_create(model, NULL, &session));
    for (round = 0; round < 400; round++) {
        double start = now(), taken;
        for (i = 0; i < runs; i++) {
            check(linnet_session_set_input(session, 0, in, ELEMENTS, LINNET_FLOAT32));
            check(linnet_session_run(session));
            check(linnet_session_output(session, 0, out, ELEMENTS, LINNET_FLOAT32));
        }
        taken = (now() - start) / runs;
        if (round == 0 || taken < best) best = taken;
    }
    printf("%.0f\n", best);
    return 0;
}
