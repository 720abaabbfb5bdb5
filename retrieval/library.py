"""Library folders: the bundled library is built into one, and loaded from it."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np

from catalog.drafts import ImportFailed
from retrieval import binding
from retrieval.encoding import encode_space
from retrieval.imports import ImportReport, Progress, import_path
from retrieval.models import Space, Vector
from retrieval.spaces import default_spaces

ENCODERS = ("text.minilm", "image.layout", "audio.librosa", "graph.randne")
MODEL = Path("models") / "joint.npz"


def load_library(path: Path, *, progress: Progress | None = None) -> ImportReport:
    """Load a library folder with its vectors, and the model that new songs are folded in by.

    Raises ImportFailed, with nothing kept, when the folder cannot be used.
    """
    report = import_path("library", path, progress=progress)
    space = Space.objects.filter(key=binding.KEY).first()
    if (path / MODEL).is_file() and space is not None:
        target = binding.model_file(space.revision)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path / MODEL, target)
    return report


def add_vectors(folder: Path, *, progress: Progress | None = None) -> None:
    """Encode the songs of a library folder, bind them and write the vectors beside them.

    The database must be empty: it is filled on the way. Raises ImportFailed when it is not.
    """
    if Space.objects.exists():
        raise ImportFailed("The database must be empty: set FAIROUZ_VAR to a new folder.")
    import_path("library", folder, progress=progress)
    for key in ENCODERS:
        encode_space(key, progress=partial(_tell, progress, key))
    space, _ = binding.bind(progress=lambda done, total, *_: _tell(progress, "bind", done, total))
    (folder / MODEL).parent.mkdir(exist_ok=True)
    shutil.copyfile(binding.model_file(space.revision), folder / MODEL)
    content = json.loads((folder / "library.json").read_text(encoding="utf-8"))
    content["spaces"] = [_export(folder, space) for space in default_spaces()]
    (folder / "library.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _export(folder: Path, space: Space) -> dict[str, str]:
    """Write the vectors of a space as `vectors/<key>.npz` (ids, float32 vectors), and return its entry."""
    rows = list(Vector.objects.filter(space=space).order_by("song__public_id").values_list("song__public_id", "data"))
    file = f"vectors/{space.key}.npz"
    (folder / "vectors").mkdir(exist_ok=True)
    vectors = np.stack([np.frombuffer(data, "<f4") for _, data in rows])
    np.savez_compressed(folder / file, ids=np.array([name for name, _ in rows]), vectors=vectors)
    described = ("key", "label", "modality", "encoder", "revision")
    return {name: getattr(space, name) for name in described} | {"file": file}


def _tell(progress: Progress | None, what: str, done: int, total: int) -> None:
    if progress:
        progress(what, done, total)
