// All kernel bodies, and the table of them. Pasted once per instruction set, inside its target
// region and an unnamed namespace, after the vector type V. Nothing here, and nothing included
// from here, may include a header or use a template of the standard library.
#if defined(LINNET_SMALL)
#define LINNET_UNROLL
#elif defined(__clang__)
#define LINNET_UNROLL _Pragma("unroll")
#elif defined(__GNUC__)
#define LINNET_UNROLL _Pragma("GCC unroll 32")
#else
#define LINNET_UNROLL
#endif
// For what is large or rare and wanted in several places: never pasted into them.
// And for what is always pasted: sums that are handed on shall stay in their registers.
#if defined(__GNUC__)
#define LINNET_APART __attribute__((noinline))
#define LINNET_INSIDE inline __attribute__((always_inline))
#else
#define LINNET_APART __declspec(noinline)
#define LINNET_INSIDE __forceinline
#endif

using F = V::F;

#include "kernels/vector_math.inl"
#include "kernels/activate_body.inl"
#include "kernels/tile_body.inl"
#include "kernels/rows_body.inl"
#include "kernels/conv2d_body.inl"
#include "kernels/depthwise2d_body.inl"
#include "kernels/winograd2d_body.inl"
#include "kernels/matmul_body.inl"
#include "kernels/pool2d_body.inl"
#include "kernels/bands2d_body.inl"
#include "kernels/unary_body.inl"
#include "kernels/binary_body.inl"
#include "kernels/softmax_body.inl"
#include "kernels/normalize_body.inl"
#include "kernels/reduce_body.inl"
#include "kernels/weigh_samples_body.inl"
#include "kernels/interleave_body.inl"

#undef LINNET_UNROLL
#undef LINNET_APART
#undef LINNET_INSIDE

const Kernel *const table[] = {
#define LINNET_KERNEL(name) &name##_kernel,
#define LINNET_KERNEL_ONCE(name) &name##_kernel,
#include "kernels/kernel_list.inl"
#undef LINNET_KERNEL_ONCE
#undef LINNET_KERNEL
};
