"""What the tests of search and ingest share: a media folder of their own, and files as people have them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from catalog.fulltext import forget_vocabulary


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    forget_vocabulary()
    return tmp_path / "media"


@pytest.fixture
def sound_file(tmp_path: Path) -> Callable[..., Path]:
    """Make a sound file: a chord of the given pitches, so that no two files are alike unless asked to be."""

    def make(
        name: str, *, pitches: tuple[float, ...] = (220.0,), seconds: float = 4.0, folder: Path = tmp_path
    ) -> Path:
        time = np.arange(int(seconds * 22_050)) / 22_050
        samples = sum(np.sin(2 * np.pi * pitch * time) for pitch in pitches) / (2 * len(pitches))
        folder.mkdir(parents=True, exist_ok=True)
        subtype = "OPUS" if name.endswith(".opus") else None
        format_ = "OGG" if name.endswith((".opus", ".ogg")) else None
        rate = 24_000 if subtype else 22_050
        soundfile.write(folder / name, samples.astype("f4"), rate, subtype=subtype, format=format_)
        return folder / name

    return make


@pytest.fixture
def picture_bytes(tmp_path: Path) -> bytes:
    Image.new("RGB", (300, 300), (200, 30, 60)).save(tmp_path / "red.jpg")
    return (tmp_path / "red.jpg").read_bytes()
