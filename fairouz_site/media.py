"""Serving covers and clips, with byte ranges, so that a player can seek."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http.response import Http404
from django.utils._os import safe_join
from django.utils.http import http_date
from django.views.decorators.http import require_safe

BYTES = re.compile(r"^bytes=([0-9]{0,18})-([0-9]{0,18})$")
CHUNK = 64 * 1024

# Said here, because a small system knows but a few of them by itself.
for kind, suffixes in {
    "audio/mpeg": (".mp3",),
    "audio/flac": (".flac",),
    "audio/ogg": (".ogg", ".oga", ".opus"),
    "audio/mp4": (".m4a", ".mp4"),
    "audio/aac": (".aac",),
    "audio/wav": (".wav",),
    "image/webp": (".webp",),
}.items():
    for suffix in suffixes:
        mimetypes.add_type(kind, suffix)
# Only what a browser shows as picture or sound is served inline: an uploaded page or script never is.
SERVED = ("image/", "audio/")


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """A media file, whole (200) or the asked part of it (206); 416 when the range lies outside."""
    file = _existing(path)
    # asked of the file found, not of the address: “x/../private/…” leads there too
    private = file.is_relative_to(Path(settings.MEDIA_ROOT).absolute() / settings.PRIVATE_MEDIA)
    if private and not (settings.PLAY_INGESTED or _curates(request)):
        raise Http404
    kind = mimetypes.guess_type(file.name)[0] or ""
    if not kind.startswith(SERVED) or kind == "image/svg+xml":
        raise Http404
    status = file.stat()
    span = _span(request.headers.get("Range", ""), status.st_size)
    if span is None:
        response: HttpResponseBase = HttpResponse(status=416, headers={"Content-Range": f"bytes */{status.st_size}"})
    elif span == (0, status.st_size):
        response = FileResponse(file.open("rb"), content_type=kind)
    else:
        response = _part(file, span, status.st_size, kind)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Last-Modified"] = http_date(status.st_mtime)
    response.headers["Cache-Control"] = "private, no-store" if private else "public, max-age=86400"
    return response


def _curates(request: HttpRequest) -> bool:
    return request.user.has_perm("catalog.change_song")


def _existing(path: str) -> Path:
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
        found = file.is_file()
    except (SuspiciousFileOperation, ValueError, OSError):  # outside, or no name that a file could have
        raise Http404 from None
    if not found:
        raise Http404
    return file


def _span(header: str, size: int) -> tuple[int, int] | None:
    """Start and end (exclusive) of the asked bytes; everything without a usable header, None if outside (RFC 9110, 14.1)."""
    match = BYTES.match(header)
    if not match or match.groups() == ("", ""):
        return 0, size
    first, last = match.groups()
    if not first:
        return (max(size - int(last), 0), size) if int(last) and size else None
    start, end = int(first), min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return 0, size
    return (start, end) if start < size else None


def _part(file: Path, span: tuple[int, int], size: int, kind: str) -> StreamingHttpResponse:
    start, end = span
    stream = file.open("rb")
    response = StreamingHttpResponse(_read(stream, start, end - start), status=206, content_type=kind)
    response.headers["Content-Length"] = str(end - start)
    response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _read(stream: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    with stream:
        stream.seek(start)
        while length > 0 and (data := stream.read(min(CHUNK, length))):
            length -= len(data)
            yield data
