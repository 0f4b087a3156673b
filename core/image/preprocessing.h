// How a model wants its pictures: the metadata keys "linnet.*". capi/METADATA.md documents them.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "base/text.h"

namespace linnet {

// The largest height and width of the tensor that a picture becomes.
constexpr int32_t kMaxTensorSide = 32768;

// The channels that the network wants, in this order.
enum class ChannelOrder : uint8_t { kUnstated, kRgb, kBgr, kGray };

// The numbers are those of linnet_layout in the C interface.
enum class PictureLayout : uint8_t { kUnstated = 0, kNchw = 1, kNhwc = 2 };

enum class ResizeRule : uint8_t {
    kUnstated,
    kNone,    // the picture must have the size of the tensor
    kExact,   // to the size of the tensor; the aspect ratio may change
    kShorter, // the shorter side to resize_to, the aspect ratio stays; then a centre crop
};

enum class PixelFilter : uint8_t {
    kBilinear, // a triangle, widened when the picture shrinks (Pillow's BILINEAR)
    kPlain,    // the same triangle, never widened
    kNearest,  // the pixel that holds the centre (Pillow's NEAREST)
};

// What the first output of the model means.
enum class ScoreKind : uint8_t { kUnstated, kLogits, kProbabilities, kRaw };

// One number for all channels, or one for each in the order of linnet.color.
struct PerChannel {
    int32_t count = 0; // 1 or 3; 0: unstated
    double value[3] = {};
    double of(int channel, double unstated) const {
        return count == 0 ? unstated : value[count == 1 ? 0 : channel];
    }
};

struct PictureExtent {
    int32_t height = 0, width = 0;
};

// The stated values. Nothing is assumed except filter bilinear, scale 1, mean 0 and std 1, and the
// last three only where one of them is stated.
struct Preprocessing {
    ChannelOrder color = ChannelOrder::kUnstated;
    PictureLayout layout = PictureLayout::kUnstated;
    ResizeRule resize = ResizeRule::kUnstated;
    PixelFilter filter = PixelFilter::kBilinear;
    ScoreKind scores = ScoreKind::kUnstated;
    PictureExtent size;    // 0, 0: unstated
    int32_t resize_to = 0; // 0: unstated
    PerChannel scale, mean, deviation; // linnet.std is the deviation
    Text input; // empty: unstated

    // Takes one entry of the metadata; the last of a key counts. Keys that do not start with
    // "linnet." are not looked at. kMalformed, with `this` unchanged, for a value that breaks its
    // key's grammar and for keys "linnet.*" that do not exist, so that typing errors are found.
    Status set(string_view key, string_view value);

    // Whether what is stated fits together, once all entries are set; kMalformed otherwise.
    Status check() const;

    // Whether a picture can be set: check(), and kNotFound with a list of all missing keys.
    // linnet.size is not among them; see extent().
    Status check_complete() const;

    // The height and width of the tensor. `height` and `width` are what the model fixes for these
    // axes, -1 where it leaves them free; they and linnet.size must agree and together suffice.
    Result<PictureExtent> extent(int64_t height, int64_t width) const;

    // 3, or 1 for GRAY; 0 where linnet.color is unstated.
    int32_t channels() const;

    // (sample * scale - mean) / std for a channel in the order of linnet.color: in double, rounded
    // once to float by the caller.
    double normalised(int sample, int channel) const;
};

} // namespace linnet
