"""Indexes on disk and in the process.

On disk: ``<root>/<space>/<build>/`` holds an index's files and `manifest.json`; ``<root>/<space>/current`` names the
build in use and is replaced atomically. In the process: each worker maps the current build, follows the pointer, and
applies what the catalogue's log of changes says happened since it was built.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import logging
import os
import shutil
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import RLock, Thread

import numpy as np
from django.conf import settings
from django.db import connections, transaction

from catalog.changes import latest_change
from catalog.models import Change
from fairouz_site.registry import registry
from retrieval.index.base import DamagedIndex, Index
from retrieval.models import Space, Vector

logger = logging.getLogger(__name__)

FORMAT = 1
MANIFEST, CURRENT = "manifest.json", "current"

# Beyond so many songs changed since the build, a new build is cheaper than a delta in every worker.
DELTA_LIMIT = 5000


@dataclass(frozen=True)
class Manifest:
    """What a build holds; a build that disagrees with its manifest or with the database is not used."""

    space: str
    backend: str
    dimension: int
    count: int
    revision: str
    change: int
    built_at: str
    checksums: dict[str, str]
    format: int = FORMAT


@dataclass
class _Loaded:
    index: Index
    manifest: Manifest
    pointer: tuple[int, int]
    seen: int


class IndexStore:
    """The indexes of all spaces below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._locks: defaultdict[str, RLock] = defaultdict(RLock)  # one a space: rebuilding one holds up no other
        self._loaded: dict[str, _Loaded] = {}
        self._rebuilding: set[str] = set()

    def get(self, space: Space) -> Index:
        """The space's index, up to date with the database; built first where there is none or a damaged one."""
        with self._locks[space.key]:
            loaded = self._loaded.get(space.key)
            if (
                loaded is None
                or loaded.pointer != self._pointer(space.key)
                or loaded.manifest.revision != space.revision
            ):
                loaded = self._loaded[space.key] = self._open_or_build(space)
            self._follow_changes(space, loaded)
            return loaded.index

    def manifest(self, space: Space) -> Manifest:
        """The manifest of the build in use."""
        self.get(space)
        return self._loaded[space.key].manifest

    def warm_up(self) -> None:
        """Open every space's index and read its pages once, so that the first visitor does not wait."""
        for space in Space.objects.all():
            index = self.get(space)
            if len(index):
                index.search(np.zeros((1, space.dimension), dtype=np.float32), 1)

    def forget(self) -> None:
        """Drop what this process has loaded; the files stay."""
        self._loaded.clear()

    def build(self, space: Space) -> Manifest:
        """Build the space's index from the database aside, check it, and swap it in. One process builds at a time."""
        with self._building(space.key):
            return self._build(space)

    def _build(self, space: Space) -> Manifest:
        folder = self.root / space.key / uuid.uuid4().hex
        folder.mkdir(parents=True)
        try:
            change, ids, vectors = _database_vectors(space)
            index: Index = type(registry("index").get(settings.INDEX_BACKEND))()
            index.build(ids, vectors)
            index.save(folder)
            manifest = Manifest(
                space=space.key,
                backend=index.key,
                dimension=space.dimension,
                count=len(ids),
                revision=space.revision,
                change=change,
                built_at=datetime.now(UTC).isoformat(timespec="seconds"),
                checksums={file.name: _checksum(file) for file in sorted(folder.iterdir())},
            )
            _write_durably(folder / MANIFEST, json.dumps(asdict(manifest), indent=2))
            _open(folder, space)
            _write_durably(self.root / space.key / CURRENT, folder.name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._remove_old(space.key, keep=folder.name)
        return manifest

    def drop(self, key: str) -> None:
        """Remove a space's files altogether."""
        with self._locks[key]:
            self._loaded.pop(key, None)
            shutil.rmtree(self.root / key, ignore_errors=True)

    def _open_or_build(self, space: Space) -> _Loaded:
        try:
            return self._open_current(space)
        except DamagedIndex as reason:
            logger.warning("The index of %s is not used: %s. It is rebuilt from the database.", space.key, reason)
        with self._building(space.key):
            with contextlib.suppress(DamagedIndex):  # another process may have rebuilt it while we waited
                return self._open_current(space)
            self._build(space)
            # Somebody may have deleted a song meanwhile: what was just built is right as of its change number.
            return self._open_current(space, check_count=False)

    def _open_current(self, space: Space, *, check_count: bool = True) -> _Loaded:
        pointer = self._pointer(space.key)
        try:
            name = (self.root / space.key / CURRENT).read_text().strip()
        except OSError:
            raise DamagedIndex("there is none yet") from None
        index, manifest = _open(self.root / space.key / name, space)
        loaded = _Loaded(index, manifest, pointer, manifest.change)
        if latest_change() < manifest.change:
            raise DamagedIndex("it was built from another database")
        self._follow_changes(space, loaded)
        behind = loaded.seen < latest_change()
        if check_count and not behind and len(index) != Vector.objects.filter(space=space).count():
            raise DamagedIndex(f"it holds {len(index)} vectors, the database another number")
        return loaded

    def _pointer(self, key: str) -> tuple[int, int]:
        try:
            status = os.stat(self.root / key / CURRENT)
        except FileNotFoundError:
            return (0, 0)
        return (status.st_mtime_ns, status.st_ino)

    def _follow_changes(self, space: Space, loaded: _Loaded) -> None:
        newest = latest_change()
        if newest <= loaded.seen:
            return
        keys = list(
            Change.objects.filter(id__gt=loaded.seen, id__lte=newest)
            .values_list("song_key", flat=True)
            .distinct()[: DELTA_LIMIT + 1]
        )
        if len(keys) + loaded.index.pending > DELTA_LIMIT:
            self._rebuild_in_background(space)
            return
        _apply(space, loaded.index, np.unique(np.array(keys, dtype=np.int64)))
        loaded.seen = newest

    def _rebuild_in_background(self, space: Space) -> None:
        """Serve the old build until the new one is swapped in; another process may be building it already."""
        if space.key in self._rebuilding:
            return
        self._rebuilding.add(space.key)

        def rebuild() -> None:
            try:
                with self._building(space.key):
                    if self._is_behind(space):
                        self._build(space)
            except Exception:
                logger.exception("Rebuilding the index of %s failed", space.key)
            finally:
                self._rebuilding.discard(space.key)
                connections.close_all()

        Thread(target=rebuild, name=f"rebuild {space.key}", daemon=True).start()

    def _is_behind(self, space: Space) -> bool:
        try:
            manifest = _read_manifest(self.root / space.key / (self.root / space.key / CURRENT).read_text().strip())
        except (OSError, DamagedIndex):
            return True
        return latest_change() - manifest.change > DELTA_LIMIT

    @contextlib.contextmanager
    def _building(self, key: str) -> Iterator[None]:
        """Hold the space's build lock, across processes."""
        folder = self.root / key
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _remove_old(self, key: str, keep: str) -> None:
        """Remove builds other than the current one and the newest before it, which a worker may be opening."""
        builds = sorted(
            (entry for entry in (self.root / key).iterdir() if entry.is_dir() and entry.name != keep),
            key=lambda entry: entry.stat().st_mtime,
        )
        for old in builds[:-1]:
            shutil.rmtree(old, ignore_errors=True)


@cache
def index_store() -> IndexStore:
    """This process's store."""
    return IndexStore(settings.FAIROUZ_VAR / "indexes")


def _open(folder: Path, space: Space) -> tuple[Index, Manifest]:
    manifest = _read_manifest(folder)
    expected = (space.key, space.dimension, space.revision, settings.INDEX_BACKEND)
    if (manifest.space, manifest.dimension, manifest.revision, manifest.backend) != expected:
        raise DamagedIndex("its manifest is of another space, dimension, revision or back end")
    for name, checksum in manifest.checksums.items():
        if not (folder / name).is_file() or _checksum(folder / name) != checksum:
            raise DamagedIndex(f"its file {name} is missing or not as it was written")
    index: Index = type(registry("index").get(manifest.backend))()
    index.load(folder)
    if len(index) != manifest.count or (len(index) and index.dimension != space.dimension):
        raise DamagedIndex("its files do not hold what its manifest says")
    return index, manifest


def _read_manifest(folder: Path) -> Manifest:
    try:
        content = json.loads((folder / MANIFEST).read_text())
        manifest = Manifest(**content)
    except (OSError, ValueError, TypeError):
        raise DamagedIndex("its manifest is missing or unreadable") from None
    if manifest.format != FORMAT:
        raise DamagedIndex(f"its format is {manifest.format}, not {FORMAT}")
    return manifest


def _database_vectors(space: Space) -> tuple[int, np.ndarray, np.ndarray]:
    """The newest change and all vectors of the space, from one snapshot of the database."""
    with transaction.atomic():
        change = latest_change()
        count = Vector.objects.filter(space=space).count()
        ids, vectors = np.empty(count, dtype=np.int64), np.empty((count, space.dimension), dtype=np.float32)
        rows = Vector.objects.filter(space=space).order_by("song_id").values_list("song_id", "data")
        for row, (song_key, data) in enumerate(rows.iterator(chunk_size=5000)):
            ids[row], vectors[row] = song_key, np.frombuffer(data, dtype="<f4")
    return change, ids, vectors


def _apply(space: Space, index: Index, keys: np.ndarray) -> None:
    """Bring the vectors of the songs `keys` in line with the database."""
    rows = Vector.objects.filter(space=space, song_id__in=keys.tolist()).values_list("song_id", "data")
    found = {song_key: np.frombuffer(data, dtype="<f4") for song_key, data in rows}
    known, current = index.vectors(np.array(sorted(found), dtype=np.int64))
    same = {int(k) for k, vector in zip(known, current, strict=True) if np.array_equal(vector, found[int(k)])}
    changed = np.array([key for key in sorted(found) if key not in same], dtype=np.int64)
    index.remove(np.array([key for key in keys if int(key) not in found], dtype=np.int64))
    if len(changed):
        index.add(changed, np.stack([found[int(key)] for key in changed]))


def _checksum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write_durably(path: Path, text: str) -> None:
    """Replace `path` at once or not at all, also across a power cut."""
    aside = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    with aside.open("w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(aside, path)
