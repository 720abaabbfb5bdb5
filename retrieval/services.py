"""What people do with spaces: find similar songs, get recommendations, see why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from catalog.models import Song
from catalog.selectors import songs_by_key
from fairouz_site.errors import InvalidInput
from fairouz_site.registry import registry
from retrieval.distance import closeness, cosine, squared_l2, stretched_closeness
from retrieval.index.base import Index, Neighbours
from retrieval.index.store import index_store
from retrieval.models import Space
from retrieval.spaces import default_spaces, missing_reason

MAX_K = 100


@dataclass(frozen=True)
class Hit:
    """A song found: rank from 1, squared L2 distance, closeness 0..1 within the space searched.

    `spaces` maps other spaces' keys to the closeness of the pair there, None where either song is missing; `seed` is
    the song of several that brought the hit.
    """

    rank: int
    song: Song
    distance: float
    closeness: float
    spaces: Mapping[str, float | None] = field(default_factory=dict)
    seed: Song | None = None


@dataclass(frozen=True)
class Similar:
    """Hits of one song in one space; `missing` says why there can be none."""

    song: Song
    space: Space
    hits: list[Hit]
    missing: str = ""


@dataclass(frozen=True)
class SpaceEvidence:
    """How near a hit is to a query in one space; every figure is None when `missing` says why.

    distance: squared L2. cosine: -1..1. closeness: share of the other songs strictly farther from the query.
    rank: 1 + number of songs strictly nearer. stretched: the closeness drawn on the radar.
    """

    space: Space
    distance: float | None = None
    cosine: float | None = None
    closeness: float | None = None
    stretched: float | None = None
    rank: int | None = None
    others: int = 0
    missing: str = ""


@dataclass(frozen=True)
class Evidence:
    """One explainer's part: facts shared by kind, paths through the graph, sentences of its own."""

    shared: Mapping[str, list[str]] = field(default_factory=dict)
    paths: list[list[str]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Explanation:
    """Why `hit` is near `query` (the direction matters: closeness is counted from the query)."""

    query: Song
    hit: Song
    spaces: list[SpaceEvidence]
    shared: dict[str, list[str]]
    paths: list[list[str]]
    summary: str


def similar(song: Song, space: Space, k: int = 10, *, allow: np.ndarray | None = None) -> Similar:
    """The k nearest other songs of `song` in `space`, nearest first, ties by public id.

    `allow` restricts the answer to these song keys (int64). Asking for 10 gives 10 while there are 10.
    """
    index = index_store().get(space)
    vector = _vector(index, song)
    if vector is None:
        return Similar(song, space, [], missing_reason(song, space))
    found = _without(index.search(vector[None], k + 1, allow=allow)[0], song.pk)
    return Similar(song, space, _hits(index, vector, found, k, others=len(index) - 1, filtered=allow is not None))


def nearest(vector: np.ndarray, space: Space, k: int = 10, *, allow: np.ndarray | None = None) -> list[Hit]:
    """The k songs nearest to a vector, float32 (dim,), that belongs to no song: an upload's, a sentence's, a centroid."""
    index = index_store().get(space)
    if not len(index):
        return []
    found = index.search(vector[None], k, allow=allow)[0]
    return _hits(index, vector, found, k, others=len(index), filtered=allow is not None)


def with_spaces(similar: Similar) -> Similar:
    """The same hits, each with its closeness in every other default space (one scan a space)."""
    others = [space for space in default_spaces() if space.key != similar.space.key]
    columns = {space.key: pair_closeness(similar.song, [hit.song for hit in similar.hits], space) for space in others}
    hits = [replace(hit, spaces={key: column[hit.song.pk] for key, column in columns.items()}) for hit in similar.hits]
    return replace(similar, hits=hits)


def pair_closeness(query: Song, songs: Sequence[Song], space: Space) -> dict[int, float | None]:
    """Closeness of each of `songs` to `query` in `space`, by song key; None where either has no vector."""
    return {
        key: None if evidence.missing else evidence.closeness
        for key, evidence in _evidence(query, songs, space).items()
    }


def recommend(
    seeds: Sequence[Song],
    space: Space,
    k: int = 10,
    *,
    without: Sequence[Song] = (),
    strategy: str = "nearest",
    allow: np.ndarray | None = None,
) -> list[Hit]:
    """k songs for several seeds by the recommender plugin `strategy`; never a seed, never one of `without`."""
    if not seeds:
        raise InvalidInput.of("seed", "Name at least one seed song.")
    recommender = registry("recommender").get(strategy)
    return recommender.recommend(seeds, without, k, {"space": space, "allow": allow})


def explain(query: Song, hit: Song) -> Explanation:
    """Why `hit` is near `query`: per space, in shared facts and in one sentence."""
    spaces = [_evidence(query, [hit], space)[hit.pk] for space in default_spaces()]
    parts = [explainer.explain(query, hit) for explainer in registry("explainer").values()]
    shared: dict[str, list[str]] = {}
    for part in parts:
        for kind, names in part.shared.items():
            shared.setdefault(kind, []).extend(names)
    sentences = [_space_sentence(spaces), *(sentence for part in parts for sentence in part.sentences)]
    paths = [path for part in parts for path in part.paths]
    return Explanation(query, hit, spaces, shared, paths, " ".join(filter(None, sentences)))


def _vector(index: Index, song: Song) -> np.ndarray | None:
    found, vectors = index.vectors(np.array([song.pk]))
    return vectors[0] if len(found) else None


def _without(neighbours: Neighbours, key: int) -> Neighbours:
    keep = neighbours.ids != key
    return Neighbours(neighbours.ids[keep], neighbours.distances[keep])


def _hits(index: Index, vector: np.ndarray, found: Neighbours, k: int, *, others: int, filtered: bool) -> list[Hit]:
    """The first k of `found` as hits; closeness is counted over all `others`, also under a filter."""
    kept = _first(found, k)
    distances = np.array([distance for _, distance in kept])
    if filtered and kept:
        within = index.ranks(vector, distances)[1] - (len(index) - others)  # but the query itself
    else:
        within = np.searchsorted(found.distances, distances, side="right")
    return [
        Hit(rank, song, float(distance), closeness(others, int(count)))
        for rank, ((song, distance), count) in enumerate(zip(kept, within, strict=True), 1)
    ]


def _first(found: Neighbours, k: int) -> list[tuple[Song, float]]:
    """The k nearest with their songs, ties by public id."""
    distances = dict(zip(found.ids.tolist(), found.distances.tolist(), strict=True))
    keys = list(distances)
    if len(keys) > 2 * k:  # a crowd of ties at the edge: look at their public ids before loading whole songs
        names = dict(Song.objects.filter(pk__in=keys).values_list("pk", "public_id"))
        keys = sorted(names, key=lambda key: (distances[key], names[key]))[:k]
    songs = songs_by_key(keys)
    ordered = sorted(songs.values(), key=lambda song: (distances[song.pk], song.public_id))[:k]
    return [(song, distances[song.pk]) for song in ordered]


def _evidence(query: Song, songs: Sequence[Song], space: Space) -> dict[int, SpaceEvidence]:
    """The figures of each pair (query, song) in one space, by song key: one scan for all of them."""
    index = index_store().get(space)
    vector = _vector(index, query)
    found, vectors = index.vectors(np.array([song.pk for song in songs], dtype=np.int64))
    absent = {song.pk: song for song in songs} if vector is None else {}
    absent |= {song.pk: song for song in songs if song.pk not in set(found.tolist())}
    evidence = {
        key: SpaceEvidence(space, missing=missing_reason(query if vector is None else song, space))
        for key, song in absent.items()
    }
    if vector is None or not len(found):
        return evidence
    distances = squared_l2(vector, vectors)
    below, within = index.ranks(vector, distances)
    for place, key in enumerate(found.tolist()):
        evidence[key] = _pair(
            space, len(index) - 1, vector, vectors[place], distances[place], below[place], within[place]
        )
    return evidence


def _pair(space: Space, others: int, query, hit, distance, below, within) -> SpaceEvidence:
    # the query lies within every distance, and below every one but 0
    rank = int(below) + (1 if distance == 0 else 0)
    return SpaceEvidence(
        space=space,
        distance=float(distance),
        cosine=cosine(query, hit),
        closeness=closeness(others, int(within) - 1),
        stretched=stretched_closeness(others, rank),
        rank=rank,
        others=others,
    )


def _space_sentence(spaces: Iterable[SpaceEvidence]) -> str:
    """Name the strongest and the most contrary space."""
    known = [evidence for evidence in spaces if evidence.closeness is not None]
    if not known:
        return "The two songs have no space in common."
    best = min(known, key=lambda e: (e.rank or 0) / e.others if e.others else 0)
    worst = max(known, key=lambda e: (e.rank or 0) / e.others if e.others else 0)
    sentence = f"Closest by {best.space.modality}: {_standing(best)}."
    if len(known) > 1 and worst.closeness != best.closeness:
        sentence += f" Least alike by {worst.space.modality}: {_standing(worst)}."
    return sentence


def _standing(evidence: SpaceEvidence) -> str:
    return f"number {evidence.rank} of {evidence.others:,}"
