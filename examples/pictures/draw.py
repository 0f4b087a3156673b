"""Draws the sample pictures: three simple vector drawings of each class, as 256 x 256 PNG files.

The drawings need no fetched material and are the same on every run.
"""

import argparse
from pathlib import Path

from canvas import Canvas, box, lit, smooth, tint
from scenery import EARTH, GRASS, GRAVEL, OLIVES, STRAW
from scenery import ground, room, sky, step, street, water, wood

placed = step(Canvas.place)


# Parts that several classes share


def wheel(canvas, x, y, radius):
    """A tyre with a bright rim and a dark hub."""
    canvas.ellipse(x, y, radius, radius, "#1c1c1e")
    canvas.ellipse(x, y, 0.58 * radius, 0.58 * radius, ("#d5d7da", "#85878b"))
    canvas.ellipse(x, y, 0.2 * radius, 0.2 * radius, "#3a3b3e")


def shadow(canvas, x, y, rx, ry=3):
    """The dark patch on the ground below a subject."""
    canvas.ellipse(x, y, rx, ry, "#33342f")


def eye(canvas, x, y, radius, iris="#2a1a10", pupil=(0.6, 0.6)):
    """An eye with a dark rim, an iris, a pupil of pupil[0] x pupil[1] radii and a glint."""
    canvas.ellipse(x, y, 1.2 * radius, 1.1 * radius, "#1d1712")
    canvas.ellipse(x, y, radius, radius, iris)
    canvas.ellipse(x, y, pupil[0] * radius, pupil[1] * radius, "#0b0908")
    canvas.ellipse(x + 0.3 * radius, y - 0.4 * radius, 0.22 * radius, 0.22 * radius, "#ffffff")


def coat(canvas, points, colour, angle=90, count=350):
    """A body part with fur or feathers along `angle`."""
    curve = smooth(points)
    canvas.shape(curve, lit(colour, 0.22))
    canvas.strokes(curve, (tint(colour, 0.2), tint(colour, -0.2), colour), count, 5, angle, 0.5)


def both_sides(points):
    """`points`, and `points` mirrored about the vertical middle line."""
    return points, [(100 - x, y) for x, y in points]


def leg(canvas, joints, widths, colour):
    """A leg along `joints`, the last of which is the hoof."""
    canvas.limb(joints, widths, colour)
    x, y = joints[-1]
    canvas.ellipse(x + 0.6, y + 0.4, 0.8 * widths[1], 0.6 * widths[1], "#231b15")


def legs(canvas, colour, hips, widths, floor):
    """Four legs under the two hips (x, y), the far pair darker; feet at height `floor`."""
    (back, back_y), (front, front_y) = hips
    middle = (back_y + floor) / 2 + 3
    for inward, shade in ((5, -0.4), (0, -0.12)):
        fill = tint(colour, shade)
        x = back + inward
        leg(canvas, [(x, back_y), (x - 3, middle), (x - 1, floor)], widths, fill)
        x = front - inward
        leg(canvas, [(x, front_y), (x + 1, middle), (x + 1, floor)], widths, fill)


# Classes


@step
def airplane(canvas, body, trim):
    """An airliner from the side, nose to the right."""
    grey = lit(tint(body, -0.25), 0.15)
    canvas.shape([(50, 45), (61, 44), (45, 27), (39, 27)], grey)
    canvas.shape([(8, 48), (4, 25), (13, 25), (26, 46)], lit(trim, 0.2))
    above = [(4, 46), (20, 44), (50, 42), (80, 43), (92, 47)]
    below = [(96, 51), (90, 55), (75, 57), (40, 57), (18, 53)]
    canvas.blob(above + below, (tint(body, 0.4), tint(body, -0.35)))
    canvas.limb([(10, 50.5), (92, 51.5)], (1.2, 1.2), trim)
    for x in range(28, 84, 4):
        canvas.ellipse(x, 47.5, 1, 1.2, "#39465a")
    canvas.shape([(86, 45.5), (91, 47.5), (91, 49), (85, 48.5)], "#26303f")
    canvas.shape([(9, 49), (21, 50), (9, 60), (3, 60)], grey)
    canvas.shape([(41, 53), (61, 54), (34, 80), (26, 80)], (tint(body, -0.1), tint(body, -0.5)))
    canvas.ellipse(55, 63, 6.5, 2.8, lit(trim, 0.3))


