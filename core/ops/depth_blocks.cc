// SPDX-License-Identifier: MIT
#include "ops/depth_blocks.h"

namespace linnet {

View split_depth(const View &deep, int64_t block, bool channels_first) {
    int64_t batch = deep.shape[0], height = deep.shape[2], width = deep.shape[3];
    int64_t channels = deep.shape[1] / (block * block);
    Shape split = {batch, block, block, channels, height, width};
    if (channels_first) split = {batch, channels, block, block, height, width};
    const int64_t from_blocks_first[] = {0, 3, 4, 1, 5, 2};
    const int64_t from_channels_first[] = {0, 1, 4, 2, 5, 3};
    View view;
    reshape_view(deep, split, &view);
    return transpose_view(view, channels_first ? from_channels_first : from_blocks_first);
}

View split_space(const View &wide, int64_t block) {
    View view;
    reshape_view(wide,
                 {wide.shape[0], wide.shape[1], wide.shape[2] / block, block,
                  wide.shape[3] / block, block},
                 &view);
    return view;
}

} // namespace linnet
