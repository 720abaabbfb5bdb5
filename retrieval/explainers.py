"""Built-in explainer: the facts that two songs share."""

from __future__ import annotations

from catalog.models import Song
from catalog.text import folded
from retrieval.services import Evidence


class SharedFacts:
    """Shared artists, album, genres, keywords and emotions, compared without accents and capitals."""

    key = "shared"

    def explain(self, query: Song, hit: Song) -> Evidence:
        shared = {
            "artist": _common([a.name for a in query.artists.all()], [a.name for a in hit.artists.all()]),
            "album": [query.album.title] if query.album and query.album_id == hit.album_id else [],
            "genre": _common([g.name for g in query.genres.all()], [g.name for g in hit.genres.all()]),
            "keyword": _common(_tags(query, "keyword"), _tags(hit, "keyword")),
            "emotion": _common(_tags(query, "emotion"), _tags(hit, "emotion")),
        }
        found = {kind: names for kind, names in shared.items() if names}
        return Evidence(shared=found, sentences=[_sentence(found)] if found else [])


def _tags(song: Song, kind: str) -> list[str]:
    return [tag.name for tag in song.tags.all() if tag.kind == kind]


def _common(ours: list[str], theirs: list[str]) -> list[str]:
    known = {folded(name) for name in theirs}
    return [name for name in ours if folded(name) in known]


def _sentence(shared: dict[str, list[str]]) -> str:
    parts = [f"the {kind} {', '.join(f'“{name}”' for name in names)}" for kind, names in shared.items()]
    return f"They share {', '.join(parts[:-1])} and {parts[-1]}." if len(parts) > 1 else f"They share {parts[0]}."
