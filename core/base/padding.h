// SPDX-License-Identifier: MIT
#pragma once

namespace linnet {

// Plain data with zeros in the bytes between its fields, where what is written must always be the
// same; elsewhere the item as it is.
#if defined(LINNET_TELL_USES) && defined(__has_builtin)
#if __has_builtin(__builtin_clear_padding)
#define LINNET_CLEARS_PADDING
#endif
#endif
#if defined(LINNET_CLEARS_PADDING)
template <class Item> Item without_padding(Item item) {
    __builtin_clear_padding(&item);
    return item;
}
#undef LINNET_CLEARS_PADDING
#else
template <class Item> const Item &without_padding(const Item &item) { return item; }
#endif

} // namespace linnet
