"""Reading facts about spaces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import Count

from catalog.models import Genre, Song
from catalog.suggest import suggestions
from retrieval.index.store import index_store
from retrieval.models import Space
from retrieval.services import similar
from retrieval.spaces import ORDER, resolve_space


@dataclass(frozen=True)
class SpaceFacts:
    """A space with how many of the catalogue's songs it covers and when its index was built (ISO time, UTC)."""

    space: Space
    vectors: int
    songs: int
    built_at: str

    @property
    def coverage(self) -> float:
        """Share of the catalogue's songs that have a vector here, 0..1."""
        return self.vectors / self.songs if self.songs else 0.0


def spaces_with_facts() -> list[SpaceFacts]:
    songs = Song.objects.count()
    spaces = sorted(
        Space.objects.annotate(vector_count=Count("vectors")),
        key=lambda s: (ORDER.index(s.modality), not s.is_default, s.key),
    )
    return [SpaceFacts(space, space.vector_count, songs, index_store().manifest(space).built_at) for space in spaces]


def songs_to_explain_against(song: Song, q: str, count: int = 12) -> list[Song]:
    """Songs that the words typed suggest; without words the nearest songs in the first space."""
    if not q.strip():
        return [hit.song for hit in similar(song, resolve_space(), count).hits] if Space.objects.exists() else []
    return [found for found in suggestions(q, count + 1).songs if found.pk != song.pk][:count]


def genre_facets(keys: np.ndarray, count: int = 12) -> list[tuple[str, int]]:
    """The genres most frequent among these songs, with their number of songs."""
    if not len(keys):
        return []
    genres = Genre.objects.filter(songs__in=keys.tolist()).annotate(number=Count("songs"))
    return list(genres.order_by("-number", "folded_name").values_list("name", "number")[:count])
