"""Pages of the catalogue. Each parses, calls a selector and renders; each has its twin in `catalog.api`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from catalog import about as paper
from catalog.filters import SongFilter, SortForm, filtered_songs, sorted_songs
from catalog.models import Album, Artist, Genre, Song, Tag
from catalog.selectors import (
    albums_with_counts,
    artists_with_counts,
    catalogue_counts,
    example_queries,
    genres_with_counts,
    playable_wav,
    song_by_public_id,
    songs_of_the_day,
    tags_with_counts,
    with_facts,
)
from catalog.suggest import SuggestParams, suggestions
from fairouz_site.htmx import render_page
from fairouz_site.pagination import paginate
from fairouz_site.panels import filled_panels
from fairouz_site.params import parse


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    counts = catalogue_counts()
    if not counts["songs"]:
        return render_page(request, "catalog/welcome.html", {}, fragment="welcome")
    context = {
        "counts": counts,
        "start": songs_of_the_day(12),
        "examples": example_queries(),
        "genres": genres_with_counts()[:12],
        "panels": filled_panels("home", None, request.GET),
    }
    return render_page(request, "catalog/home.html", context, fragment="home")


@require_safe
def songs(request: HttpRequest) -> HttpResponse:
    return _song_list(request, "catalog/songs.html", {})


def _song_list(
    request: HttpRequest, template: str, context: dict[str, Any], base: QuerySet[Song] | None = None
) -> HttpResponse:
    """A filtered, sorted page of songs, as browse and every artist, genre and tag show it."""
    sort = parse(SortForm, request.GET)["sort"]
    found = with_facts(sorted_songs(filtered_songs(request.GET, base), sort))
    context |= {
        "page": paginate(found, request),
        "filter": SongFilter(request.GET),
        "sort_form": SortForm(request.GET or None),
    }
    return render_page(request, template, context, fragment="songs")


@require_safe
def song(request: HttpRequest, public_id: str) -> HttpResponse:
    subject = song_by_public_id(public_id)
    context = {"song": subject, "panels": filled_panels("song", subject, request.GET)}
    return render_page(request, "catalog/song.html", context, fragment="song")


@require_safe
def sound(request: HttpRequest, public_id: str) -> HttpResponse:
    """The song's sound as WAV, for browsers that cannot play its own format."""
    wav = playable_wav(song_by_public_id(public_id), request.user)
    return HttpResponse(wav, content_type="audio/wav", headers={"Cache-Control": "private, max-age=3600"})


@require_safe
def artists(request: HttpRequest) -> HttpResponse:
    return _index(request, "Artists", artists_with_counts())


@require_safe
def albums(request: HttpRequest) -> HttpResponse:
    return _index(request, "Albums", albums_with_counts())


@require_safe
def genres(request: HttpRequest) -> HttpResponse:
    return _index(request, "Genres", genres_with_counts())


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    return _index(request, "Tags", tags_with_counts())


def _index(request: HttpRequest, title: str, rows: QuerySet[Any]) -> HttpResponse:
    context = {"title": title, "page": paginate(rows, request)}
    return render_page(request, "catalog/index.html", context, fragment="index")


@require_safe
def artist(request: HttpRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Artist, pk=pk)
    context = {"kind": "artist", "subject": subject, "albums": albums_with_counts().filter(artist=subject)[:60]}
    return _song_list(request, "catalog/group.html", context, Song.objects.filter(artists=subject))


@require_safe
def album(request: HttpRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Album.objects.select_related("artist"), pk=pk)
    return _song_list(
        request, "catalog/group.html", {"kind": "album", "subject": subject}, Song.objects.filter(album=subject)
    )


@require_safe
def genre(request: HttpRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Genre, pk=pk)
    return _song_list(
        request, "catalog/group.html", {"kind": "genre", "subject": subject}, Song.objects.filter(genres=subject)
    )


@require_safe
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    subject = get_object_or_404(Tag, pk=pk)
    return _song_list(
        request, "catalog/group.html", {"kind": "tag", "subject": subject}, Song.objects.filter(tags=subject)
    )


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    q = parse(SuggestParams, request.GET)["q"]
    return render_page(request, "catalog/suggest.html", {"q": q, "found": suggestions(q)}, fragment="suggestions")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render_page(request, "catalog/about.html", {"paper": paper}, fragment="about")
