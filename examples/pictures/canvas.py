"""A small canvas over Pillow: smooth shapes with shaded fills, drawn large and then reduced.

Coordinates run from 0 to 100, x to the right and y down. A fill is a colour, or a pair of colours
that run from the shape's top to its bottom.
"""

import math
import random

from PIL import Image, ImageColor, ImageDraw, ImageFilter

SIDE = 256
SUPERSAMPLING = 4
PIXELS = SIDE * SUPERSAMPLING
UNIT = PIXELS / 100


def smooth(points, steps=10):
    """A closed Catmull-Rom curve through `points`, as a polygon."""
    curve = []
    for i in range(len(points)):
        a, b, c, d = (points[(i + k) % len(points)] for k in (-1, 0, 1, 2))
        curve += [spline(a, b, c, d, step / steps) for step in range(steps)]
    return curve


def spline(a, b, c, d, t):
    """The point at `t` in 0..1 on the Catmull-Rom piece from b to c."""
    weights = (
        (-t + 2 * t**2 - t**3) / 2,
        (2 - 5 * t**2 + 3 * t**3) / 2,
        (t + 4 * t**2 - 3 * t**3) / 2,
        (t**3 - t**2) / 2,
    )
    return tuple(sum(w * p[axis] for w, p in zip(weights, (a, b, c, d))) for axis in (0, 1))


def oval(x, y, rx, ry, angle=0, count=48):
    """An ellipse about (x, y), turned by `angle` degrees, as a polygon."""
    turn = math.radians(angle)
    circle = [(rx * math.cos(t), ry * math.sin(t)) for t in spread(0, 2 * math.pi, count)]
    return [
        (x + u * math.cos(turn) - v * math.sin(turn), y + u * math.sin(turn) + v * math.cos(turn))
        for u, v in circle
    ]


def spread(start, stop, count):
    """`count` evenly spaced numbers from `start` up to, without, `stop`."""
    return [start + (stop - start) * i / count for i in range(count)]


def box(left, top, right, bottom):
    """A rectangle as a polygon."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


EVERYWHERE = box(-50, -50, 150, 150)


def shaded(size, fill):
    """A picture of `size` filled with a colour or from top to bottom with a pair of colours."""
    top, bottom = (fill, fill) if isinstance(fill, str) else fill
    slope = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), slope)


def tint(colour, amount):
    """`colour` moved towards white (amount in 0..1) or towards black (amount in -1..0)."""
    goal = 255 if amount > 0 else 0
    mixed = [round(c + (goal - c) * abs(amount)) for c in ImageColor.getrgb(colour)]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def lit(colour, amount=0.3):
    """A pair of colours that makes a shape look lit from above."""
    return tint(colour, amount), tint(colour, -amount)


class Canvas:
    """One picture in the making. The same seed and calls give the same picture."""

    def __init__(self, seed):
        self.image = Image.new("RGB", (PIXELS, PIXELS))
        self.random = random.Random(seed)
        self.place()

    def place(self, scale=1.0, shift=(0, 0), angle=0, mirror=False):
        """Scales, turns and mirrors what is drawn from here on about the centre, then shifts it."""
        turn = math.radians(angle)
        across = scale * (-1 if mirror else 1)
        self.matrix = (
            across * math.cos(turn),
            -scale * math.sin(turn),
            across * math.sin(turn),
            scale * math.cos(turn),
        )
        self.shift = shift

    def to_pixels(self, points):
        a, b, c, d = self.matrix
        left, top = self.shift
        return [
            (
                (50 + left + a * (x - 50) + b * (y - 50)) * UNIT,
                (50 + top + c * (x - 50) + d * (y - 50)) * UNIT,
            )
            for x, y in points
        ]

    def mask(self, points):
        """(mask of the polygon, its box in pixels) cut to the picture; None for one outside."""
        pixels = self.to_pixels(points)
        xs, ys = zip(*pixels)
        left, top = max(0, int(min(xs))), max(0, int(min(ys)))
        right, bottom = min(PIXELS, int(max(xs)) + 1), min(PIXELS, int(max(ys)) + 1)
        if left >= right or top >= bottom:
            return None
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in pixels], fill=255)
        return mask, (left, top, right, bottom)

    def shape(self, points, fill):
        """A filled polygon."""
        found = self.mask(points)
        if found:
            mask, area = found
            self.image.paste(shaded(mask.size, fill), area[:2], mask)

    def blob(self, points, fill):
        """A filled smooth curve through `points`."""
        self.shape(smooth(points), fill)

    def ellipse(self, x, y, rx, ry, fill, angle=0):
        self.shape(oval(x, y, rx, ry, angle), fill)

    def limb(self, points, widths, fill):
        """A rounded stroke along `points` whose width goes from widths[0] to widths[1]."""
        pieces = len(points) - 1
        for i, (start, stop) in enumerate(zip(points, points[1:])):
            here, there = (widths[0] + (widths[1] - widths[0]) * k / pieces for k in (i, i + 1))
            self.link(start, stop, here / 2, there / 2, fill)

    def link(self, start, stop, first, second, fill):
        """Two discs, of the radii `first` and `second`, and the straight band between them."""
        length = math.dist(start, stop) or 1
        across = ((start[1] - stop[1]) / length, (stop[0] - start[0]) / length)
        corners = ((start, first), (stop, second), (stop, -second), (start, -first))
        self.shape([(x + r * across[0], y + r * across[1]) for (x, y), r in corners], fill)
        self.ellipse(*start, first, first, fill)
        self.ellipse(*stop, second, second, fill)

    def strokes(self, points, colours, count, length, angle=90, width=0.8):
        """`count` short lines of random colours inside a polygon: fur, grass, waves."""
        found = self.mask(points)
        if not found:
            return
        mask, area = found
        layer = self.image.crop(area)
        pen = ImageDraw.Draw(layer)
        for _ in range(count):
            turn = math.radians(angle + self.random.uniform(-25, 25))
            x, y = self.random.uniform(0, mask.width), self.random.uniform(0, mask.height)
            reach = length * UNIT * self.random.uniform(0.5, 1)
            end = (x + reach * math.cos(turn), y - reach * math.sin(turn))
            colour = self.random.choice(colours)
            pen.line([(x, y), end], fill=colour, width=max(1, round(width * UNIT)))
        self.image.paste(layer, area[:2], mask)

    def blots(self, area, colours, count, size):
        """`count` ellipses of random colours about the rectangle `area`."""
        left, top, right, bottom = area
        for _ in range(count):
            x, y = self.random.uniform(left, right), self.random.uniform(top, bottom)
            wide, high = (size * self.random.uniform(0.5, 1) for _ in range(2))
            self.ellipse(x, y, wide, high, self.random.choice(colours))

    def soften(self, radius):
        """Blurs all that is drawn so far, as a camera does behind its subject."""
        self.image = self.image.filter(ImageFilter.GaussianBlur(radius * UNIT))

    def finished(self):
        """The picture, SIDE x SIDE."""
        return self.image.reduce(SUPERSAMPLING)
