// SPDX-License-Identifier: MIT
#include "image/picture.h"

#include "image/resample.h"

namespace linnet {
namespace {

const char *name_of_format(PixelFormat format) {
    switch (format) {
    case PixelFormat::kRgb: return "RGB";
    case PixelFormat::kBgr: return "BGR";
    case PixelFormat::kRgba: return "RGBA";
    case PixelFormat::kBgra: return "BGRA";
    case PixelFormat::kGray: return "GRAY";
    }
    return "unknown";
}

bool is_blue_first(PixelFormat format) {
    return format == PixelFormat::kBgr || format == PixelFormat::kBgra;
}

PixelRows rows_of_picture(const Preprocessing &preprocessing, const Picture &picture) {
    PixelRows rows;
    rows.pixels = picture.pixels;
    rows.stride = picture.stride;
    rows.pixel_bytes = pixel_bytes(picture.format);
    rows.to_gray =
        preprocessing.color == ChannelOrder::kGray && picture.format != PixelFormat::kGray;
    rows.red = is_blue_first(picture.format) ? 2 : 0;
    return rows;
}

// int(round((resized - wanted) / 2.0)) of torchvision's center_crop: halves go to the even number.
int64_t centre_offset(int64_t resized, int64_t wanted) {
    int64_t spare = resized - wanted, half = spare / 2;
    return spare % 2 != 0 && half % 2 != 0 ? half + 1 : half;
}

struct PlacedPicture {
    ResampleAxis columns, rows;
};

// The shorter side becomes `resize_to`, the longer int(resize_to * longer / shorter), as
// torchvision's Resize.
void resize_shorter(int32_t resize_to, PlacedPicture *placed) {
    int64_t width = placed->columns.from, height = placed->rows.from;
    int64_t shorter = width < height ? width : height;
    placed->columns.to = width == shorter ? resize_to : resize_to * width / shorter;
    placed->rows.to = height == shorter ? resize_to : resize_to * height / shorter;
}

Status check_placed(const Preprocessing &preprocessing, const Picture &picture,
                    const PlacedPicture &placed) {
    int64_t width = placed.columns.to, height = placed.rows.to;
    int wanted_width = placed.columns.count, wanted_height = placed.rows.count;
    if (preprocessing.resize == ResizeRule::kNone &&
        (width != wanted_width || height != wanted_height))
        return error(Code::kInvalidArgument,
                     "the picture is %d wide and %d high, but the model takes %d wide and %d high, "
                     "and its metadata \"linnet.resize\" is none",
                     static_cast<int>(picture.width), static_cast<int>(picture.height),
                     wanted_width, wanted_height);
    if (width > kMaxResizedSide || height > kMaxResizedSide)
        return error(Code::kInvalidArgument,
                     "the picture is too long and narrow: %d wide and %d high; resized it would be "
                     "%lld wide and %lld high, but at most %lld is possible",
                     static_cast<int>(picture.width), static_cast<int>(picture.height),
                     static_cast<long long>(width), static_cast<long long>(height),
                     static_cast<long long>(kMaxResizedSide));
    if (width < wanted_width || height < wanted_height)
        return error(Code::kInvalidArgument,
                     "the picture resized to %lld wide and %lld high (metadata "
                     "\"linnet.resize_to\" is %d) is smaller than the crop, %d wide and %d high",
                     static_cast<long long>(width), static_cast<long long>(height),
                     static_cast<int>(preprocessing.resize_to), wanted_width, wanted_height);
    return Status();
}

// Which part of which resized picture the tensor shows.
Result<PlacedPicture> place_picture(const Preprocessing &preprocessing, const Picture &picture,
                                    PictureExtent extent) {
    PlacedPicture placed;
    placed.columns = {picture.width, picture.width, 0, extent.width};
    placed.rows = {picture.height, picture.height, 0, extent.height};
    if (preprocessing.resize == ResizeRule::kExact) {
        placed.columns.to = extent.width;
        placed.rows.to = extent.height;
    }
    if (preprocessing.resize == ResizeRule::kShorter)
        resize_shorter(preprocessing.resize_to, &placed);
    LINNET_TRY(check_placed(preprocessing, picture, placed));
    placed.columns.first = centre_offset(placed.columns.to, extent.width);
    placed.rows.first = centre_offset(placed.rows.to, extent.height);
    return placed;
}

// What each sample becomes, for one channel of the tensor.
struct SampleTable {
    float of_sample[256];
    int32_t source_channel;
};

void fill_tables(const Preprocessing &preprocessing, const Picture &picture,
                 int32_t source_channels, SampleTable *tables) {
    bool turned = (preprocessing.color == ChannelOrder::kBgr) != is_blue_first(picture.format);
    for (int32_t channel = 0; channel < preprocessing.channels(); ++channel) {
        SampleTable &table = tables[channel];
        table.source_channel = source_channels == 1 ? 0 : turned ? 2 - channel : channel;
        for (int sample = 0; sample < 256; ++sample)
            table.of_sample[sample] =
                static_cast<float>(preprocessing.normalised(sample, channel));
    }
}

void write_channel(const SampleTable &table, const uint8_t *row, int32_t source_channels,
                   int32_t width, int64_t pixel_stride, float *target) {
    row += table.source_channel;
    for (int32_t x = 0; x < width; ++x, row += source_channels)
        target[x * pixel_stride] = table.of_sample[*row];
}

} // namespace

int32_t pixel_bytes(PixelFormat format) {
    switch (format) {
    case PixelFormat::kRgb:
    case PixelFormat::kBgr: return 3;
    case PixelFormat::kRgba:
    case PixelFormat::kBgra: return 4;
    case PixelFormat::kGray: return 1;
    }
    return 0;
}

Status check_picture(const Picture &picture) {
    int width = picture.width, height = picture.height, stride = picture.stride;
    int64_t bytes = pixel_bytes(picture.format);
    if (bytes == 0)
        return error(Code::kInvalidArgument,
                     "pixel format %d does not exist; expected 0 (RGB), 1 (BGR), 2 (RGBA), "
                     "3 (BGRA) or 4 (GRAY)",
                     static_cast<int>(picture.format));
    if (!picture.pixels) return error(Code::kInvalidArgument, "the pixels are NULL");
    if (width < 1 || width > kMaxPictureSide || height < 1 || height > kMaxPictureSide)
        return error(Code::kInvalidArgument,
                     "the picture is %d wide and %d high; expected 1 to %d for both", width, height,
                     static_cast<int>(kMaxPictureSide));
    if (stride < width * bytes)
        return error(Code::kInvalidArgument,
                     "the stride is %d; expected at least %lld, the bytes of a row (%d pixels of "
                     "%s)",
                     stride, static_cast<long long>(width * bytes), width,
                     name_of_format(picture.format));
    int64_t needed = int64_t{height - 1} * stride + width * bytes;
    if (static_cast<uint64_t>(needed) > picture.size)
        return error(Code::kInvalidArgument,
                     "the pixels have %llu bytes; expected at least %lld (%d rows with stride %d, "
                     "the last of %lld bytes)",
                     static_cast<unsigned long long>(picture.size), static_cast<long long>(needed),
                     height, stride, static_cast<long long>(width * bytes));
    return Status();
}

PictureTarget PictureTarget::nchw(float *data, PictureExtent extent) {
    return {data, extent, int64_t{extent.height} * extent.width, extent.width, 1};
}

PictureTarget PictureTarget::nhwc(float *data, PictureExtent extent, int32_t channels) {
    return {data, extent, 1, int64_t{extent.width} * channels, channels};
}

Status write_picture(const Preprocessing &preprocessing, const Picture &picture,
                     const PictureTarget &target, Isa isa) {
    LINNET_TRY(check_picture(picture));
    assert(target.extent.width >= 1 && target.extent.width <= kMaxTensorSide);
    assert(target.extent.height >= 1 && target.extent.height <= kMaxTensorSide);
    LINNET_TRY(preprocessing.check_complete());
    LINNET_ASSIGN(PlacedPicture placed, place_picture(preprocessing, picture, target.extent));
    Resampler resampler;
    LINNET_TRY(resampler.prepare(rows_of_picture(preprocessing, picture), placed.columns,
                                 placed.rows, preprocessing.filter, isa));
    SampleTable tables[3];
    fill_tables(preprocessing, picture, resampler.channels(), tables);
    for (int32_t y = 0; y < target.extent.height; ++y) {
        const uint8_t *row = resampler.row(y);
        for (int32_t c = 0; c < preprocessing.channels(); ++c)
            write_channel(tables[c], row, resampler.channels(), target.extent.width,
                          target.pixel_stride,
                          target.data + c * target.channel_stride + y * target.row_stride);
    }
    return Status();
}

} // namespace linnet
