"""Pictures and sounds as material: opened safely, refused in one clear sentence.

Nothing here touches the database or a model; a caller gets plain samples or pixels, or a `MediaError`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

__all__ = ["MediaError", "Source", "name_of", "opened"]

Source = str | os.PathLike[str] | BinaryIO


class MediaError(ValueError):
    """A file that cannot be used as a picture or a sound; its text is one sentence fit to be shown to a person."""


def name_of(source: Source) -> str:
    """The file's own name, without its folders: what a message may show."""
    path = source if isinstance(source, str | os.PathLike) else getattr(source, "name", None)
    return Path(path).name if isinstance(path, str | os.PathLike) and str(path) else "the file"


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """A seekable binary file at its beginning, from a path or from a file that is open already (and stays open).

    Raises:
        MediaError: the file is missing, unreadable or empty.
    """
    name = name_of(source)
    with nullcontext(source) if not isinstance(source, str | os.PathLike) else _open(source, name) as file:
        _rewind(file, name)
        yield file


def _open(path: str | os.PathLike[str], name: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise MediaError(f"{name} cannot be opened: {(error.strerror or 'unknown reason').lower()}.") from error


def _rewind(file: BinaryIO, name: str) -> None:
    if file.seek(0, os.SEEK_END) == 0:
        raise MediaError(f"{name} is empty (0 bytes).")
    file.seek(0)
