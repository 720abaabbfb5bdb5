"""Pages about spaces: similar songs, explanations, the spaces themselves, placeholders."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from catalog.filters import FacetFilter, allowed_songs
from catalog.selectors import example_queries, song_by_public_id
from fairouz_site.htmx import render_page
from fairouz_site.params import parse
from retrieval.art import drawn_cover
from retrieval.panels import similar_context
from retrieval.params import ClipUpload, CoverUpload, IngestUpload, OtherSongParams, SimilarParams
from retrieval.radar import radar
from retrieval.requests import found_by_upload, ingested_uploads, search_page_of
from retrieval.search import query_space
from retrieval.selectors import genre_facets, songs_to_explain_against, spaces_with_facts
from retrieval.services import explain, similar, with_spaces
from retrieval.spaces import default_spaces, resolve_space


@require_safe
def similar_page(request: HttpRequest, public_id: str) -> HttpResponse:
    song = song_by_public_id(public_id)
    return render_page(request, "retrieval/similar.html", similar_context(song, request.GET), fragment="similar")


@require_safe
def bars(request: HttpRequest, public_id: str) -> HttpResponse:
    """The five small bars of each hit of a list, which the page asks for after the list itself."""
    song = song_by_public_id(public_id)
    values = parse(SimilarParams, request.GET)
    answer = with_spaces(similar(song, resolve_space(values["space"]), values["k"], allow=allowed_songs(request.GET)))
    return render_page(
        request, "retrieval/bars.html", {"song": song, "similar": answer, "spaces": default_spaces()}, fragment="bars"
    )


@require_safe
def explain_page(request: HttpRequest, public_id: str, other_id: str) -> HttpResponse:
    explanation = explain(song_by_public_id(public_id), song_by_public_id(other_id))
    context = {"explanation": explanation, "radar": radar(explanation.spaces)}
    return render_page(request, "retrieval/explain.html", context, fragment="explanation")


@require_safe
def explain_pick(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose the song to explain against."""
    song = song_by_public_id(public_id)
    q = parse(OtherSongParams, request.GET)["q"]
    context = {"song": song, "q": q, "songs": songs_to_explain_against(song, q)}
    return render_page(request, "retrieval/explain_pick.html", context, fragment="choices")


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    result, page = search_page_of(request)
    facets = genre_facets(result.keys)
    context = {"result": result, "page": page, "facets": facets, "filter": FacetFilter(request.GET)}
    if not result.count:
        context["examples"] = example_queries()
    return render_page(request, "retrieval/search.html", context, fragment="results")


def search_cover(request: HttpRequest) -> HttpResponse:
    return _search_by_upload(request, "image", CoverUpload)


def search_clip(request: HttpRequest) -> HttpResponse:
    return _search_by_upload(request, "audio", ClipUpload)


@require_http_methods(["GET", "HEAD", "POST"])
def _search_by_upload(request: HttpRequest, modality: str, upload: type[Form]) -> HttpResponse:
    context: dict[str, Any] = {"modality": modality, "form": upload(), "possible": query_space(modality) is not None}
    if request.method == "POST":
        context["space"], context["hits"] = found_by_upload(request, modality, upload)
    return render_page(request, "retrieval/search_upload.html", context, fragment="results")


@permission_required("catalog.add_song", raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ingest_page(request: HttpRequest) -> HttpResponse:
    """Curators add sound files here."""
    report = ingested_uploads(request) if request.method == "POST" else None
    return render_page(request, "retrieval/ingest.html", {"report": report, "form": IngestUpload()}, fragment="report")


@require_safe
def spaces(request: HttpRequest) -> HttpResponse:
    return render_page(request, "retrieval/spaces.html", {"spaces": spaces_with_facts()}, fragment="spaces")


@require_safe
@cache_control(public=True, max_age=3600)
def art(request: HttpRequest, public_id: str) -> HttpResponse:
    """The drawn placeholder for a song without a cover that may be shown."""
    return HttpResponse(drawn_cover(song_by_public_id(public_id)), content_type="image/svg+xml")
