"""Reading the catalogue: querysets and small facts that pages, API and commands share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from catalog.cache import SongCache
from catalog.media import MediaError
from catalog.media.sound import read_sound, wav_bytes
from catalog.models import Album, Artist, Genre, Song, Tag
from catalog.text import folded
from fairouz_site.errors import NotFound


def with_facts(songs: QuerySet[Song]) -> QuerySet[Song]:
    """Songs with all that a row shows, in a constant number of queries; links come in their given order."""
    return songs.select_related("album__artist").prefetch_related(
        Prefetch("artists", Artist.objects.order_by("songartist__position", "songartist__id")),
        Prefetch("genres", Genre.objects.order_by("songgenre__position", "songgenre__id")),
        Prefetch("tags", Tag.objects.order_by("songtag__position", "songtag__id")),
    )


def _load(keys: Sequence[int]) -> dict[int, Song]:
    songs = with_facts(Song.objects.filter(pk__in=list(keys))).select_related("album__artist", "lyrics")
    return {song.pk: song for song in songs}


song_cache = SongCache(_load)


def songs_by_key(keys: Sequence[int]) -> dict[int, Song]:
    """Songs with their facts and lyrics by primary key, to be read only; keys of deleted songs are simply absent."""
    return song_cache.get(keys)


def song_by_public_id(public_id: str) -> Song:
    """The song with its facts and lyrics, to be read only; raise NotFound, proposing songs of like titles or ids."""
    key = Song.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
    song = songs_by_key([key]).get(key) if key else None
    if song is None:
        raise NotFound(f"There is no song “{public_id[:80]}”.", _like(public_id))
    return song


def _like(text: str) -> list[tuple[str, str]]:
    wanted = folded(text.replace("-", " ").replace("_", " "))
    starts = Song.objects.filter(Q(folded_title__startswith=wanted[:4]) | Q(public_id__startswith=text[:6]))[:200]
    titles = {song.folded_title: song for song in starts}
    near = get_close_matches(wanted, titles, n=5, cutoff=0.5) or list(titles)[:3]
    return [(titles[title].title, titles[title].get_absolute_url()) for title in near]


def playable_wav(song: Song, user: Any) -> bytes:
    """The song's stored sound as 16-bit WAV, ten minutes of it at most; raise NotFound when `user` may not hear any."""
    curates = user.has_perm("catalog.change_song")
    if not song.preview_file or not (song.preview_src or curates):
        raise NotFound("This song has no sound that can be played here.")
    try:
        return wav_bytes(read_sound(song.preview_file.path, max_seconds=600.0))
    except MediaError:
        raise NotFound("The sound of this song cannot be played.") from None


def songs_of_the_day(count: int, day: date | None = None) -> list[Song]:
    """`count` songs to start from, the same for everybody all day: a stride through the catalogue seeded by the date."""
    total = Song.objects.count()
    if not total:
        return []
    start = (day or date.today()).toordinal() * 7919 % total
    step = max(total // count, 1)
    offsets = sorted({(start + i * step) % total for i in range(count)})
    keys = [Song.objects.order_by("pk").values_list("pk", flat=True)[offset] for offset in offsets]
    songs = songs_by_key(keys)
    return [songs[key] for key in keys if key in songs]


def artists_with_counts() -> QuerySet[Artist]:
    return Artist.objects.annotate(song_count=Count("songs", distinct=True)).order_by("folded_name", "id")


def albums_with_counts() -> QuerySet[Album]:
    return Album.objects.select_related("artist").annotate(song_count=Count("songs")).order_by("folded_title", "id")


def genres_with_counts() -> QuerySet[Genre]:
    return Genre.objects.annotate(song_count=Count("songs")).order_by("-song_count", "folded_name")


def tags_with_counts() -> QuerySet[Tag]:
    return Tag.objects.annotate(song_count=Count("songs")).order_by("-song_count", "kind", "folded_name")


def example_queries(count: int = 3) -> list[str]:
    """Queries that find something here: a frequent emotion with a frequent genre."""
    emotions = list(tags_with_counts().filter(kind=Tag.Kind.EMOTION).values_list("name", flat=True)[: 2 * count])
    genres = list(genres_with_counts().values_list("name", flat=True)[:count])
    pairs = [f"{emotion} {genre}".lower() for emotion, genre in zip(emotions[::2], genres, strict=False)]
    return pairs or [genre.lower() for genre in genres]


def catalogue_counts() -> dict[str, int]:
    """How many songs, artists, albums and genres there are."""
    return {
        "songs": Song.objects.count(),
        "artists": Artist.objects.count(),
        "albums": Album.objects.count(),
        "genres": Genre.objects.count(),
    }
