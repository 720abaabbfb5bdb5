"""The API twins of this app's pages."""

from __future__ import annotations

from django.forms import Form
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.filters import FacetFilter, allowed_songs
from catalog.selectors import song_by_public_id
from catalog.shapes import SongShape, song_shape
from fairouz_site.links import site
from fairouz_site.pagination import PageParams, page_shape
from fairouz_site.params import parse
from fairouz_site.shapes import api
from retrieval.params import (
    ClipUpload,
    CountParams,
    CoverUpload,
    IncludeParams,
    IngestUpload,
    OtherSongParams,
    SearchParams,
    SimilarParams,
)
from retrieval.requests import found_by_upload, ingested_uploads, search_page_of
from retrieval.selectors import songs_to_explain_against, spaces_with_facts
from retrieval.services import explain, similar, with_spaces
from retrieval.shapes import (
    ExplanationShape,
    FoundShape,
    IngestShape,
    SearchShape,
    SimilarShape,
    SpaceShape,
    explanation_shape,
    hit_shape,
    ingest_shape,
    search_hit_shape,
    similar_shape,
    space_shape,
)
from retrieval.spaces import resolve_space

FacetForm = FacetFilter().get_form_class()


@api(SimilarShape, SimilarParams, IncludeParams, FacetForm, operation="song_similar", summary="Nearest songs of a song")
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


@api(SearchShape, SearchParams, FacetForm, PageParams, operation="search", summary="Search by words")
def search_words(request: Request) -> Response:
    """Songs by meaning, words and names, best first; without `q`, none."""
    base = site(request)
    result, page = search_page_of(request)
    return Response(
        {
            **page_shape(page, request, lambda hit: search_hit_shape(hit, base)),
            "space": result.space.key if result.space else None,
            "corrections": dict(result.corrections),
            "seconds": round(result.seconds, 4),
        }
    )


@api(FoundShape, CountParams, FacetForm, operation="search_cover", summary="Search by a picture", upload=CoverUpload)
def search_cover(request: Request) -> Response:
    """Songs whose covers are nearest to the uploaded picture. Nothing is kept."""
    return _found(request, "image", CoverUpload)


@api(FoundShape, CountParams, FacetForm, operation="search_clip", summary="Search by a sound", upload=ClipUpload)
def search_clip(request: Request) -> Response:
    """Songs that sound nearest to the uploaded sound. Nothing is kept."""
    return _found(request, "audio", ClipUpload)


def _found(request: Request, modality: str, upload: type[Form]) -> Response:
    base = site(request)
    space, hits = found_by_upload(request, modality, upload)
    results = [hit_shape(hit, base) for hit in hits]
    return Response({"count": len(results), "next": None, "previous": None, "results": results, "space": space.key})


@api(
    IngestShape,
    operation="ingest",
    summary="Add sound files",
    upload=IngestUpload,
    permission="catalog.add_song",
)
def ingest_files(request: Request) -> Response:
    """Read tags and pictures, encode every modality, make the songs searchable at once. For curators."""
    return Response(ingest_shape(ingested_uploads(request)))


@api(SpaceShape, operation="spaces", summary="Spaces", many=True)
def spaces(request: Request) -> Response:
    """Every embedding space with its encoder, dimension and coverage."""
    results = [space_shape(f.space, f.vectors, f.songs, f.built_at) for f in spaces_with_facts()]
    return Response({"count": len(results), "next": None, "previous": None, "results": results})