@step
def automobile(canvas, paint, glass="#27323d"):
    """A car from the side, facing right."""
    shadow(canvas, 50, 77, 47)
    roof = [(26, 47), (36, 35), (50, 32), (64, 35), (76, 47)]
    front, back = [(91, 51), (96, 58), (95, 69), (86, 73)], [(13, 73), (4, 66), (5, 55), (14, 50)]
    canvas.blob(roof + front + [(50, 73)] + back, (tint(paint, 0.3), tint(paint, -0.35)))
    canvas.shape([(31, 47), (39, 37), (50, 35.5), (50, 47)], (tint(glass, 0.35), glass))
    canvas.shape([(53, 47), (53, 35.5), (62, 37.5), (71, 47)], (tint(glass, 0.35), glass))
    canvas.limb([(8, 56), (92, 57)], (0.8, 0.8), tint(paint, 0.5))
    canvas.limb([(51.5, 47), (51.5, 70)], (0.6, 0.6), tint(paint, -0.5))
    canvas.ellipse(92, 57, 3, 2.2, "#fff6d2")
    canvas.ellipse(7, 57, 2.4, 2.2, "#b3231d")
    canvas.limb([(5, 70), (95, 70)], (2.4, 2.4), "#3b3c3f")
    for x in (23, 77):
        canvas.ellipse(x, 70, 11.5, 11.5, tint(paint, -0.7))
        wheel(canvas, x, 71, 9.5)


@step
def bird(canvas, back, breast, beak="#4a3c2c"):
    """A songbird on a branch, facing right."""
    canvas.limb([(-5, 84), (40, 78), (105, 72)], (6, 4), ("#6d5640", "#453525"))
    for x in (48, 54):
        canvas.limb([(x, 62), (x + 2, 77)], (1.6, 1.4), "#5b4632")
    canvas.shape([(32, 54), (41, 62), (16, 92), (8, 88)], lit(tint(back, -0.25), 0.2))
    coat(canvas, [(30, 60), (38, 44), (54, 34), (64, 36), (70, 46), (62, 60), (46, 68)], breast, 40)
    coat(canvas, [(55, 26), (66, 17), (76, 22), (78, 32), (72, 44), (58, 44)], back, 40, 150)
    canvas.blob([(66, 37), (76, 34), (74, 42), (69, 50), (63, 46)], tint(breast, 0.1))
    coat(canvas, [(20, 74), (34, 46), (52, 38), (58, 46), (50, 60), (32, 70)], back, 45)
    for y in (50, 56, 62):
        canvas.limb([(24 + (62 - y), 71 - (62 - y) / 2), (52, y - 6)], (0.8, 1.2), tint(back, -0.5))
    canvas.shape([(77, 25), (89, 30), (77, 32)], lit(beak, 0.2))
    eye(canvas, 71, 26, 2.2)


@step
def cat(canvas, fur, belly, iris="#c5c24a"):
    """A cat that faces the viewer, with upright ears and whiskers."""
    dark = tint(fur, -0.55)
    coat(canvas, [(14, 110), (20, 78), (38, 64), (62, 64), (80, 78), (86, 110)], fur)
    canvas.blob([(38, 110), (38, 76), (50, 70), (62, 76), (62, 110)], lit(belly, 0.1))
    for ear in both_sides([(22, 42), (23, 8), (46, 26)]):
        canvas.shape(ear, lit(fur, 0.2))
    for inner in both_sides([(27, 34), (27, 16), (40, 27)]):
        canvas.shape(inner, "#c4938a")
    head = [(50, 22), (70, 27), (80, 44), (74, 62), (50, 73), (26, 62), (20, 44), (30, 27)]
    coat(canvas, head, fur)
    forehead = ([(50, 23), (50, 35)], [(44, 24), (45, 35)], [(37, 27), (40, 36)])
    cheek = ([(21, 48), (31, 51)], [(23, 56), (32, 56)])
    for line in forehead + cheek:
        for stripe in both_sides(line):
            canvas.limb(stripe, (2.4, 1), dark)
    for x in (44.5, 55.5):
        canvas.ellipse(x, 62, 8, 6.5, lit(belly, 0.1))
    for x in (38, 62):
        eye(canvas, x, 47, 5.5, iris, (0.3, 0.9))
    canvas.shape([(46.5, 55.5), (53.5, 55.5), (50, 59.5)], "#b5736c")
    for mouth in both_sides([(50, 59), (50, 62), (45, 65)]):
        canvas.limb(mouth, (0.8, 0.6), "#4b3630")
    for y in (58, 62, 66):
        for whisker in both_sides([(42, 61 + (y - 60) / 4), (14, y)]):
            canvas.limb(whisker, (0.5, 0.3), "#f2efe8")


