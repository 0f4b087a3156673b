// SPDX-License-Identifier: MIT

package linnet

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	_ "image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rgbOf returns the samples of a picture as packed RGB.
func rgbOf(t *testing.T, picture image.Image) []byte {
	t.Helper()
	p, err := pixelsOf(picture)
	if err != nil {
		t.Fatal(err)
	}
	step := map[PixelFormat]int{PixelFormatGray: 1, PixelFormatRGB: 3, PixelFormatRGBA: 4}[p.format]
	var rgb []byte
	for y := 0; y < int(p.height); y++ {
		for x := 0; x < int(p.width); x++ {
			at := y*int(p.stride) + x*step
			if step == 1 {
				rgb = append(rgb, p.data[at], p.data[at], p.data[at])
			} else {
				rgb = append(rgb, p.data[at:at+3]...)
			}
		}
	}
	return rgb
}

func expectRGB(t *testing.T, picture image.Image, want ...byte) {
	t.Helper()
	if got := rgbOf(t, picture); !bytes.Equal(got, want) {
		t.Errorf("%T: got %v, want %v", picture, got, want)
	}
}

// set fills a picture of one row.
func set(picture draw.Image, colors ...color.Color) draw.Image {
	for i, c := range colors {
		picture.Set(picture.Bounds().Min.X+i, picture.Bounds().Min.Y, c)
	}
	return picture
}

// hidden is a picture of which only the interface can be seen.
type hidden struct{ image.Image }

func TestKindsOfPictures(t *testing.T) {
	row := image.Rect(-3, 5, -1, 6) // two pixels
	first, second := color.NRGBA{200, 100, 50, 255}, color.NRGBA{1, 2, 3, 255}
	want := []byte{200, 100, 50, 1, 2, 3}
	for _, picture := range []draw.Image{
		image.NewNRGBA(row), image.NewRGBA(row), image.NewNRGBA64(row), image.NewRGBA64(row),
		image.NewPaletted(row, color.Palette{color.Black, first, second}),
	} {
		expectRGB(t, set(picture, first, second), want...)
		expectRGB(t, hidden{picture}, want...)
	}
	grays := []color.Color{color.Gray{7}, color.Gray{250}}
	for _, picture := range []draw.Image{image.NewGray(row), image.NewGray16(row)} {
		expectRGB(t, set(picture, grays...), 7, 7, 7, 250, 250, 250)
	}
	expectRGB(t, set(image.NewCMYK(row), color.White, color.Black), 255, 255, 255, 0, 0, 0)
}

func TestAlphaIsIgnored(t *testing.T) {
	row := image.Rect(0, 0, 2, 1)
	clear, half := color.NRGBA{200, 100, 50, 0}, color.NRGBA{10, 20, 30, 128}
	want := []byte{200, 100, 50, 10, 20, 30}
	expectRGB(t, set(image.NewNRGBA(row), clear, half), want...)
	expectRGB(t, set(image.NewPaletted(row, color.Palette{clear, half}), clear, half), want...)
	deep := image.NewNRGBA64(row)
	deep.SetNRGBA64(0, 0, color.NRGBA64{0xC8FF, 0x64FF, 0x32FF, 0})
	deep.SetNRGBA64(1, 0, color.NRGBA64{0x0A00, 0x1400, 0x1E00, 0x8000})
	expectRGB(t, deep, want...)
}

// What multiplication by alpha has taken away does not come back.
func TestPremultipliedColors(t *testing.T) {
	row := image.Rect(0, 0, 2, 1)
	clear, half := color.NRGBA{200, 100, 50, 0}, color.NRGBA{10, 20, 200, 128}
	for _, picture := range []draw.Image{image.NewRGBA(row), image.NewRGBA64(row)} {
		got := rgbOf(t, set(picture, clear, half))
		if !bytes.Equal(got[:3], []byte{0, 0, 0}) {
			t.Errorf("%T: transparent pixel %v", picture, got[:3])
		}
		for i, sample := range []int{10, 20, 200} {
			if difference := int(got[3+i]) - sample; difference < -2 || difference > 2 {
				t.Errorf("%T: half transparent pixel %v", picture, got[3:])
			}
		}
	}
}

func TestYCbCr(t *testing.T) {
	picture := image.NewYCbCr(image.Rect(0, 0, 3, 2), image.YCbCrSubsampleRatio420)
	for i := range picture.Y {
		picture.Y[i] = byte(40 * i)
	}
	for i := range picture.Cb {
		picture.Cb[i], picture.Cr[i] = byte(90+i), byte(170-i)
	}
	expectRGB(t, picture, rgbOf(t, hidden{picture})...)
	part := picture.SubImage(image.Rect(1, 1, 3, 2))
	expectRGB(t, part, rgbOf(t, hidden{part})...)
}

func TestPartsOfPictures(t *testing.T) {
	whole := image.Rect(0, 0, 4, 3)
	for _, picture := range []interface {
		draw.Image
		SubImage(image.Rectangle) image.Image
	}{
		image.NewNRGBA(whole), image.NewRGBA(whole), image.NewGray(whole), image.NewGray16(whole),
		image.NewNRGBA64(whole), image.NewRGBA64(whole),
	} {
		for y := 0; y < 3; y++ {
			for x := 0; x < 4; x++ {
				gray := byte(10*y + x)
				picture.Set(x, y, color.NRGBA{gray, gray, gray, 255})
			}
		}
		part := picture.SubImage(image.Rect(2, 1, 4, 3))
		expectRGB(t, part, 12, 12, 12, 13, 13, 13, 22, 22, 22, 23, 23, 23)
	}
}

func TestPicturesThatAreNone(t *testing.T) {
	for _, picture := range []image.Image{
		nil, image.NewNRGBA(image.Rectangle{}), &image.NRGBA{}, image.NewUniform(color.White),
	} {
		_, err := pixelsOf(picture)
		refused(t, err, StatusInvalidArgument, "picture")
	}
}

// LINNET_PILLOW_PICTURES names a folder of NAME.png with the samples that Pillow sees in NAME.rgb;
// tests/go/test_modules.py makes it.
func TestSamplesAreThoseOfPillow(t *testing.T) {
	folder := os.Getenv("LINNET_PILLOW_PICTURES")
	if folder == "" {
		t.Skip("LINNET_PILLOW_PICTURES is not set")
	}
	paths, err := filepath.Glob(filepath.Join(folder, "*.png"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		picture, err := readPicture(path)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(strings.TrimSuffix(path, ".png") + ".rgb")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(rgbOf(t, picture), want) {
			t.Errorf("%s (%T) differs", path, picture)
		}
	}
}
