"""The API twins of this app's pages: same parameters, same defaults, same order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from catalog import about as paper
from catalog.filters import SongFilter, SortForm, filtered_songs, sorted_songs
from catalog.models import Album, Artist, Genre, Song, Tag
from catalog.selectors import (
    albums_with_counts,
    artists_with_counts,
    catalogue_counts,
    genres_with_counts,
    song_by_public_id,
    songs_of_the_day,
    tags_with_counts,
    with_facts,
)
from catalog.shapes import (
    AboutShape,
    AlbumShape,
    CountedShape,
    HomeShape,
    SongDetailShape,
    SongShape,
    SuggestionsShape,
    TagShape,
    album_shape,
    counted_shape,
    song_detail_shape,
    song_shape,
    tag_shape,
)
from catalog.suggest import SuggestParams, suggestions
from fairouz_site.links import site
from fairouz_site.pagination import PageParams, page_shape, paginate
from fairouz_site.panels import panel_shapes
from fairouz_site.params import parse
from fairouz_site.shapes import api

FilterForm = SongFilter().get_form_class()
LINKS = ("songs", "artists", "albums", "genres", "tags", "suggest", "spaces", "plugins", "about")


@api(HomeShape, operation="home", summary="What is here")
def home(request: Request) -> Response:
    """Counts, songs to start from and the addresses of the main lists."""
    base = site(request)
    links = {name: base + reverse(f"api:{name}") for name in LINKS}
    start = [song_shape(song, base) for song in songs_of_the_day(12)]
    return Response({**catalogue_counts(), "start": start, "links": links})


@api(SongShape, FilterForm, SortForm, PageParams, operation="songs", summary="Songs", many=True)
def songs(request: Request) -> Response:
    """Songs that pass every filter given, a page at a time."""
    return _song_list(request)


def _song_list(request: Request, base: QuerySet[Song] | None = None) -> Response:
    sort = parse(SortForm, request.GET)["sort"]
    found = with_facts(sorted_songs(filtered_songs(request.GET, base), sort))
    return _listed(request, found, song_shape)


def _listed(request: Request, rows: QuerySet[Any], shape: Callable[[Any, str], Any]) -> Response:
    base = site(request)
    return Response(page_shape(paginate(rows, request), request, lambda row: shape(row, base)))


@api(SongDetailShape, operation="song", summary="One song")
def song(request: Request, public_id: str) -> Response:
    """A song with its tags, lyrics and the spaces it is in."""
    subject = song_by_public_id(public_id)
    return Response({**song_detail_shape(subject, site(request)), **panel_shapes("song", subject)})


@api(CountedShape, PageParams, operation="artists", summary="Artists", many=True)
def artists(request: Request) -> Response:
    """All artists by name, with their number of songs."""
    return _listed(request, artists_with_counts(), counted_shape)


@api(AlbumShape, PageParams, operation="albums", summary="Albums", many=True)
def albums(request: Request) -> Response:
    """All albums by title; an album belongs to an artist."""
    return _listed(request, albums_with_counts(), album_shape)


@api(CountedShape, PageParams, operation="genres", summary="Genres", many=True)
def genres(request: Request) -> Response:
    """All genres, those with most songs first."""
    return _listed(request, genres_with_counts(), counted_shape)


@api(TagShape, PageParams, operation="tags", summary="Tags", many=True)
def tags(request: Request) -> Response:
    """All keywords and emotions, those with most songs first."""
    return _listed(request, tags_with_counts(), tag_shape)


@api(SongShape, FilterForm, SortForm, PageParams, operation="artist_songs", summary="Songs of an artist", many=True)
def artist(request: Request, pk: int) -> Response:
    """The artist's songs, filtered and sorted as all songs can be."""
    return _song_list(request, Song.objects.filter(artists=get_object_or_404(Artist, pk=pk)))


@api(SongShape, FilterForm, SortForm, PageParams, operation="album_songs", summary="Songs of an album", many=True)
def album(request: Request, pk: int) -> Response:
    """The album's songs, filtered and sorted as all songs can be."""
    return _song_list(request, Song.objects.filter(album=get_object_or_404(Album, pk=pk)))


@api(SongShape, FilterForm, SortForm, PageParams, operation="genre_songs", summary="Songs of a genre", many=True)
def genre(request: Request, pk: int) -> Response:
    """The genre's songs, filtered and sorted as all songs can be."""
    return _song_list(request, Song.objects.filter(genres=get_object_or_404(Genre, pk=pk)))


@api(SongShape, FilterForm, SortForm, PageParams, operation="tag_songs", summary="Songs with a tag", many=True)
def tag(request: Request, pk: int) -> Response:
    """The songs with this keyword or emotion, filtered and sorted as all songs can be."""
    return _song_list(request, Song.objects.filter(tags=get_object_or_404(Tag, pk=pk)))


@api(SuggestionsShape, SuggestParams, operation="suggest", summary="Suggestions while typing")
def suggest(request: Request) -> Response:
    """Songs, artists, albums and genres whose names hold every word typed."""
    found, base = suggestions(parse(SuggestParams, request.GET)["q"]), site(request)
    return Response(
        {
            "songs": [song_shape(song, base) for song in found.songs],
            "artists": [counted_shape(artist, base) for artist in found.artists],
            "albums": [album_shape(album, base) for album in found.albums],
            "genres": [counted_shape(genre, base) for genre in found.genres],
        }
    )


@api(AboutShape, operation="about", summary="The paper behind this")
def about(request: Request) -> Response:
    """The paper, its abstract in our words, its citation and the published maps."""
    return Response(
        {
            "title": paper.TITLE,
            "abstract": paper.ABSTRACT,
            "citation": paper.CITATION,
            "doi": paper.DOI,
            "maps": paper.MAPS,
        }
    )