@step
def deer(canvas, fur):
    """A deer without antlers from the side, facing right."""
    legs(canvas, fur, ((30, 52), (60, 52)), (6, 2.2), 92)
    body = [(22, 46), (32, 40), (50, 42), (64, 40), (68, 48), (62, 58), (46, 58), (28, 57)]
    coat(canvas, body, fur, 0)
    canvas.ellipse(45, 57, 14, 2.6, tint(fur, 0.45))
    canvas.ellipse(22, 48, 3, 5, "#efe6d6", 20)
    coat(canvas, [(56, 46), (66, 32), (70, 20), (77, 22), (77, 32), (70, 52)], fur, 60, 120)
    canvas.blob([(70, 20), (78, 18), (90, 26), (89, 30), (80, 30), (72, 28)], lit(fur, 0.2))
    canvas.ellipse(89, 27.5, 1.7, 1.7, "#221a16")
    canvas.ellipse(67, 18, 6, 2.4, lit(tint(fur, -0.1)), 25)
    canvas.ellipse(75, 15, 5.5, 2.2, lit(fur), 120)
    eye(canvas, 79, 22.5, 1.3)


@step
def antlers(canvas):
    """The antlers of deer(), the far one paler."""
    for side, horn in ((0, "#7d6548"), (4, "#5e4a35")):
        canvas.limb([(73 + side, 17), (68 + 2 * side, 8), (72 + 2 * side, -2)], (2, 1), horn)
        canvas.limb([(69 + 2 * side, 9), (77 + side, 4)], (1.5, 0.8), horn)
        canvas.limb([(69 + 2 * side, 5), (62 + side, 0)], (1.5, 0.8), horn)


@step
def dog(canvas, fur, ears, muzzle):
    """A dog that faces the viewer, with hanging ears and its tongue out."""
    coat(canvas, [(16, 112), (24, 80), (38, 66), (62, 66), (76, 80), (84, 112)], fur)
    canvas.blob([(36, 112), (38, 80), (50, 72), (62, 80), (64, 112)], lit(muzzle, 0.1))
    head = [(50, 14), (68, 19), (75, 36), (68, 58), (50, 72), (32, 58), (25, 36), (32, 19)]
    coat(canvas, head, fur)
    for ear in both_sides([(33, 18), (22, 20), (13, 38), (13, 58), (21, 63), (28, 50), (31, 34)]):
        coat(canvas, ear, ears, 90, 120)
    blaze = [(50, 16), (54, 30), (63, 50), (62, 66), (50, 72), (38, 66), (37, 50), (46, 30)]
    canvas.blob(blaze, lit(muzzle, 0.1))
    canvas.blob([(45, 66), (50, 64), (55, 66), (54, 79), (50, 82), (46, 79)], lit("#d4707a", 0.15))
    for mouth in both_sides([(50, 58), (50, 65), (44, 68), (38, 65)]):
        canvas.limb(mouth, (1.4, 0.9), "#30231d")
    nose = [(43, 49), (50, 47.5), (57, 49), (55, 55), (50, 58), (45, 55)]
    canvas.blob(nose, ("#4a4443", "#100d0d"))
    for x in (39.5, 60.5):
        eye(canvas, x, 37, 3.2)


@step
def frog(canvas, skin, belly):
    """A frog that sits, facing right."""
    dark = tint(skin, -0.45)
    shadow(canvas, 48, 86, 40, 4)
    canvas.limb([(62, 62), (70, 74), (64, 84), (74, 86)], (9, 4), lit(tint(skin, -0.25), 0.1))
    back, front = [(12, 78), (16, 60), (32, 42), (54, 30), (72, 26)], [(88, 38), (91, 50), (82, 62)]
    canvas.blob(back + front + [(66, 76), (40, 84)], (tint(skin, 0.25), tint(skin, -0.35)))
    canvas.blob([(89, 51), (80, 62), (66, 75), (50, 80), (58, 66), (72, 54)], lit(belly, 0.15))
    canvas.limb([(91, 47), (80, 51), (66, 49)], (1.2, 0.9), tint(skin, -0.65))
    spots = ((30, 52, 4), (42, 43, 4.5), (54, 38, 3.5), (44, 56, 3.5), (56, 50, 3), (66, 40, 2.5))
    for x, y, size in spots:
        canvas.ellipse(x, y, size, 0.75 * size, dark, -25)
    canvas.limb([(14, 82), (36, 87), (54, 86)], (7, 4), lit(tint(skin, -0.3), 0.1))
    canvas.ellipse(32, 70, 21, 11, lit(skin, 0.25), -28)
    for x, y in ((24, 70), (34, 64), (42, 60)):
        canvas.limb([(x, y), (x + 3, y + 6)], (3, 2), dark)
    canvas.limb([(66, 62), (58, 74), (64, 86)], (9, 4.5), lit(skin, 0.2))
    for x in (60, 66, 71):
        canvas.limb([(64, 85), (x, 89)], (2.6, 2), skin)
    canvas.ellipse(73, 29, 8.5, 8, lit(skin, 0.3))
    eye(canvas, 74, 28, 5.2, "#d8a93a", (0.75, 0.55))
    canvas.ellipse(88, 42, 0.8, 0.8, dark)


