"""The query strings of this app's pages and their API twins."""

from __future__ import annotations

from django import forms

from fairouz_site.params import ManyChoices, whole_number
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
