"""What the API says of hits, explanations and spaces."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from catalog.models import Song
from catalog.shapes import SongShape, SongSpaceShape, song_shape
from retrieval.ingest import Fate, IngestReport
from retrieval.models import Space, Vector
from retrieval.search import SearchHit
from retrieval.services import Explanation, Hit, Similar, SpaceEvidence
from retrieval.spaces import default_spaces, missing_reason


class HitShape(TypedDict):
    """`spaces` (asked for with include=spaces) maps other spaces to the closeness of the pair there."""

    rank: int
    song: SongShape
    distance: float
    closeness: float
    spaces: NotRequired[dict[str, float | None]]


class SimilarShape(TypedDict):
    """`missing` says why there can be no results, such as “no lyrics”."""

    query: str
    space: str
    count: int
    next: str | None
    previous: str | None
    results: list[HitShape]
    missing: str | None


class SpaceEvidenceShape(TypedDict):
    """Figures of a pair in one space, null when `missing` says why."""

    space: str
    modality: str
    distance: float | None
    cosine: float | None
    closeness: float | None
    stretched: float | None
    rank: int | None
    others: int
    missing: str | None


class ExplanationShape(TypedDict):
    query: SongShape
    hit: SongShape
    spaces: list[SpaceEvidenceShape]
    shared: dict[str, list[str]]
    paths: list[list[str]]
    summary: str


class SearchHitShape(TypedDict):
    """`reason` is name, tag, words or meaning; distance and closeness are null for a song without a text vector."""

    rank: int
    song: SongShape
    distance: float | None
    closeness: float | None
    reason: str
    matched: list[str]


class SearchShape(TypedDict):
    """`corrections` maps words that occur nowhere to the known ones searched for instead."""

    count: int
    next: str | None
    previous: str | None
    results: list[SearchHitShape]
    space: str | None
    corrections: dict[str, str]
    seconds: float


class FoundShape(TypedDict):
    """What an uploaded picture or sound found, in one space."""

    count: int
    next: str | None
    previous: str | None
    results: list[HitShape]
    space: str


class IngestLineShape(TypedDict):
    """`fate` is added, already there or skipped; `note` says why, or what to know; `id` is empty if skipped."""

    file: str
    fate: str
    id: str
    note: str


class IngestShape(TypedDict):
    added: int
    known: int
    skipped: int
    files: list[IngestLineShape]


class SpaceShape(TypedDict):
    key: str
    label: str
    modality: str
    default: bool
    dimension: int
    metric: str
    encoder: str
    revision: str
    vectors: int
    songs: int
    built_at: str


def hit_shape(hit: Hit, base: str = "") -> HitShape:
    shape: HitShape = {
        "rank": hit.rank,
        "song": song_shape(hit.song, base),
        "distance": hit.distance,
        "closeness": hit.closeness,
    }
    return {**shape, "spaces": dict(hit.spaces)} if hit.spaces else shape


def similar_shape(similar: Similar, base: str = "") -> SimilarShape:
    return {
        "query": similar.song.public_id,
        "space": similar.space.key,
        "count": len(similar.hits),
        "next": None,
        "previous": None,
        "results": [hit_shape(hit, base) for hit in similar.hits],
        "missing": similar.missing or None,
    }


def search_hit_shape(hit: SearchHit, base: str = "") -> SearchHitShape:
    return {
        "rank": hit.rank,
        "song": song_shape(hit.song, base),
        "distance": hit.distance,
        "closeness": hit.closeness,
        "reason": hit.reason,
        "matched": hit.matched,
    }


def ingest_shape(report: IngestReport) -> IngestShape:
    return {
        "added": report.count(Fate.ADDED),
        "known": report.count(Fate.KNOWN),
        "skipped": report.count(Fate.SKIPPED),
        "files": [
            {"file": line.file, "fate": line.fate.value, "id": line.public_id, "note": line.note}
            for line in report.lines
        ],
    }


def evidence_shape(evidence: SpaceEvidence) -> SpaceEvidenceShape:
    return {
        "space": evidence.space.key,
        "modality": evidence.space.modality,
        "distance": evidence.distance,
        "cosine": evidence.cosine,
        "closeness": evidence.closeness,
        "stretched": evidence.stretched,
        "rank": evidence.rank,
        "others": evidence.others,
        "missing": evidence.missing or None,
    }


def explanation_shape(explanation: Explanation, base: str = "") -> ExplanationShape:
    return {
        "query": song_shape(explanation.query, base),
        "hit": song_shape(explanation.hit, base),
        "spaces": [evidence_shape(evidence) for evidence in explanation.spaces],
        "shared": explanation.shared,
        "paths": explanation.paths,
        "summary": explanation.summary,
    }


def space_shape(space: Space, vectors: int, songs: int, built_at: str) -> SpaceShape:
    return {
        "key": space.key,
        "label": space.label,
        "modality": space.modality,
        "default": space.is_default,
        "dimension": space.dimension,
        "metric": space.metric,
        "encoder": space.encoder,
        "revision": space.revision,
        "vectors": vectors,
        "songs": songs,
        "built_at": built_at,
    }


def song_spaces_shape(song: Song) -> list[SongSpaceShape]:
    """For each default space, whether the song is there."""
    present = set(Vector.objects.filter(song=song).values_list("space_id", flat=True))
    return [
        {
            "space": space.key,
            "modality": space.modality,
            "label": space.label,
            "missing": None if space.pk in present else missing_reason(song, space),
        }
        for space in default_spaces()
    ]
