"""Writing drafts into the catalogue, thousands at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models, transaction

from catalog.changes import record
from catalog.drafts import SongDraft
from catalog.fulltext import update_fulltext
from catalog.models import Album, Artist, Change, Genre, Lyrics, NamedModel, Song, SongArtist, SongGenre, SongTag, Tag
from catalog.selectors import with_facts
from catalog.text import folded

T = TypeVar("T")
Named = TypeVar("Named", bound=NamedModel)
Progress = Callable[[int, int], None]

BATCH = 500
SONG_FIELDS = (
    "title",
    "year",
    "duration",
    "cover_file",
    "cover_url",
    "preview_file",
    "preview_url",
    "external_ids",
    "attribution",
)


@dataclass
class Stored:
    """What became of the drafts, as public ids."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


@transaction.atomic
def store_songs(drafts: Sequence[SongDraft], *, progress: Progress | None = None) -> Stored:
    """Create or update the songs of `drafts`; those that are already just so are left alone.

    Every song written gets its Change. The ids must be unique among the drafts (ValueError).
    """
    if len({draft.public_id for draft in drafts}) != len(drafts):
        raise ValueError("Two drafts share a public id.")
    result = Stored()
    done = 0
    for batch in _batches(drafts):
        _store_batch(batch, result)
        done += len(batch)
        if progress:
            progress(done, len(drafts))
    return result


def draft_of(song: Song) -> SongDraft:
    """The song as an importer would have read it (needs `with_facts`)."""
    lyrics = getattr(song, "lyrics", None)
    album = song.album
    return SongDraft(
        public_id=song.public_id,
        artists=tuple(artist.name for artist in song.artists.all()),
        album=album.title if album else "",
        album_artist=album.artist.name if album else "",
        genres=tuple(genre.name for genre in song.genres.all()),
        keywords=tuple(tag.name for tag in song.tags.all() if tag.kind == Tag.Kind.KEYWORD),
        emotions=tuple(tag.name for tag in song.tags.all() if tag.kind == Tag.Kind.EMOTION),
        lyrics=lyrics.text if lyrics else "",
        summary=lyrics.summary if lyrics else "",
        **{name: _plain(getattr(song, name)) for name in SONG_FIELDS},
    )


def _plain(value: Any) -> Any:
    return value.name or "" if isinstance(value, models.fields.files.FieldFile) else value


def _batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _store_batch(drafts: Sequence[SongDraft], result: Stored) -> None:
    existing = {
        song.public_id: song
        for song in with_facts(Song.objects.filter(public_id__in=[d.public_id for d in drafts])).select_related(
            "lyrics"
        )
    }
    new = [draft for draft in drafts if draft.public_id not in existing]
    changed = [d for d in drafts if d.public_id in existing and draft_of(existing[d.public_id]) != d]
    names = _Names(new + changed)
    songs = {draft.public_id: _filled(Song(public_id=draft.public_id), draft, names) for draft in new}
    Song.objects.bulk_create(songs.values())
    kept = {draft.public_id: _filled(existing[draft.public_id], draft, names) for draft in changed}
    Song.objects.bulk_update(kept.values(), [*SONG_FIELDS, "folded_title", "album"])
    songs |= kept
    _link(songs, new + changed, names)
    update_fulltext([song.pk for song in songs.values()])
    record(Change.Action.CREATED, (songs[d.public_id] for d in new))
    record(Change.Action.UPDATED, kept.values())
    result.created += [d.public_id for d in new]
    result.updated += list(kept)
    result.unchanged += [d.public_id for d in drafts if d.public_id not in songs]


def _filled(song: Song, draft: SongDraft, names: _Names) -> Song:
    for name in SONG_FIELDS:
        setattr(song, name, getattr(draft, name))
    song.folded_title = folded(draft.title)
    song.album = names.albums.get((draft.album_artist, draft.album))
    return song


def _link(songs: dict[str, Song], drafts: Sequence[SongDraft], names: _Names) -> None:
    """Write the artists, genres, tags and lyrics of the songs anew."""
    keys = [song.pk for song in songs.values()]
    links: list[tuple[type[models.Model], list[models.Model]]] = [
        (
            SongArtist,
            [
                SongArtist(song=songs[d.public_id], artist=names.artists[name], position=i)
                for d in drafts
                for i, name in enumerate(d.artists)
            ],
        ),
        (
            SongGenre,
            [
                SongGenre(song=songs[d.public_id], genre=names.genres[name], position=i)
                for d in drafts
                for i, name in enumerate(d.genres)
            ],
        ),
        (
            SongTag,
            [
                SongTag(song=songs[d.public_id], tag=names.tags[tag], position=i)
                for d in drafts
                for i, tag in enumerate(_tags(d))
            ],
        ),
        (
            Lyrics,
            [
                Lyrics(song=songs[d.public_id], text=d.lyrics, summary=d.summary)
                for d in drafts
                if d.lyrics or d.summary
            ],
        ),
    ]
    for model, rows in links:
        model._default_manager.filter(song__in=keys).delete()
        model._default_manager.bulk_create(rows, batch_size=2000)


def _tags(draft: SongDraft) -> list[tuple[str, str]]:
    kinds = ((str(Tag.Kind.KEYWORD), draft.keywords), (str(Tag.Kind.EMOTION), draft.emotions))
    return [(kind, name) for kind, names in kinds for name in names]


class _Names:
    """The artists, albums, genres and tags that a batch of drafts names, made where missing."""

    def __init__(self, drafts: Sequence[SongDraft]) -> None:
        people = {name for d in drafts for name in (*d.artists, d.album_artist) if name}
        self.artists = _by_name(Artist, people)
        self.genres = _by_name(Genre, {name for d in drafts for name in d.genres})
        self.tags = _tags_by_name({tag for d in drafts for tag in _tags(d)})
        self.albums = self._albums({(d.album_artist, d.album) for d in drafts if d.album and d.album_artist})

    def _albums(self, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Album]:
        found = {
            (album.artist.name, album.title): album
            for album in Album.objects.filter(title__in={title for _, title in wanted}).select_related("artist")
        }
        missing = [
            Album(artist=self.artists[artist], title=title, folded_title=folded(title))
            for artist, title in sorted(wanted - found.keys())
        ]
        Album.objects.bulk_create(missing)
        return found | {(album.artist.name, album.title): album for album in missing}


def _by_name(model: type[Named], wanted: Iterable[str]) -> dict[str, Named]:
    manager: Any = model._default_manager
    wanted = set(wanted)
    found = {row.name: row for row in manager.filter(name__in=wanted)}
    missing = [model(name=name, folded_name=folded(name)) for name in sorted(wanted - found.keys())]
    manager.bulk_create(missing)
    return found | {row.name: row for row in missing}


def _tags_by_name(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Tag]:
    found = {(tag.kind, tag.name): tag for tag in Tag.objects.filter(name__in={name for _, name in wanted})}
    missing = [Tag(kind=kind, name=name, folded_name=folded(name)) for kind, name in sorted(wanted - found.keys())]
    Tag.objects.bulk_create(missing)
    return found | {(tag.kind, tag.name): tag for tag in missing}
