// SPDX-License-Identifier: MIT

package linnet

import (
	"fmt"
	"image"
	"image/color"
	"math"
)

// pixels are rows of 8-bit samples, as the library takes them.
type pixels struct {
	data                  []byte
	format                PixelFormat
	width, height, stride int32
}

// pixelsOf returns the samples of a picture: in place where they lie as the library takes them,
// else in a copy.
func pixelsOf(picture image.Image) (pixels, error) {
	if picture == nil {
		return pixels{}, invalid("picture", "is nil")
	}
	bounds := picture.Bounds()
	if bounds.Empty() || bounds.Dx() > math.MaxInt32/4 || bounds.Dy() > math.MaxInt32 {
		return pixels{}, invalid("picture", fmt.Sprintf("has %d x %d pixels", bounds.Dx(),
			bounds.Dy()))
	}
	switch p := picture.(type) {
	case *image.Gray:
		return inPlace(bounds, p.Pix[p.PixOffset(bounds.Min.X, bounds.Min.Y):], p.Stride,
			PixelFormatGray)
	case *image.NRGBA:
		return inPlace(bounds, p.Pix[p.PixOffset(bounds.Min.X, bounds.Min.Y):], p.Stride,
			PixelFormatRGBA)
	case *image.RGBA:
		if p.Opaque() { // samples that no alpha has touched
			return inPlace(bounds, p.Pix[p.PixOffset(bounds.Min.X, bounds.Min.Y):], p.Stride,
				PixelFormatRGBA)
		}
	case *image.Gray16:
		return copied(bounds, PixelFormatGray, func(row []byte, x, y int) {
			highBytes(row, p.Pix[p.PixOffset(x, y):], 1, 2)
		}), nil
	}
	return copied(bounds, PixelFormatRGB, rgbRow(picture)), nil
}

func inPlace(bounds image.Rectangle, data []byte, stride int, format PixelFormat) (pixels, error) {
	if err := fits(stride, "the picture's stride"); err != nil {
		return pixels{}, err
	}
	return pixels{data, format, int32(bounds.Dx()), int32(bounds.Dy()), int32(stride)}, nil
}

// copied calls fill for each row, with the place of its first pixel in the picture.
func copied(bounds image.Rectangle, format PixelFormat, fill func(row []byte, x, y int)) pixels {
	stride := bounds.Dx()
	if format == PixelFormatRGB {
		stride *= 3
	}
	data := make([]byte, stride*bounds.Dy())
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		fill(data[(y-bounds.Min.Y)*stride:][:stride], bounds.Min.X, y)
	}
	return pixels{data, format, int32(bounds.Dx()), int32(bounds.Dy()), int32(stride)}
}

// rgbRow returns what fills a row with the RGB samples of a picture, alpha not applied.
func rgbRow(picture image.Image) func(row []byte, x, y int) {
	switch p := picture.(type) {
	case *image.Paletted:
		colors := paletteColors(p.Palette)
		return func(row []byte, x, y int) {
			for i, index := range p.Pix[p.PixOffset(x, y):][:len(row)/3] {
				copy(row[3*i:], colors[index][:])
			}
		}
	case *image.YCbCr:
		return func(row []byte, x, y int) {
			for i := 0; i < len(row); i, x = i+3, x+1 {
				luma, chroma := p.YOffset(x, y), p.COffset(x, y)
				row[i], row[i+1], row[i+2] = color.YCbCrToRGB(p.Y[luma], p.Cb[chroma], p.Cr[chroma])
			}
		}
	case *image.NRGBA64:
		return func(row []byte, x, y int) { highBytes(row, p.Pix[p.PixOffset(x, y):], 3, 8) }
	case *image.RGBA64:
		if p.Opaque() {
			return func(row []byte, x, y int) { highBytes(row, p.Pix[p.PixOffset(x, y):], 3, 8) }
		}
	}
	return func(row []byte, x, y int) {
		for i := 0; i < len(row); i, x = i+3, x+1 {
			put(row[i:], picture.At(x, y))
		}
	}
}

// highBytes copies the first samples of pixels of 16-bit samples, which are big-endian, without
// their lower bytes.
func highBytes(row, source []byte, samples, pixelBytes int) {
	for i := range row {
		row[i] = source[i/samples*pixelBytes+i%samples*2]
	}
}

func paletteColors(palette color.Palette) (colors [256][3]byte) {
	for i, c := range palette {
		if i < len(colors) {
			put(colors[i][:], c)
		}
	}
	return colors
}

// put writes the samples of a colour with alpha divided out, where it had been multiplied in.
func put(samples []byte, c color.Color) {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	samples[0], samples[1], samples[2] = n.R, n.G, n.B
}
