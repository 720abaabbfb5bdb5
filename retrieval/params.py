"""The query strings of this app's pages and their API twins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from catalog.media import MediaError
from catalog.media.picture import read_picture
from catalog.media.sound import read_sound
from fairouz_site.params import ManyChoices, whole_number
from retrieval.material import SILENCE, SOUND_SECONDS
from retrieval.services import MAX_K


class SimilarParams(forms.Form):
    space = forms.CharField(
        required=False,
        max_length=64,
        help_text="Key of a space, or joint, text, image, audio, graph for the default of each; joint by default.",
    )
    k = whole_number("k", 1, MAX_K, default=10, help_text="How many hits.")


class IncludeParams(forms.Form):
    include = ManyChoices(
        "include",
        [("spaces", "closeness in every other space")],
        help_text="spaces adds the closeness in every other space.",
    )


class OtherSongParams(forms.Form):
    q = forms.CharField(
        required=False, max_length=200, help_text="Part of the title or artist of the song to explain against."
    )


class SearchParams(forms.Form):
    q = forms.CharField(
        required=False,
        max_length=500,
        strip=True,
        help_text="Words: names, a mood, a sentence.",
        error_messages={"max_length": "q must be at most 500 characters long."},
    )


class CountParams(forms.Form):
    k = whole_number("k", 1, MAX_K, default=20, help_text="How many hits.")


class _Upload(forms.Form):
    """One file, read while it is validated and kept nowhere."""

    file = forms.FileField(error_messages={"required": "file must hold a file.", "empty": "file is empty."})

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(f"file must be at most {settings.MAX_UPLOAD_BYTES // 2**20} MB.")
        try:
            return self.read(upload)
        except MediaError as error:
            raise forms.ValidationError(str(error)) from None

    def read(self, upload: Any) -> Any:
        raise NotImplementedError


class ManyFiles(forms.FileField):
    """Several files under one name; each is checked for size only, what it holds is found out as it is taken in."""

    widget = type("ManyFilesInput", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError("files must hold at least one file.")
        limit = settings.MAX_UPLOAD_BYTES
        for file in files:
            if file.size > limit:
                raise forms.ValidationError(f"files: {file.name[:80]} is larger than {limit // 2**20} MB.")
        return list(files)


class IngestUpload(forms.Form):
    """Sound files to be added to the catalogue."""

    files = ManyFiles(  # type: ignore[assignment]  # a field; the form's own `files` is shadowed in the class only
        help_text="One or more sound files (mp3, flac, ogg, opus, m4a, wav)."
    )


class CoverUpload(_Upload):
    """A picture: cleaned as a PIL image."""

    def read(self, upload: Any) -> Any:
        return read_picture(upload)


class ClipUpload(_Upload):
    """A sound: cleaned as a Sound, its middle two minutes at most."""

    def read(self, upload: Any) -> Any:
        sound = read_sound(upload, max_seconds=SOUND_SECONDS)
        if not abs(sound.samples).max() > SILENCE:
            raise MediaError("The file is silent.")
        return sound
