"""Backgrounds of the sample pictures, and the palettes that they are painted with."""

import functools

from canvas import EVERYWHERE, box, lit, tint

GREENS = ("#3f6b2a", "#587f35", "#6f9440", "#2f5524")
GRASS = ("#7fa548", "#5e8a36", "#93b356", "#6b8f3c")
STRAW = ("#c7ab6a", "#b3935a", "#d6bf85", "#9c8050")
EARTH = ("#7d6a4e", "#65543c", "#95825f", "#50432f")
OLIVES = ("#a4a98c", "#8c947a", "#b9bb9f", "#777f63")
GRAVEL = ("#c9c2b0", "#b5ad9a", "#d6d1c2", "#a39b88")
WATER = ("#3f6f96", "#5586ab", "#345f84", "#7ba3bf")


def step(draw):
    """Turns draw(canvas, ...) into a function of ... that returns a function of the canvas.

    PICTURES can then list what to draw before there is a canvas.
    """

    @functools.wraps(draw)
    def later(*arguments, **options):
        return lambda canvas: draw(canvas, *arguments, **options)

    return later


@step
def sky(canvas, top, bottom, clouds=0):
    """A clear or cloudy sky over the whole picture."""
    canvas.shape(EVERYWHERE, bottom)
    canvas.shape(box(0, 0, 100, 100), (top, bottom))
    canvas.blots((0, 10, 100, 95), (tint(bottom, 0.7), tint(bottom, 0.5)), clouds, 16)
    canvas.soften(3)


@step
def ground(canvas, y, colours):
    """A plain of short strokes from height `y` down: grass, straw or earth."""
    area = box(0, y, 100, 100)
    canvas.shape(area, (colours[0], tint(colours[1], -0.15)))
    canvas.strokes(area, colours, 900, 6)


@step
def water(canvas, y):
    """A sea from height `y` down."""
    area = box(0, y, 100, 100)
    canvas.shape(area, (WATER[1], WATER[2]))
    canvas.strokes(area, WATER, 260, 9, 0, 0.7)


@step
def wood(canvas, colours=GREENS):
    """Leaves out of focus."""
    canvas.shape(EVERYWHERE, colours[0])
    canvas.blots((0, 0, 100, 100), colours, 110, 13)
    canvas.soften(2)


@step
def street(canvas, y):
    """Pale sky, a row of trees and houses, and a road from height `y` down."""
    sky("#c9d8e4", "#e6eaec")(canvas)
    canvas.blots((0, y - 26, 100, y - 10), (*GREENS, "#a9a59b", "#76736c"), 50, 11)
    canvas.soften(1.5)
    canvas.shape(box(0, y, 100, 100), ("#8a8c8f", "#6c6e71"))


@step
def room(canvas, wall, cushion):
    """A wall and a cushion in a room, out of focus."""
    canvas.shape(EVERYWHERE, wall)
    canvas.shape(box(0, 0, 100, 100), lit(wall, 0.15))
    outline = [(-10, 110), (-5, 66), (30, 60), (70, 62), (106, 68), (110, 110)]
    canvas.blob(outline, lit(cushion, 0.2))
    canvas.soften(1.5)