@step
def horse(canvas, fur, mane):
    """A horse from the side, facing right."""
    tail = [(22, 38), (26, 42), (20, 52), (19, 72), (12, 76), (11, 60), (15, 44)]
    canvas.blob(tail, lit(mane, 0.15))
    legs(canvas, fur, ((31, 54), (63, 54)), (8, 3.4), 91)
    coat(canvas, [(26, 40), (36, 46), (36, 60), (29, 68), (23, 62), (19, 48)], fur, 80, 100)
    coat(canvas, [(62, 42), (71, 44), (69, 60), (63, 68), (57, 60), (56, 48)], fur, 80, 100)
    body = [(19, 44), (28, 36), (48, 40), (62, 36), (72, 43), (68, 55), (48, 59), (26, 55)]
    coat(canvas, body, fur, 0)
    neck = [(54, 41), (66, 24), (73, 11), (82, 15), (82, 26), (74, 46), (66, 52)]
    coat(canvas, neck, fur, 60, 160)
    head = [(73, 12), (82, 12), (92, 28), (94, 35), (89, 38), (80, 28), (75, 24)]
    coat(canvas, head, fur, -50, 60)
    crest = [(74, 8), (70, 14), (62, 24), (52, 38), (55, 43), (65, 32), (75, 16)]
    canvas.blob(crest, lit(mane, 0.15))
    for x in (75, 80):
        canvas.blob([(x - 0.5, 13), (x + 1.2, 6), (x + 4.2, 12)], lit(fur, 0.2))
    canvas.limb([(77, 11), (83, 19)], (2.6, 1.4), mane)
    canvas.ellipse(91.5, 34, 0.9, 1.1, "#1b1512")
    eye(canvas, 83, 19, 1.4)


