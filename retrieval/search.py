"""Free-text search: meaning, words and names, fused.

Three rankings answer a query. *Meaning*: squared L2 between the query's vector and each song's in the space of a text
encoder. *Words*: BM25 of the stemmed query over names, genres, tags, summary and lyrics. Both are standardised over the
catalogue and added (a song without vector or without a word of the query stands at that ranking's mean or zero). *Names*:
a query that is wholly found among a song's names lifts that song above all others. On known-item search the z-score
sum beats reciprocal rank fusion, which throws the margins away (see benchmarks/search.py).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from catalog.fulltext import corrected, matching_songs, songs_named
from catalog.models import Song
from catalog.selectors import songs_by_key
from catalog.text import stem, telling, words
from fairouz_site.errors import InvalidInput
from fairouz_site.registry import PluginFailed, registry
from retrieval.distance import closeness
from retrieval.encoders.base import EncoderUnavailable
from retrieval.index.store import index_store
from retrieval.models import Space
from retrieval.services import Hit, nearest

# So many best of each ranking are looked at.
DEPTH = 400
MAX_RESULTS = 400

# A song without any word of the query must at least point somewhat the same way: cosine between unit vectors.
LEAST_COSINE = 0.3

# Longer queries are sentences: they are no names, and one misspelt word of them does no harm.
FEW_WORDS = 8

# In standard deviations; larger than any sum of the two z-scores met in practice.
NAME_BONUS, TITLE_BONUS, ARTIST_BONUS, EXACT_BONUS = 20.0, 40.0, 60.0, 80.0


@dataclass(frozen=True)
class SearchHit:
    """A song found by words; `reason` is name, lyrics, tag, words or meaning; `matched` the words that were found.

    Distance (squared L2) and closeness are those in the text space, None where the song has no vector.
    """

    rank: int
    song: Song
    distance: float | None
    closeness: float | None
    reason: str
    matched: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SearchResult:
    """One stretch of the answer: `count` songs were found in all, `hits` are those asked for.

    `keys` are all songs found, best first (int64, at most MAX_RESULTS); `corrections` maps words that occur nowhere to
    those used instead.
    """

    query: str
    keys: np.ndarray
    hits: list[SearchHit]
    corrections: Mapping[str, str]
    space: Space | None
    seconds: float

    @property
    def count(self) -> int:
        return len(self.keys)

    @property
    def milliseconds(self) -> float:
        return self.seconds * 1000


@dataclass(frozen=True)
class _Meaning:
    keys: np.ndarray  # int64 (n,)
    distances: np.ndarray  # float32 (n,)
    vector: np.ndarray  # float32 (dim,)


@dataclass(frozen=True)
class _Query:
    """The folded words meant, and the three answers that are fused."""

    meant: list[str]
    meaning: _Meaning | None
    lexical: Mapping[int, float]
    named: Mapping[int, float]


def search(query: str, *, allow: np.ndarray | None = None, start: int = 0, count: int = 24) -> SearchResult:
    """Find songs by free text, and return hits `start` to `start + count`, counted from 0.

    `allow` restricts the answer to these song keys. An empty query finds nothing. The same query always gives the same
    list; ties are broken by public id.
    """
    started = time.perf_counter()
    asked = words(query)
    space = query_space("text")
    if not asked:
        return SearchResult(query, np.empty(0, np.int64), [], {}, space, time.perf_counter() - started)
    corrections = _corrections(asked)
    meant = [corrections.get(word, word) for word in asked]
    meaning = _meaning(query, space)
    answers = _Query(meant, meaning, matching_songs(telling(meant), DEPTH), _named(meant))
    keys = _ranked(*_fused(answers, allow))[:MAX_RESULTS]
    hits = _hits(keys[start : start + count], start, answers)
    return SearchResult(query, keys, hits, corrections, space, time.perf_counter() - started)


def _corrections(asked: Sequence[str]) -> dict[str, str]:
    """What misspelt words were meant to be: only if the whole query so becomes a name, or was that one word.

    In a sentence an unknown word is more likely just a word that no song here says.
    """
    if len(asked) > FEW_WORDS:
        return {}
    corrections = corrected(asked)
    meant = [corrections.get(word, word) for word in asked]
    return corrections if corrections and (len(asked) == 1 or songs_named(meant, 1)) else {}


def query_space(modality: str) -> Space | None:
    """The space of `modality` that a query can be encoded into: the default if its encoder is here, else any such."""
    encoders = registry("encoder")
    for space in Space.objects.filter(modality=modality, key__in=encoders.keys()).order_by("-is_default", "key"):
        try:
            if encoders.get(space.key).encodes_queries:
                return space
        except PluginFailed:
            continue
    return None


def search_by(modality: str, item: Any, k: int, *, allow: np.ndarray | None = None) -> tuple[Space, list[Hit]]:
    """The k songs nearest to an uploaded picture (image) or sound (audio), in that modality's space.

    Raises InvalidInput when there is no such space or its encoder cannot run here.
    """
    space = query_space(modality)
    if space is None:
        raise InvalidInput.of(
            "file", f"Searching by {modality} is not possible here: no {modality} space has an encoder."
        )
    try:
        vector = registry("encoder").get(space.key).encode_queries([item])[0]
    except EncoderUnavailable as error:
        raise InvalidInput.of("file", str(error)) from None
    return space, nearest(vector, space, k, allow=allow)


def _meaning(query: str, space: Space | None) -> _Meaning | None:
    if space is None:
        return None
    index: Any = index_store().get(space)
    try:
        vector = registry("encoder").get(space.key).encode_queries([query])[0]
    except EncoderUnavailable:
        return None
    keys, distances = index.distances(vector)
    return _Meaning(keys, distances, vector) if len(keys) else None


def _named(meant: Sequence[str]) -> dict[int, float]:
    """Songs among whose names the whole query is found, with their bonus: more in the title, most when it is the name."""
    if len(meant) > FEW_WORDS:
        return {}
    whole = " ".join(meant)
    bonus = dict.fromkeys(songs_named(meant, DEPTH), NAME_BONUS)
    titled = Song.objects.filter(pk__in=list(bonus), folded_title__contains=whole) if bonus else Song.objects.none()
    bonus |= dict.fromkeys(titled.values_list("pk", flat=True), TITLE_BONUS)
    by_artist = Song.objects.filter(artists__folded_name=whole).values_list("pk", flat=True)[:DEPTH]
    exactly = Song.objects.filter(folded_title=whole).values_list("pk", flat=True)[:DEPTH]
    return bonus | dict.fromkeys(by_artist, ARTIST_BONUS) | dict.fromkeys(exactly, EXACT_BONUS)


def _fused(answers: _Query, allow: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Candidate keys int64 (m,), ascending, and their fused scores float64 (m,)."""
    meaning, lexical, named = answers.meaning, answers.lexical, answers.named
    total = len(meaning.keys) if meaning else max(len(lexical), 1)
    mean, deviation = _moments(np.fromiter(lexical.values(), float, len(lexical)), total)
    scores: dict[int, float] = {}
    if meaning is not None:
        near, standardised = _nearest_meaning(meaning, lexical.keys() | named.keys(), allow)
        scores = dict(zip(near.tolist(), standardised.tolist(), strict=True))
    for key in lexical.keys() | named.keys() | scores.keys():
        scores[key] = scores.get(key, 0.0) + (lexical.get(key, 0.0) - mean) / deviation + named.get(key, 0.0)
    keys = np.array(sorted(scores), dtype=np.int64)
    if allow is not None:
        keys = keys[np.isin(keys, allow)]
    return keys, np.array([scores[key] for key in keys.tolist()])


