"""What the API says of songs, artists, albums, genres and tags."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from catalog.models import Album, Artist, Genre, Song, Tag


class NamedShape(TypedDict):
    id: int
    name: str


class AlbumRefShape(TypedDict):
    id: int
    title: str


class SongShape(TypedDict):
    """A song as every list shows it; `cover` always shows something, `preview` is null when nothing may be played."""

    id: str
    title: str
    artists: list[NamedShape]
    album: AlbumRefShape | None
    genres: list[str]
    cover: str
    preview: str | None
    page: str


class TagRefShape(TypedDict):
    id: int
    kind: str
    name: str


class LyricsShape(TypedDict):
    """`text` is empty when the words are withheld."""

    text: str
    summary: str
    withheld: bool


class SourcesShape(TypedDict):
    """Where the published catalogue points; this site loads it only if REMOTE_MEDIA says so."""

    cover: str | None
    preview: str | None


class SongSpaceShape(TypedDict):
    """One space: whether the song has a vector there, and if not, why (`missing`)."""

    space: str
    modality: str
    label: str
    missing: str | None


class SongDetailShape(SongShape):
    year: int | None
    duration: float | None
    tags: list[TagRefShape]
    lyrics: LyricsShape | None
    external_ids: dict[str, str]
    attribution: str
    sources: SourcesShape
    spaces: NotRequired[list[SongSpaceShape]]


class CountedShape(TypedDict):
    id: int
    name: str
    songs: int
    page: str


class AlbumShape(TypedDict):
    id: int
    title: str
    artist: NamedShape
    year: int | None
    songs: int
    page: str


class TagShape(TypedDict):
    id: int
    kind: str
    name: str
    songs: int
    page: str


class SuggestionsShape(TypedDict):
    songs: list[SongShape]
    artists: list[CountedShape]
    albums: list[AlbumShape]
    genres: list[CountedShape]


class HomeShape(TypedDict):
    """How much there is, songs to start from (new ones each day) and where everything is."""

    songs: int
    artists: int
    albums: int
    genres: int
    start: list[SongShape]
    links: dict[str, str]


class AboutShape(TypedDict):
    title: str
    abstract: str
    citation: str
    doi: str
    maps: dict[str, str]


def song_shape(song: Song, base: str = "") -> SongShape:
    """The song (with facts) for lists; `base` is the site's scheme and host, put before its addresses."""
    album = song.album
    preview = song.preview_src
    return {
        "id": song.public_id,
        "title": song.title,
        "artists": [{"id": artist.pk, "name": artist.name} for artist in song.artists.all()],
        "album": {"id": album.pk, "title": album.title} if album else None,
        "genres": [genre.name for genre in song.genres.all()],
        "cover": absolute(song.cover_src, base),
        "preview": absolute(preview, base) if preview else None,
        "page": base + song.get_absolute_url(),
    }


def song_detail_shape(song: Song, base: str = "") -> SongDetailShape:
    lyrics = getattr(song, "lyrics", None)
    return {
        **song_shape(song, base),
        "year": song.year,
        "duration": song.duration,
        "tags": [{"id": tag.pk, "kind": tag.kind, "name": tag.name} for tag in song.tags.all()],
        "lyrics": {"text": lyrics.readable_text, "summary": lyrics.summary, "withheld": lyrics.withheld}
        if lyrics
        else None,
        "external_ids": song.external_ids,
        "attribution": song.attribution,
        "sources": {"cover": song.cover_url or None, "preview": song.preview_url or None},
    }


def absolute(address: str, base: str) -> str:
    return address if address.startswith(("http://", "https://")) else base + address


def counted_shape(item: Artist | Genre, base: str = "") -> CountedShape:
    """An artist or genre with its annotated `song_count`."""
    count: Any = getattr(item, "song_count", 0)
    return {"id": item.pk, "name": item.name, "songs": count, "page": base + item.get_absolute_url()}


def album_shape(album: Album, base: str = "") -> AlbumShape:
    count: Any = getattr(album, "song_count", 0)
    return {
        "id": album.pk,
        "title": album.title,
        "artist": {"id": album.artist.pk, "name": album.artist.name},
        "year": album.year,
        "songs": count,
        "page": base + album.get_absolute_url(),
    }


def tag_shape(tag: Tag, base: str = "") -> TagShape:
    count: Any = getattr(tag, "song_count", 0)
    return {"id": tag.pk, "kind": tag.kind, "name": tag.name, "songs": count, "page": base + tag.get_absolute_url()}
