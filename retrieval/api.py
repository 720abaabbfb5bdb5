"""The API twins of this app's pages."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from catalog.filters import SongFilter, allowed_songs
from catalog.selectors import song_by_public_id
from catalog.shapes import SongShape, song_shape
from fairouz_site.links import site
from fairouz_site.params import parse
from fairouz_site.shapes import api
from retrieval.params import IncludeParams, OtherSongParams, SimilarParams
from retrieval.selectors import songs_to_explain_against, spaces_with_facts
from retrieval.services import explain, similar, with_spaces
from retrieval.shapes import ExplanationShape, SimilarShape, SpaceShape, explanation_shape, similar_shape, space_shape
from retrieval.spaces import resolve_space

FilterForm = SongFilter().get_form_class()


@api(
    SimilarShape, SimilarParams, IncludeParams, FilterForm, operation="song_similar", summary="Nearest songs of a song"
)
def similar_songs(request: Request, public_id: str) -> Response:
    """The k nearest other songs in one space, nearest first. A song without a vector there has `missing` say why."""
    song = song_by_public_id(public_id)
    values, include = parse(SimilarParams, request.GET), parse(IncludeParams, request.GET)["include"]
    answer = similar(song, resolve_space(values["space"]), values["k"], allow=allowed_songs(request.GET))
    return Response(similar_shape(with_spaces(answer) if "spaces" in include else answer, site(request)))


@api(ExplanationShape, operation="song_explain", summary="Why one song is near another")
def explain_pair(request: Request, public_id: str, other_id: str) -> Response:
    """Per space the squared L2 distance, the cosine and the closeness counted from the first song; then shared facts."""
    explanation = explain(song_by_public_id(public_id), song_by_public_id(other_id))
    return Response(explanation_shape(explanation, site(request)))


@api(SongShape, OtherSongParams, operation="song_explain_candidates", summary="Songs to explain against", many=True)
def explain_candidates(request: Request, public_id: str) -> Response:
    """Songs that match `q`, or without it the nearest ones."""
    songs = songs_to_explain_against(song_by_public_id(public_id), parse(OtherSongParams, request.GET)["q"])
    results = [song_shape(song, site(request)) for song in songs]
    return Response({"count": len(results), "next": None, "previous": None, "results": results})


@api(SpaceShape, operation="spaces", summary="Spaces", many=True)
def spaces(request: Request) -> Response:
    """Every embedding space with its encoder, dimension and coverage."""
    results = [space_shape(f.space, f.vectors, f.songs, f.built_at) for f in spaces_with_facts()]
    return Response({"count": len(results), "next": None, "previous": None, "results": results})
