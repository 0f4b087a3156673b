/* SPDX-License-Identifier: MIT */
#include "picture.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>
#include <png.h>

enum { MOST_PIXELS = 1 << 28 };

typedef struct file_bytes {
    uint8_t *data;
    size_t size, position;
} file_bytes;

static int fail(char *message, const char *text) {
    snprintf(message, PICTURE_MESSAGE_SIZE, "%s", text);
    return 0;
}

/* ---- Files ---------------------------------------------------------------------------------- */

static int read_all(FILE *stream, file_bytes *file) {
    size_t room = 0;
    while (!feof(stream) && !ferror(stream)) {
        if (file->size == room) {
            uint8_t *grown = realloc(file->data, room = room ? 2 * room : 65536);
            if (!grown) return 0;
            file->data = grown;
        }
        file->size += fread(file->data + file->size, 1, room - file->size, stream);
    }
    return !ferror(stream);
}

static int read_file(const char *path, file_bytes *file, char *message) {
    FILE *stream = fopen(path, "rb");
    int done;
    if (!stream) return fail(message, strerror(errno));
    done = read_all(stream, file);
    fclose(stream);
    return done ? 1 : fail(message, "cannot be read");
}

static int starts_with(const file_bytes *file, const char *bytes, size_t size) {
    return file->size >= size && memcmp(file->data, bytes, size) == 0;
}

/* ---- Pictures ------------------------------------------------------------------------------- */

static int allocate(picture *result, uint32_t width, uint32_t height) {
    if (width == 0 || height == 0 || height > MOST_PIXELS / width) return 0;
    result->width = (int32_t)width;
    result->height = (int32_t)height;
    result->size = (size_t)width * height * 3;
    result->pixels = malloc(result->size);
    return result->pixels != NULL;
}

static uint8_t *row_of(const picture *result, size_t y) {
    return result->pixels + y * (size_t)result->width * 3;
}

void picture_free(picture *picture) {
    free(picture->pixels);
    picture->pixels = NULL;
}

/* ---- PNG ------------------------------------------------------------------------------------ */

static void on_png_error(png_structp png, png_const_charp text) {
    fail(png_get_error_ptr(png), text);
    longjmp(png_jmpbuf(png), 1);
}

static void on_png_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void on_png_read(png_structp png, png_bytep target, size_t size) {
    file_bytes *file = png_get_io_ptr(png);
    if (size > file->size - file->position) png_error(png, "the file is cut off");
    memcpy(target, file->data + file->position, size);
    file->position += size;
}

/* Asks for 8-bit RGB, whatever the file holds. */
static void set_png_output(png_structp png) {
    png_set_expand(png);
    png_set_strip_16(png);
    png_set_strip_alpha(png);
    png_set_gray_to_rgb(png);
}

static int read_png(png_structp png, png_infop info, file_bytes *file, picture *result) {
    int pass, passes;
    if (setjmp(png_jmpbuf(png))) return 0;
    png_set_read_fn(png, file, on_png_read);
    png_read_info(png, info);
    set_png_output(png);
    passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (!allocate(result, png_get_image_width(png, info), png_get_image_height(png, info)))
        png_error(png, "the picture is too large");
    for (pass = 0; pass < passes; ++pass)
        for (int32_t y = 0; y < result->height; ++y)
            png_read_row(png, row_of(result, (size_t)y), NULL);
    return 1;
}

static int decode_png(file_bytes *file, picture *result, char *message) {
    png_structp png =
        png_create_read_struct(PNG_LIBPNG_VER_STRING, message, on_png_error, on_png_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    int done = info ? read_png(png, info, file, result) : fail(message, "out of memory");
    png_destroy_read_struct(&png, &info, NULL);
    return done;
}

/* ---- JPEG ----------------------------------------------------------------------------------- */

typedef struct jpeg_reader {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jmp_buf back;
    char *message;
} jpeg_reader;

static void on_jpeg_error(j_common_ptr jpeg) {
    jpeg_reader *reader = jpeg->client_data;
    char text[JMSG_LENGTH_MAX];
    jpeg->err->format_message(jpeg, text);
    fail(reader->message, text);
    longjmp(reader->back, 1);
}

/* libjpeg would only warn of a file that is cut off, and fill the rest with gray. */
static void on_jpeg_message(j_common_ptr jpeg, int level) {
    if (level < 0 && jpeg->err->msg_code == JWRN_JPEG_EOF) on_jpeg_error(jpeg);
}

static int read_jpeg(jpeg_reader *reader, const file_bytes *file, picture *result) {
    j_decompress_ptr jpeg = &reader->jpeg;
    if (setjmp(reader->back)) return 0;
    jpeg_create_decompress(jpeg);
    jpeg_mem_src(jpeg, file->data, (unsigned long)file->size);
    jpeg_read_header(jpeg, TRUE);
    jpeg->out_color_space = JCS_RGB;
    jpeg_start_decompress(jpeg);
    if (!allocate(result, jpeg->output_width, jpeg->output_height))
        return fail(reader->message, "the picture is too large");
    while (jpeg->output_scanline < jpeg->output_height) {
        JSAMPROW row = row_of(result, jpeg->output_scanline);
        jpeg_read_scanlines(jpeg, &row, 1);
    }
    jpeg_finish_decompress(jpeg);
    return 1;
}

static int decode_jpeg(const file_bytes *file, picture *result, char *message) {
    jpeg_reader reader;
    int done;
    memset(&reader, 0, sizeof reader);
    reader.jpeg.err = jpeg_std_error(&reader.errors);
    reader.jpeg.client_data = &reader;
    reader.errors.error_exit = on_jpeg_error;
    reader.errors.emit_message = on_jpeg_message;
    reader.message = message;
    done = read_jpeg(&reader, file, result);
    jpeg_destroy_decompress(&reader.jpeg);
    return done;
}

/* --------------------------------------------------------------------------------------------- */

static int decode(file_bytes *file, picture *result, char *message) {
    if (starts_with(file, "\x89PNG\r\n\x1a\n", 8)) return decode_png(file, result, message);
    if (starts_with(file, "\xff\xd8\xff", 3)) return decode_jpeg(file, result, message);
    return fail(message, "neither a PNG nor a JPEG picture");
}

int picture_read(const char *path, picture *result, char message[PICTURE_MESSAGE_SIZE]) {
    file_bytes file = {NULL, 0, 0};
    int done;
    memset(result, 0, sizeof *result);
    done = read_file(path, &file, message) && decode(&file, result, message);
    free(file.data);
    if (!done) picture_free(result);
    return done;
}
