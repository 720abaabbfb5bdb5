"""What every encoder promises, and what the built-in ones share."""

import importlib
import os
import threading
from abc import abstractmethod
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from catalog.media.sound import Sound

__all__ = ["BatchEncoder", "Encoder", "EncoderUnavailable", "Lazy", "Progress", "Vectors", "check_vectors", "needed"]

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]
Modality = Literal["text", "image", "audio", "graph"]
Material = Literal["words", "picture", "sound", "edges"]
Loaded = TypeVar("Loaded")


class EncoderUnavailable(RuntimeError):
    """A library or a model file that an encoder needs is not there; its text is one sentence that says which."""


@runtime_checkable
class Encoder(Protocol):
    """Turns raw material into vectors of one space.

    An encoder is made without arguments, costs nothing until it is used, may be shared by threads and may be used by a
    process that was forked after it was made.
    """

    key: str
    """The key of its space, `modality.encoder`: "text.minilm"."""
    revision: str
    """Changes whenever the vectors would, so that stored ones are known to be stale."""
    modality: Modality
    dim: int
    takes: Material
    """What an item is: words = str, picture = PIL.Image, sound = catalog.media.sound.Sound, edges = see graph.randne."""
    encodes_queries: bool
    """Whether an item that belongs to no song can be encoded too, so that it can be searched with."""
    cost: str
    """A sentence for people: size of the model, time an item."""

    def encode(self, items: Sequence[Any], *, progress: Progress | None = None) -> Vectors:
        """One vector an item, in the items' order.

        Args:
            items: material of the kind in `takes`; may be empty.
            progress: called with (done, total) now and then and, at the end, with (total, total).

        Returns:
            float32 (n, dim), finite.

        Raises:
            TypeError: an item is of another kind.
            EncoderUnavailable: a library or a model file is missing.
        """
        ...

    def encode_queries(self, items: Sequence[Any]) -> Vectors:
        """The same for what is searched *with*: some models want a query marked as one."""
        return self.encode(items)


def check_vectors(vectors: NDArray[Any], *, count: int, dim: int, key: str = "encoder") -> Vectors:
    """The vectors themselves, when they are float32 (count, dim) and finite.

    Raises:
        ValueError: they are not; the sentence names the encoder.
    """
    if vectors.dtype != np.float32 or vectors.shape != (count, dim):
        expected = f"float32 {(count, dim)}"
        raise ValueError(f"{key} returned {vectors.dtype} {vectors.shape} where {expected} was expected.")
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if bad.size:
        raise ValueError(f"{key} returned a vector that is not finite for item {bad[0]} ({bad.size} in all).")
    return vectors


def needed(module: str, *, extra: str, by: str) -> ModuleType:
    """Import an optional library at the moment of use.

    Raises:
        EncoderUnavailable: it is not installed; the sentence says how to get it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        raise EncoderUnavailable(f'{by} needs {library}: pip install "fairouz[{extra}]".') from error


class Lazy(Generic[Loaded]):
    """A value made on first use, by one thread, once for each process.

    What a parent loaded is not used after a fork: thread pools and held locks do not survive one.
    """

    def __init__(self, make: Callable[[], Loaded]) -> None:
        self._make = make
        self._slots: dict[int, tuple[threading.Lock, list[Loaded]]] = {}

    def __call__(self) -> Loaded:
        lock, made = self._slots.setdefault(os.getpid(), (threading.Lock(), []))
        with lock:
            if not made:
                made.append(self._make())
            return made[0]


class BatchEncoder(Encoder):
    """The common part of the built-in encoders: items are checked, taken in batches, and the result is checked.

    A subclass says what a batch becomes (`_vectors`) and, where batches of like size are cheaper, how big an item is.
    """

    batch_size: ClassVar[int] = 32
    encodes_queries = True

    @abstractmethod
    def _vectors(self, batch: Sequence[Any]) -> NDArray[Any]:
        """float32 (len(batch), dim); batch is never empty."""

    def _size(self, item: Any) -> int:
        return 0

    def encode(self, items: Sequence[Any], *, progress: Progress | None = None) -> Vectors:
        items = self._checked(items)
        vectors = np.empty((len(items), self.dim), np.float32)
        order = sorted(range(len(items)), key=lambda i: self._size(items[i]))
        for start in range(0, len(order), self.batch_size):
            rows = order[start : start + self.batch_size]
            batch = self._vectors([items[row] for row in rows])
            vectors[rows] = check_vectors(batch, count=len(rows), dim=self.dim, key=self.key)
            if progress:
                progress(start + len(rows), len(order))
        return vectors

    def _checked(self, items: Sequence[Any]) -> Sequence[Any]:
        kind = _class_of(self.takes)
        # a string is a sequence of strings: one text in place of a list of texts would pass unnoticed
        for item in [items] if isinstance(items, str | bytes) else items:
            if not isinstance(item, kind) or item is items:
                raise TypeError(
                    f"{self.key} takes a list of {kind.__name__} ({self.takes}), not {type(item).__name__}."
                )
        return items


def _class_of(material: Material) -> type:
    if material == "picture":
        from PIL.Image import Image

        return Image
    return {"words": str, "sound": Sound}[material]
