"""A placeholder cover, drawn from the song's own vector, so that like songs look alike."""

from __future__ import annotations

import hashlib

import numpy as np
from django.template.loader import render_to_string

from catalog.models import Song
from retrieval.models import Vector

PETALS = 5


def drawn_cover(song: Song) -> str:
    """An SVG of 320 × 320: overlapping discs whose places, sizes and hues come from the song's vector."""
    traits = _traits(song)
    hue = int(traits[0] * 360)
    discs = [
        {
            "x": round(40 + traits[1 + 3 * i] * 240),
            "y": round(40 + traits[2 + 3 * i] * 240),
            "r": round(40 + traits[3 + 3 * i] * 90),
            "hue": (hue + 25 * i) % 360,
        }
        for i in range(PETALS)
    ]
    return render_to_string("retrieval/art.svg", {"hue": hue, "discs": discs, "title": song.title})


def _traits(song: Song) -> np.ndarray:
    """Sixteen numbers in 0..1: signs and sizes of the song's default vector, or of its id when it has none."""
    row = Vector.objects.filter(song=song, space__is_default=True).order_by("space__key").first()
    if row is None:
        digest = hashlib.sha256(song.public_id.encode()).digest()
        return np.frombuffer(digest[:16], dtype=np.uint8) / 255.0
    vector = row.array().astype(np.float64)
    vector = np.resize(vector, max(len(vector), 16))  # a shorter one is repeated
    parts = np.array([part.mean() for part in np.array_split(vector, 16)])
    scale = vector.std() / np.sqrt(max(len(vector) // 16, 1)) or 1.0
    return 1.0 / (1.0 + np.exp(-(parts - vector.mean()) / scale))
