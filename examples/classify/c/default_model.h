/* The model that the examples carry; embed.cmake writes the array.
 * SPDX-License-Identifier: MIT
 */
#ifndef DEFAULT_MODEL_H
#define DEFAULT_MODEL_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

extern const unsigned char default_model[];
extern const size_t default_model_size;

#ifdef __cplusplus
}
#endif

#endif /* DEFAULT_MODEL_H */
