// A picture in the caller's memory, and how it becomes a tensor.
// SPDX-License-Identifier: MIT
#pragma once

#include "image/preprocessing.h"
#include "kernels/kernel.h"

namespace linnet {

// How the 8-bit samples of a pixel lie in memory. Alpha is ignored. The numbers are those of
// linnet_pixel_format in the C interface.
enum class PixelFormat : int32_t { kRgb = 0, kBgr = 1, kRgba = 2, kBgra = 3, kGray = 4 };

// 0 for numbers that are no format.
int32_t pixel_bytes(PixelFormat format);

// Rows are `stride` bytes apart, the last one may end after its pixels; `size` is the number of
// bytes at `pixels`.
struct Picture {
    const uint8_t *pixels = nullptr;
    size_t size = 0;
    PixelFormat format = PixelFormat::kRgb;
    int32_t width = 0, height = 0, stride = 0;
};

// Whether the numbers fit together and the pixels lie within `size`; kInvalidArgument otherwise.
Status check_picture(const Picture &picture);

// Where the tensor of one picture lies. Distances are in floats.
struct PictureTarget {
    float *data = nullptr;
    PictureExtent extent;
    int64_t channel_stride = 0, row_stride = 0, pixel_stride = 0;

    // Contiguous tensors of one picture: [channels, height, width] and [height, width, channels].
    static PictureTarget nchw(float *data, PictureExtent extent);
    static PictureTarget nhwc(float *data, PictureExtent extent, int32_t channels);
};

// Resizes, crops at the centre, brings the channels into the order of linnet.color and writes
// (sample * scale - mean) / std as float32. A picture in colour becomes gray before the resize, a
// gray one becomes three equal channels after it. The preprocessing must be complete.
// The numbers do not depend on `isa`. On failure, running out of memory included, nothing has been
// written.
Status write_picture(const Preprocessing &preprocessing, const Picture &picture,
                     const PictureTarget &target, Isa isa = Isa::kAuto);

} // namespace linnet