def _ranked(keys: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The keys by falling score; those that tie by public id."""
    values, counts = np.unique(scores, return_counts=True)
    tied = keys[np.isin(scores, values[counts > 1])].tolist()
    names = dict(Song.objects.filter(pk__in=tied).values_list("pk", "public_id")) if tied else {}
    order = sorted(range(len(keys)), key=lambda place: (-scores[place], names.get(int(keys[place]), "")))
    return keys[order]


def _moments(found: np.ndarray, total: int) -> tuple[float, float]:
    """Mean and standard deviation over `total` songs, those not found counting as zero."""
    mean = float(found.sum()) / total
    variance = float(np.square(found).sum()) / total - mean**2
    return mean, float(np.sqrt(variance)) if variance > 1e-12 else 1.0


def _nearest_meaning(meaning: _Meaning, also: set[int], allow: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Keys of the nearest songs and of those in `also`, with their z-score (higher is nearer)."""
    deviation = float(meaning.distances.std()) or 1.0
    scores = (float(meaning.distances.mean()) - meaning.distances) / deviation
    near = meaning.distances <= 2 - 2 * LEAST_COSINE if _is_unit(meaning.vector) else np.ones(len(scores), dtype=bool)
    if allow is not None:
        near &= np.isin(meaning.keys, allow)
    if near.sum() > DEPTH:
        near &= meaning.distances <= np.partition(meaning.distances[near], DEPTH)[DEPTH]
    keep = near | np.isin(meaning.keys, np.fromiter(also, np.int64, len(also)))
    return meaning.keys[keep], scores[keep]


def _is_unit(vector: np.ndarray) -> bool:
    return abs(float(vector @ vector) - 1.0) < 1e-3


def _hits(keys: np.ndarray, start: int, answers: _Query) -> list[SearchHit]:
    songs = songs_by_key(keys.tolist())
    figures = _figures(list(songs), answers.meaning)
    return [
        _hit(rank, songs[key], figures, answers) for rank, key in enumerate(keys.tolist(), start + 1) if key in songs
    ]


def _hit(rank: int, song: Song, figures: Mapping[int, tuple[float, float]], answers: _Query) -> SearchHit:
    distance, near = figures.get(song.pk, (None, None))
    reason, matched = _reason(song, answers)
    return SearchHit(rank, song, distance, near, reason, matched)


def _figures(keys: list[int], meaning: _Meaning | None) -> dict[int, tuple[float, float]]:
    """Distance and closeness of each song to the query, which is no song itself: all others count."""
    if meaning is None:
        return {}
    places = np.flatnonzero(np.isin(meaning.keys, keys))
    known, distances = meaning.keys[places].tolist(), meaning.distances[places]
    ordered = np.sort(meaning.distances)
    within = np.searchsorted(ordered, distances, side="right")
    total = len(ordered)
    return {
        key: (float(distance), closeness(total, int(count)))
        for key, distance, count in zip(known, distances, within, strict=True)
    }


def _reason(song: Song, answers: _Query) -> tuple[str, list[str]]:
    """Why the song is here, and which of its words match."""
    wanted = {stem(word) for word in telling(answers.meant)}
    names = _matching(" ".join(song.names()), wanted)
    tags = _matching(" ".join([*(g.name for g in song.genres.all()), *(t.name for t in song.tags.all())]), wanted)
    if song.pk in answers.named:
        return "name", names or list(answers.meant)
    if song.pk not in answers.lexical:
        return "meaning", []
    if names or tags:
        return ("name" if len(names) > len(tags) else "tag"), list(dict.fromkeys([*names, *tags]))
    lyrics = getattr(song, "lyrics", None)
    said = _matching(lyrics.readable_text, wanted) if lyrics else []
    return ("lyrics", said[:8]) if said else ("words", _matching(" ".join(song.searchable_words()), wanted)[:8])


def _matching(text: str, wanted: set[str]) -> list[str]:
    """The words of `text`, as written, whose stem is among `wanted`."""
    return [word for word in dict.fromkeys(text.split()) if any(stem(part) in wanted for part in words(word))]
