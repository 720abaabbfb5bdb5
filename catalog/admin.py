"""Curation of the catalogue in Django's admin. Every change goes through `catalog.services`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html

from catalog.models import Album, Artist, Change, Genre, Lyrics, Song, SongArtist, SongGenre, SongTag, Tag
from catalog.selectors import with_facts
from catalog.services import delete_and_tell, delete_songs, songs_changed, songs_of


class HasCover(admin.SimpleListFilter):
    title, parameter_name = "cover", "has_cover"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "with a stored cover"), ("no", "without")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Song]) -> QuerySet[Song]:
        if self.value() is None:
            return queryset
        return queryset.exclude(cover_file="") if self.value() == "yes" else queryset.filter(cover_file="")


class HasGenre(admin.SimpleListFilter):
    title, parameter_name = "genre given", "has_genre"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "with a genre"), ("no", "without")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Song]) -> QuerySet[Song]:
        return queryset.filter(genres__isnull=self.value() == "no").distinct() if self.value() else queryset


class ArtistInline(admin.TabularInline):
    model = SongArtist
    autocomplete_fields = ["artist"]
    extra = 0
    min_num = 1


class GenreInline(admin.TabularInline):
    model = SongGenre
    autocomplete_fields = ["genre"]
    extra = 0


class TagInline(admin.TabularInline):
    model = SongTag
    autocomplete_fields = ["tag"]
    extra = 0


class LyricsInline(admin.StackedInline):
    model = Lyrics
    extra = 0


@admin.register(Song)
class SongAdmin(admin.ModelAdmin):
    list_display = ["thumbnail", "title", "by", "album", "year", "sound"]
    list_display_links = ["title"]
    list_filter = [HasCover, HasGenre, ("genres", admin.RelatedOnlyFieldListFilter), "year"]
    search_fields = ["folded_title", "public_id", "artists__folded_name"]
    autocomplete_fields = ["album"]
    readonly_fields = ["preview_cover", "preview_sound", "created_at", "updated_at"]
    inlines = [ArtistInline, GenreInline, TagInline, LyricsInline]
    list_per_page = 50
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: Song | None = None) -> list[str]:
        """A public id is given once and never changes."""
        return [*self.readonly_fields, "public_id"] if obj else list(self.readonly_fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Song]:
        return with_facts(super().get_queryset(request))

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        songs_changed([form.instance.pk], created=not change)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Whoever may delete a song may delete all that hangs on it, vectors among them, which nobody edits by hand."""
        doomed, counts, _, protected = super().get_deleted_objects(objs, request)
        return doomed, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Song) -> None:
        delete_songs([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Song]) -> None:
        delete_songs(queryset)

    @admin.display(description="")
    def thumbnail(self, song: Song) -> str:
        return format_html('<img src="{}" alt="" width="40" height="40" loading="lazy">', song.cover_src)

    @admin.display(description="artists")
    def by(self, song: Song) -> str:
        return ", ".join(artist.name for artist in song.artists.all())

    @admin.display(description="sound", boolean=True)
    def sound(self, song: Song) -> bool:
        return bool(song.preview_file or song.preview_url)

    @admin.display(description="cover")
    def preview_cover(self, song: Song) -> str:
        if not song.pk:
            return "—"
        return format_html('<img src="{}" alt="Cover" width="200" height="200">', song.cover_src)

    @admin.display(description="sound")
    def preview_sound(self, song: Song) -> str:
        source = song.preview_file.url if song.preview_file else song.preview_src
        return format_html('<audio controls preload="none" src="{}"></audio>', source) if source else "—"


class NamedAdmin(admin.ModelAdmin):
    """Artists, genres and tags: a name, and how many songs carry it."""

    list_display = ["name", "songs"]
    search_fields = ["folded_name"]
    fields = ["name"]
    list_per_page = 100
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(song_count=Count("songs"))

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        songs_changed(songs_of(obj))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_and_tell([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        delete_and_tell(queryset)

    @admin.display(description="songs", ordering="song_count")
    def songs(self, row: Any) -> int:
        return row.song_count


@admin.register(Artist)
class ArtistAdmin(NamedAdmin):
    pass


@admin.register(Genre)
class GenreAdmin(NamedAdmin):
    pass


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    list_display = ["name", "kind", "songs"]
    list_filter = ["kind"]
    fields = ["kind", "name"]


@admin.register(Album)
class AlbumAdmin(NamedAdmin):
    list_display = ["title", "artist", "year", "songs"]
    search_fields = ["folded_title", "artist__folded_name"]
    autocomplete_fields = ["artist"]
    list_select_related = ["artist"]
    fields = ["title", "artist", "year"]


@admin.register(Lyrics)
class LyricsAdmin(admin.ModelAdmin):
    list_display = ["song", "summary_start", "withheld"]
    search_fields = ["song__folded_title", "summary"]
    autocomplete_fields = ["song"]
    list_select_related = ["song"]
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Lyrics, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        songs_changed([obj.song_id])

    def get_readonly_fields(self, request: HttpRequest, obj: Lyrics | None = None) -> list[str]:
        return ["song"] if obj else []

    def delete_model(self, request: HttpRequest, obj: Lyrics) -> None:
        delete_and_tell([obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Lyrics]) -> None:
        delete_and_tell(queryset)

    @admin.display(description="summary")
    def summary_start(self, lyrics: Lyrics) -> str:
        return lyrics.summary[:120]

    @admin.display(boolean=True)
    def withheld(self, lyrics: Lyrics) -> bool:
        return lyrics.withheld


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    """The log, to be read: nobody writes it by hand."""

    list_display = ["id", "at", "action", "public_id"]
    list_filter = ["action"]
    search_fields = ["public_id"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Change | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Change | None = None) -> bool:
        return False
