"""Free-text search, measured: known items on the published release, paraphrases on the bundled library, time a query.

    python benchmarks/search.py              (needs a published release: FAIROUZ_RELEASE, default ../shared/fairouz_release)

Known items: the query is the first sentence of a song's summary, looked for in a catalogue without any summary; then the
whole summary, stripped of every word that occurs in the song's keywords, so that little but the meaning is left.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.common import empty_database, machine, release_folder

K = 10


def main() -> None:
    tracks = json.loads((release_folder() / "tracks.json").read_text())
    empty_database()
    _import_without_summaries(tracks)
    queries = {song: _first_sentence(track["lyrics"]["summary"]) for song, track in tracks.items()}
    queries = {song: query for song, query in queries.items() if query}
    wholes = {song: tracks[song]["lyrics"]["summary"] for song in queries}
    stripped = {song: _without_keywords(whole, tracks[song]["lyrics"]["context"]) for song, whole in wholes.items()}
    print(f"{machine()}; {len(queries)} known items, recall@{K}\n")
    print("| query | words (BM25) | meaning | fused |\n|---|---:|---:|---:|")
    print("| first sentence of the summary | " + _recalls(queries))
    print("| whole summary without the words of the song's keywords | " + _recalls(stripped))
    _print_times(list(queries.values())[:200])


def _import_without_summaries(tracks: dict) -> None:
    from django.core.management import call_command

    with tempfile.TemporaryDirectory() as folder:
        bare = {song: {**track, "lyrics": {**track["lyrics"], "summary": ""}} for song, track in tracks.items()}
        (Path(folder) / "tracks.json").write_text(json.dumps(bare))
        (Path(folder) / "id_to_track_mapping.json").write_text(json.dumps(dict(enumerate(tracks))))
        call_command("import_release", folder, verbosity=0)
    call_command("encode", space=["text.minilm"], verbosity=0)


def _first_sentence(summary: str) -> str:
    return re.split(r"(?<=[.!?])\s", summary.strip())[0]


def _without_keywords(query: str, keywords: list[str] | str) -> str:
    from catalog.text import stem, words

    known = {stem(word) for keyword in keywords for word in words(keyword)}
    return " ".join(word for word in query.split() if not any(stem(part) in known for part in words(word)))


def _recalls(queries: dict[str, str]) -> str:
    figures = [_recall(queries, ranking) for ranking in (_by_words, _by_meaning, _fused)]
    return " | ".join(f"{figure:.3f}" for figure in figures) + " |"


def _recall(queries: dict[str, str], ranking) -> float:
    return sum(song in ranking(query) for song, query in queries.items()) / len(queries)


def _by_words(query: str) -> list[str]:
    from catalog.fulltext import matching_songs
    from catalog.models import Song
    from catalog.text import telling, words

    keys = list(matching_songs(telling(words(query)), K))
    return list(Song.objects.filter(pk__in=keys).values_list("public_id", flat=True))


def _by_meaning(query: str) -> list[str]:
    from fairouz_site.registry import registry
    from retrieval.services import nearest
    from retrieval.spaces import resolve_space

    vector = registry("encoder").get("text.minilm").encode_queries([query])[0]
    return [hit.song.public_id for hit in nearest(vector, resolve_space("text.minilm"), K)]


def _fused(query: str) -> list[str]:
    from retrieval.search import search

    return [hit.song.public_id for hit in search(query, count=K).hits]


def _print_times(queries: list[str]) -> None:
    from fairouz_site.registry import registry
    from retrieval.search import search

    encoder = registry("encoder").get("text.minilm")
    forward, whole = [], []
    for query in queries:
        for samples, call in ((forward, lambda q: encoder.encode_queries([q])), (whole, lambda q: search(q, count=K))):
            started = time.perf_counter()
            call(query)
            samples.append(time.perf_counter() - started)
    a, b = statistics.median(forward) * 1000, statistics.median(whole) * 1000
    print(f"\nA query, median: forward pass of the encoder {a:.1f} ms, whole search {b:.1f} ms, ratio {b / a:.2f}")


if __name__ == "__main__":
    main()
