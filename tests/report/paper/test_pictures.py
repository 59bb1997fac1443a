"""Pictures made small."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from lifezone.report.pictures import shrunk


def _png(pixels):
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    return out.getvalue()


def test_shrunk__plain_inks_stay_as_they_are():
    random = np.random.default_rng(1)
    inks = np.array([(26, 106, 156), (230, 190, 120), (74, 16, 8), (255, 255, 255)], np.uint8)
    pixels = inks[np.repeat(np.repeat(random.integers(0, 4, (20, 30)), 10, 0), 10, 1)]
    pixels[:40, :40] = random.integers(0, 255, (40, 40, 3))  # as many shades as letters and lines have
    made = np.asarray(Image.open(BytesIO(shrunk(_png(pixels)))).convert("RGB"))
    assert np.abs(made[40:].astype(int) - pixels[40:].astype(int)).max() <= 1


def test_shrunk__is_smaller_and_never_larger_than_it_was():
    noise = np.random.default_rng(2).integers(0, 255, (100, 100, 3)).astype(np.uint8)
    assert len(shrunk(_png(noise))) < len(_png(noise)) / 2
    tiny = _png(np.zeros((1, 1, 3), np.uint8))
    assert len(shrunk(tiny)) <= len(tiny)


def test_shrunk__keeps_proportions_when_made_narrower():
    made = Image.open(BytesIO(shrunk(_png(np.zeros((300, 400, 3), np.uint8)), most_px=200)))
    assert made.size == (200, 150)
