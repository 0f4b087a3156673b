/* PNG and JPEG files as pixels, for the examples in C and C++.
 * SPDX-License-Identifier: MIT
 */
#ifndef PICTURE_H
#define PICTURE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 8-bit samples, red, green, blue, row after row without gaps. */
typedef struct picture {
    uint8_t *pixels;
    size_t size;
    int32_t width, height;
} picture;

enum { PICTURE_MESSAGE_SIZE = 256 };

/* Reads a picture; what the file holds decides, not its name. Palettes are expanded, gray becomes
 * three equal samples, of 16 bits the higher 8 are taken, alpha is dropped. Pictures are taken as
 * they are stored: EXIF's orientation, gamma and colour profiles are ignored. Returns 1, or 0 with
 * a message and without a picture for files that are neither, damaged, cut off, in CMYK, or of
 * more than 2^28 pixels. */
int picture_read(const char *path, picture *result, char message[PICTURE_MESSAGE_SIZE]);

void picture_free(picture *picture);

#ifdef __cplusplus
}
#endif

#endif /* PICTURE_H */
