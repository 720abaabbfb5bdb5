"""The catalogue: what the songs are. Nothing here knows of vectors, indexes or graphs."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from modelsearch import index

from catalog.text import folded, stems, words

# The published release replaces each lyrics text by a note of its length.
WITHHELD = re.compile(r"^\[\d+ words withheld\]$")

PUBLIC_ID_PATTERN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
PUBLIC_ID = RegexValidator(PUBLIC_ID_PATTERN, "Use letters, digits, dot, dash and underscore, 64 at most.")


class NamedModel(models.Model):
    """Something with a name that people search for, however they accent or capitalise it."""

    name = models.CharField(max_length=500)
    folded_name = models.CharField(max_length=500, editable=False, db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.folded_name = folded(self.name)
        super().save(*args, **kwargs)


class Artist(NamedModel):
    class Meta:
        ordering = ["folded_name", "id"]
        constraints = [models.UniqueConstraint(fields=["name"], name="artist_name_unique")]

    def get_absolute_url(self) -> str:
        return reverse("artist", args=[self.pk])


class Genre(NamedModel):
    class Meta:
        ordering = ["folded_name", "id"]
        constraints = [models.UniqueConstraint(fields=["name"], name="genre_name_unique")]

    def get_absolute_url(self) -> str:
        return reverse("genre", args=[self.pk])


class Tag(NamedModel):
    class Kind(models.TextChoices):
        KEYWORD = "keyword"
        EMOTION = "emotion"

    kind = models.CharField(max_length=16, choices=Kind)

    class Meta:
        ordering = ["kind", "folded_name", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="tag_kind_name_unique")]

    def get_absolute_url(self) -> str:
        return reverse("tag", args=[self.pk])


class Album(models.Model):
    """An album belongs to an artist: two artists' “Greatest Hits” are two albums."""

    title = models.CharField(max_length=500)
    folded_title = models.CharField(max_length=500, editable=False, db_index=True)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT, related_name="albums")
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(2200)]
    )

    class Meta:
        ordering = ["folded_title", "id"]
        constraints = [models.UniqueConstraint(fields=["artist", "title"], name="album_artist_title_unique")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.folded_title = folded(self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("album", args=[self.pk])


class StemmedNames(index.SearchField):
    """The names by which a song is known, folded and stemmed, in full text's own column for titles."""

    def get_value(self, song: Song) -> str:
        return " ".join(stems(" ".join(song.names())))


class StemmedWords(index.SearchField):
    """All other words of a song, folded and stemmed."""

    def get_value(self, song: Song) -> str:
        return " ".join(stems(" ".join(song.searchable_words())))


class TypedNames(index.AutocompleteField):
    """The names once more, folded but whole, for what is being typed."""

    def get_value(self, song: Song) -> str:
        return " ".join(words(" ".join(song.names())))


class Song(index.Indexed, models.Model):
    """One track. Its public id never changes; the row number is nobody's business."""

    # Full text is written where songs are written (bulk writes send no signals).
    search_auto_update = False
    search_fields = [StemmedNames("title"), StemmedWords("searchable_words"), TypedNames("title")]

    public_id = models.CharField(max_length=64, unique=True, validators=[PUBLIC_ID])
    title = models.TextField()
    folded_title = models.TextField(editable=False, db_index=True)
    artists = models.ManyToManyField(Artist, through="SongArtist", related_name="songs")
    album = models.ForeignKey(Album, null=True, blank=True, on_delete=models.SET_NULL, related_name="songs")
    genres = models.ManyToManyField(Genre, through="SongGenre", related_name="songs")
    tags = models.ManyToManyField(Tag, through="SongTag", related_name="songs")
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, db_index=True, validators=[MinValueValidator(1), MaxValueValidator(2200)]
    )
    duration = models.FloatField(null=True, blank=True, validators=[MinValueValidator(0)], help_text="Seconds.")
    cover_file = models.FileField(upload_to="covers/", max_length=300, blank=True)
    cover_url = models.URLField(max_length=500, blank=True)
    preview_file = models.FileField(upload_to="clips/", max_length=300, blank=True)
    preview_url = models.URLField(max_length=500, blank=True)
    external_ids = models.JSONField(
        default=dict, blank=True, help_text="Ids elsewhere, such as {“deezer”: “2189328287”}."
    )
    attribution = models.TextField(blank=True, help_text="Source, licence and credit, shown where the song is played.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["folded_title", "public_id"]
        indexes = [models.Index(fields=["folded_title", "public_id"], name="song_title_order")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.folded_title = folded(self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("song", args=[self.public_id])

    def names(self) -> list[str]:
        """Title, artists and album (needs its facts loaded)."""
        album = [self.album.title] if self.album else []
        return [self.title, *(artist.name for artist in self.artists.all()), *album]

    def searchable_words(self) -> list[str]:
        """Genres, tags, summary and the words that may be searched (needs its facts and lyrics loaded)."""
        lyrics = getattr(self, "lyrics", None)
        said = [lyrics.summary, lyrics.readable_text] if lyrics else []
        return [*(g.name for g in self.genres.all()), *(t.name for t in self.tags.all()), *said]

    @property
    def cover_src(self) -> str:
        """Address of the picture to show: the stored cover, the remote one if allowed, else the drawn placeholder."""
        if self.cover_file:
            return self.cover_file.url
        if self.cover_url and settings.REMOTE_MEDIA:
            return self.cover_url
        return reverse("art", args=[self.public_id])

    @property
    def preview_src(self) -> str | None:
        """Address of the sound to play, or None."""
        if self.preview_file:
            private = str(self.preview_file.name).startswith(settings.PRIVATE_MEDIA)
            return None if private and not settings.PLAY_INGESTED else self.preview_file.url
        return self.preview_url or None if settings.REMOTE_MEDIA else None


class Position(models.Model):
    """A link that keeps the order in which it was given: the first genre is the main one."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]


class SongArtist(Position):
    song = models.ForeignKey(Song, on_delete=models.CASCADE)
    artist = models.ForeignKey(Artist, on_delete=models.PROTECT)

    class Meta(Position.Meta):
        constraints = [models.UniqueConstraint(fields=["song", "artist"], name="song_artist_unique")]

    def __str__(self) -> str:
        return str(self.artist)


class SongGenre(Position):
    song = models.ForeignKey(Song, on_delete=models.CASCADE)
    genre = models.ForeignKey(Genre, on_delete=models.PROTECT)

    class Meta(Position.Meta):
        constraints = [models.UniqueConstraint(fields=["song", "genre"], name="song_genre_unique")]

    def __str__(self) -> str:
        return str(self.genre)


class SongTag(Position):
    song = models.ForeignKey(Song, on_delete=models.CASCADE)
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT)

    class Meta(Position.Meta):
        constraints = [models.UniqueConstraint(fields=["song", "tag"], name="song_tag_unique")]

    def __str__(self) -> str:
        return str(self.tag)


class Lyrics(models.Model):
    """The words of a song and what they are about. A note of length stands for words that exist but are withheld."""

    song = models.OneToOneField(Song, on_delete=models.CASCADE, related_name="lyrics")
    text = models.TextField(blank=True)
    summary = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "lyrics"

    def __str__(self) -> str:
        return f"Lyrics of {self.song}"

    @property
    def withheld(self) -> bool:
        return bool(WITHHELD.match(self.text.strip()))

    @property
    def readable_text(self) -> str:
        """The words that may be shown and searched: none when they are withheld."""
        return "" if self.withheld else self.text


class Change(models.Model):
    """What happened to a song, written in the transaction that did it; retrieval and graph follow this log.

    It names songs by key, not by relation, because a deleted song's change must outlive the song.
    """

    class Action(models.TextChoices):
        CREATED = "created"
        UPDATED = "updated"
        DELETED = "deleted"
        ENCODED = "encoded"

    action = models.CharField(max_length=16, choices=Action)
    song_key = models.BigIntegerField(db_index=True)
    public_id = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.public_id} {self.action}"
