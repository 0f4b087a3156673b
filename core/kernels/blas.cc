// SPDX-License-Identifier: MIT
#include "kernels/blas.h"

#include <cstdio>
#include <cstring>

#include "kernels/kernel.h"

#ifdef LINNET_WITH_BLAS

#include <cblas.h>

namespace linnet {

void blas_multiply(const BlasProduct &p, float factor, float old) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<blasint>(p.rows),
                static_cast<blasint>(p.lanes), static_cast<blasint>(p.length), factor, p.a,
                static_cast<blasint>(p.a_row), p.b, static_cast<blasint>(p.b_row), old, p.y,
                static_cast<blasint>(p.y_row));
}

void prepare_blas() {
    static const bool done = (openblas_set_num_threads(1), true); // once, whoever comes first
    static_cast<void>(done);
}

namespace {

// "openblas-0.3.21-Haswell": its version, and the processor that it takes this one for.
struct BlasName {
    char text[96];

    BlasName() {
        const char *config = openblas_get_config(); // "OpenBLAS 0.3.21 DYNAMIC_ARCH ..."
        const char *version = std::strchr(config, ' ');
        size_t length = version ? std::strcspn(++version, " ") : 0;
        std::snprintf(text, sizeof text, "openblas-%.*s-%s", static_cast<int>(length),
                      version ? version : "", openblas_get_corename());
        for (char *c = text; *c; ++c)
            if (*c == ' ') *c = '_'; // a blank would end the word in the build information
    }
};

} // namespace

const char *blas_name() {
    static const BlasName name;
    return name.text;
}

} // namespace linnet

#else

namespace linnet {

const char *blas_name() { return "none"; }

} // namespace linnet

#endif
