"""Whole-request time of pages and their API twins, against the bare faiss search and an empty Django view, in one run.

    python benchmarks/pages.py            (needs a published release: FAIROUZ_RELEASE, default ../shared/fairouz_release)

Requests go through the WSGI application in this process, middleware and all, without a network. Each figure is the
median of many rounds that alternate between all rows, so that a change of the machine's speed meets every row alike.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.common import machine, release_database  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "40"))


def main() -> None:
    release_database()
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    song, other = _two_songs()
    rows: dict[str, Callable[[], object]] = {
        "bare faiss search (joint, k=10)": _bare_search(song),
        "empty Django view": lambda: _get(application, "/healthz"),
        "hand-written view: one search, one query, JSON": _hand_written(song),
        "API similar": lambda: _get(application, f"/api/v1/songs/{song}/similar/"),
        "API similar, every space": lambda: _get(application, f"/api/v1/songs/{song}/similar/?include=spaces"),
        "API explain": lambda: _get(application, f"/api/v1/songs/{song}/explain/{other}/"),
        "API songs": lambda: _get(application, "/api/v1/songs/"),
        "page song": lambda: _get(application, f"/songs/{song}/"),
        "page similar": lambda: _get(application, f"/songs/{song}/similar/"),
        "page browse": lambda: _get(application, "/songs/"),
    }
    times = _alternating(rows)
    empty = times["empty Django view"]
    hand = times["hand-written view: one search, one query, JSON"]
    print(f"{machine()}; medians of {ROUNDS} alternating rounds\n")
    print("| what | ms | × empty view | × hand-written |\n|---|---:|---:|---:|")
    for name, seconds in times.items():
        print(f"| {name} | {seconds * 1000:.2f} | {seconds / empty:.1f} | {seconds / hand:.2f} |")


def _alternating(rows: dict[str, Callable[[], object]]) -> dict[str, float]:
    samples: dict[str, list[float]] = {name: [] for name in rows}
    for row in rows.values():
        row()
    for _ in range(ROUNDS):
        for name, row in rows.items():
            started = time.perf_counter()
            row()
            samples[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in samples.items()}


def _get(application: Callable, address: str) -> bytes:
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
    }
    status = []
    body = b"".join(application(environ, lambda line, headers: status.append(line)))
    if not status[0].startswith("200"):
        raise SystemExit(f"{address} answered {status[0]}: {body[:200]!r}")
    return body


def _two_songs() -> tuple[str, str]:
    from catalog.models import Song

    first, second = Song.objects.order_by("public_id").values_list("public_id", flat=True)[:2]
    return first, second


def _bare_search(public_id: str) -> Callable[[], object]:
    index, query = _index_and_query(public_id)
    return lambda: index.search(query, 11)


def _index_and_query(public_id: str):
    import faiss
    import numpy as np

    from catalog.models import Song
    from retrieval.encoding import all_vectors
    from retrieval.spaces import resolve_space

    keys, vectors = all_vectors(resolve_space("joint"))
    index = faiss.IndexFlatL2(vectors.shape[1])
    index.add(vectors)
    row = int(np.flatnonzero(keys == Song.objects.get(public_id=public_id).pk)[0])
    return index, vectors[row : row + 1].copy()


def _hand_written(public_id: str) -> Callable[[], object]:
    """What somebody would write in ten lines for this one job: flat search, one query for the titles, JsonResponse."""
    from django.http import JsonResponse

    from catalog.models import Song
    from retrieval.encoding import all_vectors
    from retrieval.spaces import resolve_space

    keys = all_vectors(resolve_space("joint"))[0]
    index, query = _index_and_query(public_id)

    def view() -> bytes:
        distances, rows = index.search(query, 11)
        found = [int(keys[row]) for row in rows[0]]
        titles = dict(Song.objects.filter(pk__in=found).values_list("pk", "title"))
        hits = [{"title": titles[key], "distance": float(d)} for key, d in zip(found, distances[0], strict=True)]
        return JsonResponse({"results": hits[1:]}).content

    return view


if __name__ == "__main__":
    main()