@step
def ship(canvas, hull, funnel="#c8402f", cargo=()):
    """A ship at sea, bow to the right; `cargo` lists the colours of containers on deck."""
    for top, left, right in ((46, 14, 30 if cargo else 74), (38, 17, 27 if cargo else 62)):
        canvas.shape(box(left, top, right, top + 9), ("#f1f1ec", "#d0d0cb"))
        for x in range(left + 3, right - 2, 4):
            canvas.shape(box(x, top + 3, x + 2, top + 5), "#3b4a5c")
    canvas.shape([(20, 38), (21, 26), (29, 26), (30, 38)], lit(funnel, 0.2))
    canvas.shape(box(20.5, 26, 29.3, 29), "#26272a")
    for i, colour in enumerate(cargo):
        left, top = 35 + 11 * (i // 2), 47 - 8 * (i % 2)
        canvas.shape(box(left, top, left + 10, top + 8), lit(colour, 0.15))
    canvas.limb([(80, 54), (80, 28)], (1, 0.6), "#54585c")
    canvas.shape([(5, 53), (97, 50), (88, 72), (12, 72)], (tint(hull, 0.15), tint(hull, -0.3)))
    canvas.limb([(5, 53.5), (97, 50.5)], (1.6, 1.6), "#f4f4f0")
    canvas.shape([(10.7, 68), (90, 68), (88, 72), (12, 72)], "#8c2f26")
    foam = [(2, 73), (20, 71), (50, 72.5), (80, 71), (99, 73), (80, 75.5), (20, 75.5)]
    canvas.blob(foam, "#dfe9ee")


@step
def truck(canvas, cab, load):
    """A lorry with a box body from the side, facing right."""
    shadow(canvas, 50, 83, 48)
    canvas.shape(box(4, 70, 95, 76), "#2d2e31")
    canvas.shape(box(3, 22, 63, 70), (tint(load, 0.3), tint(load, -0.2)))
    for x in range(9, 63, 6):
        canvas.limb([(x, 23), (x, 69)], (0.5, 0.5), tint(load, -0.25))
    canvas.limb([(3, 22.5), (63, 22.5)], (1.2, 1.2), tint(load, -0.4))
    front = [(66, 74), (66, 32), (70, 28), (86, 30), (92, 48), (96, 52), (96, 74)]
    canvas.shape(front, lit(cab, 0.25))
    canvas.shape([(73, 49), (73, 35), (84, 36), (88.5, 49)], ("#5a6b7a", "#222b34"))
    canvas.limb([(71, 33), (71, 72)], (0.6, 0.6), tint(cab, -0.5))
    canvas.shape(box(90, 56, 96, 60), "#fff4cf")
    canvas.shape(box(88, 68, 97, 74), "#4b4d50")
    for x in (15, 31, 81):
        wheel(canvas, x, 76, 8.5)


CARGO = ("#b8452f", "#2f6fa3", "#d0a23c", "#3f8a55", "#7d8288", "#b8452f", "#2f6fa3", "#d0a23c")

PICTURES = {
    "airplane": (
        (sky("#3f7fc4", "#b4d3ea", 10), placed(angle=-12), airplane("#e9edf0", "#2a4f93")),
        (sky("#8fb4d6", "#dfe9ef"), placed(0.9, (0, 0), 8, True), airplane("#e4e4e0", "#b8322c")),
        (sky("#5c93cf", "#a9cbe6"), placed(0.8, (2, -4), -20), airplane("#9aa3ab", "#4b545d")),
    ),
    "automobile": (
        (street(62), automobile("#c02a26")),
        (street(58), placed(0.95, mirror=True), automobile("#2c58a8")),
        (street(64), automobile("#c9ccd0")),
    ),
    "bird": (
        (wood(), bird("#7d6043", "#c9b594")),
        (sky("#a9c6dc", "#dde6e6"), placed(0.9, mirror=True), bird("#54606e", "#c4743f")),
        (wood(OLIVES), bird("#4a4440", "#b9a98f")),
    ),
    "cat": (
        (room("#b9a58c", "#7a4c44"), cat("#8f8579", "#e7e1d8")),
        (room("#8d9aa3", "#c9c2b4"), placed(0.95), cat("#c98a4c", "#f1e3cf")),
        (room("#d9cfc0", "#56606e"), cat("#4c4845", "#dedad4", "#9fc25a")),
    ),
    "deer": (
        (wood(), ground(74, GRASS), placed(0.95, (0, 2)), deer("#9a6b41"), antlers()),
        (
            wood(STRAW),
            ground(70, STRAW),
            placed(0.95, (0, 2), mirror=True),
            deer("#8a6140"),
            antlers(),
        ),
        (wood(), ground(66, GRASS), placed(0.9, (0, 3)), deer("#b07c4c")),
    ),
    "dog": (
        (wood(GRASS), dog("#c99a5b", "#a8763d", "#ead6b4")),
        (room("#b8b2a8", "#6b5a4c"), dog("#ece6da", "#b98e5e", "#f7f3ea")),
        (wood(GRASS), placed(0.95), dog("#3a332f", "#2a2421", "#c9935a")),
    ),
    "frog": (
        (wood(EARTH), ground(70, EARTH), frog("#6f9a3a", "#d9d79a")),
        (wood(), placed(mirror=True), frog("#8a7a45", "#d8c89a")),
        (wood(GRAVEL), frog("#4f7d35", "#c8cf8f")),
    ),
    "horse": (
        (sky("#9dbfdc", "#dfe8ea"), ground(58, GRASS), horse("#7a4526", "#2a1b13")),
        (wood(), ground(68, GRASS), placed(mirror=True), horse("#4a2f20", "#1d1410")),
        (sky("#b9cbd8", "#e4e6e0"), ground(62, STRAW), horse("#d9d2c6", "#a9a196")),
    ),
    "ship": (
        (sky("#8db6d8", "#dce8ee"), water(62), ship("#22365c")),
        (sky("#b5cbdb", "#e9eef0"), water(60), ship("#8a2f2a", cargo=CARGO)),
        (sky("#6fa3cf", "#d3e3ec"), water(62), placed(mirror=True), ship("#f2f2ee", "#2c5a9c")),
    ),
    "truck": (
        (street(66), truck("#2d5fae", "#e6e8ea")),
        (street(64), placed(mirror=True), truck("#b92d27", "#c7ccd0")),
        (street(68), truck("#e9e9e6", "#3f7a4a")),
    ),
}


def draw_all(folder):
    """Writes <class>_<n>.png, n from 1, for every drawing in PICTURES."""
    for label, drawings in PICTURES.items():
        for number, steps in enumerate(drawings, 1):
            canvas = Canvas(f"{label} {number}")
            for draw in steps:
                draw(canvas)
            canvas.finished().save(folder / f"{label}_{number}.png", optimize=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to fill")
    draw_all(parser.parse_args().out)


if __name__ == "__main__":
    main()
