"""Full text over songs: what is written into it, and what a query finds there."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from modelsearch.backends import get_search_backend
from modelsearch.query import Or, PlainText
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.changes import latest_change
from catalog.models import Album, Artist, Genre, Song, Tag
from catalog.selectors import with_facts
from catalog.text import stem

# The vocabulary behind typo correction may lag behind the catalogue by so many seconds.
VOCABULARY_AGE = 60.0


def update_fulltext(keys: Sequence[int]) -> None:
    """Write the songs with these keys into full text; call it in the transaction that changes them."""
    songs = list(with_facts(Song.objects.filter(pk__in=keys)).select_related("lyrics"))
    get_search_backend().get_index_for_model(Song).add_items(Song, songs)


def matching_songs(query_words: Sequence[str], limit: int) -> dict[int, float]:
    """Song keys whose words hold any of `query_words` (folded), with their BM25 score (higher is better), best first."""
    wanted = list(dict.fromkeys(stem(word) for word in query_words))
    if not wanted:
        return {}
    backend = get_search_backend()
    if _is_sqlite(backend):
        return _sqlite_scores(" OR ".join(map(_quoted, wanted)), "{title body}", limit)
    found = backend.search(Or([PlainText(word) for word in wanted]), Song).annotate_score("score")[:limit]
    return {song.pk: song.score or 0.0 for song in found}


def songs_named(query_words: Sequence[str], limit: int, *, typing: bool = False) -> list[int]:
    """Song keys whose names (title, artists, album) hold all of `query_words`, best first.

    With `typing`, each word may be just the beginning of a longer one.
    """
    if not query_words:
        return []
    backend = get_search_backend()
    if _is_sqlite(backend):
        terms = " AND ".join(_quoted(word) + ("*" if typing else "") for word in query_words)
        return list(_sqlite_scores(terms, "{autocomplete}", limit))
    return [song.pk for song in backend.autocomplete(" ".join(query_words), Song, operator="and")[:limit]]


def _is_sqlite(backend: Any) -> bool:
    """Told by name: the class itself cannot be imported where the database is another."""
    return type(backend).__name__ == "SQLiteSearchBackend"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _sqlite_scores(terms: str, columns: str, limit: int) -> dict[int, float]:
    """Ask SQLite's FTS5 table itself: the library's own query runs the match again for every row it scores."""
    content_type = ContentType.objects.get_for_model(Song).pk
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry.object_id, -hit.score FROM"
            " (SELECT rowid, rank AS score FROM modelsearch_indexentry_fts"
            "  WHERE modelsearch_indexentry_fts MATCH %s ORDER BY rank LIMIT %s) AS hit"
            " JOIN modelsearch_indexentry AS entry ON entry.id = hit.rowid AND entry.content_type_id = %s",
            [f"{columns} : ({terms})", limit, content_type],
        )
        return {int(key): float(score) for key, score in cursor.fetchall()}


@dataclass
class _Vocabulary:
    """Words of all names, for guessing what a misspelt one was meant to be."""

    words: frozenset[str] = frozenset()
    made: float = 0.0
    change: int = -1
    lock: Lock = field(default_factory=Lock)

    def current(self) -> frozenset[str]:
        with self.lock:
            if self.change < 0 or (time.monotonic() - self.made > VOCABULARY_AGE and latest_change() != self.change):
                self.change, self.made = latest_change(), time.monotonic()
                self.words = frozenset(word for name in _all_names() for word in name.split() if len(word) > 3)
            return self.words


_vocabulary = _Vocabulary()


def _all_names() -> Iterable[str]:
    yield from Song.objects.values_list("folded_title", flat=True).iterator(chunk_size=10_000)
    yield from Artist.objects.values_list("folded_name", flat=True).iterator(chunk_size=10_000)
    yield from Album.objects.values_list("folded_title", flat=True).iterator(chunk_size=10_000)
    for model in (Genre, Tag):
        yield from model._default_manager.values_list("folded_name", flat=True).iterator(chunk_size=10_000)


def _occurs(word: str) -> bool:
    """Whether any song holds the word, or a name begins with it."""
    if not _is_sqlite(get_search_backend()):
        return bool(matching_songs([word], 1) or songs_named([word], 1, typing=True))
    either = f"({{title body}} : {_quoted(stem(word))}) OR ({{autocomplete}} : {_quoted(word)}*)"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM modelsearch_indexentry_fts WHERE modelsearch_indexentry_fts MATCH %s LIMIT 1", [either]
        )
        return cursor.fetchone() is not None


def corrected(query_words: Sequence[str]) -> dict[str, str]:
    """For each word that occurs nowhere, the like word of some name: one slip in four to seven letters, two in more."""
    corrections = {}
    for word in query_words:
        if len(word) < 4 or _occurs(word):
            continue
        slips = 1 if len(word) < 8 else 2
        known = [name for name in _vocabulary.current() if abs(len(name) - len(word)) <= slips]
        best = process.extractOne(word, sorted(known), scorer=OSA.distance, score_cutoff=slips)
        if best:
            corrections[word] = best[0]
    return corrections


def forget_vocabulary() -> None:
    """Make the next correction look at the catalogue anew."""
    _vocabulary.change = -1
