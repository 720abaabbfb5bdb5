"""What retrieval adds to other apps' pages."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from catalog.filters import SongFilter, allowed_songs
from catalog.models import Song
from fairouz_site.params import parse
from retrieval.models import Space
from retrieval.params import SimilarParams
from retrieval.services import similar
from retrieval.shapes import song_spaces_shape
from retrieval.spaces import default_spaces, resolve_space


class SimilarPanel:
    """The tabs of a song's page: its nearest songs in each space."""

    key = "similar"
    place = "song"
    order = 10
    template = "retrieval/_similar.html"

    def context(self, subject: Song, params: QueryDict) -> dict[str, Any] | None:
        return similar_context(subject, params) if Space.objects.exists() else None

    def shape(self, subject: Song) -> dict[str, Any]:
        return {"spaces": song_spaces_shape(subject)}


class SpacesPanel:
    """The home page's line of facts about the spaces."""

    key = "spaces"
    place = "home"
    order = 20
    template = "retrieval/_home_spaces.html"

    def context(self, subject: None, params: QueryDict) -> dict[str, Any] | None:
        spaces = default_spaces()
        return {"spaces": spaces} if spaces else None


def similar_context(song: Song, params: QueryDict) -> dict[str, Any]:
    """Everything that the tabs show; raise InvalidInput for an unknown space, and while there is none at all."""
    values = parse(SimilarParams, params)
    space = resolve_space(values["space"])
    answer = similar(song, space, values["k"], allow=allowed_songs(params))
    tabs = song_spaces_shape(song)
    return {
        "song": song,
        "similar": answer,
        "space": space,
        "tabs": tabs,
        "k": values["k"],
        "filter": SongFilter(params),
    }
