"""Folding of names and words, so that “beyonce” finds Beyoncé, “الأمل” finds “الامل” and “jigs” finds jig."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

# English words that say nothing of a song by themselves.
FUNCTION_WORDS = frozenset(
    """
    a about an and are as at be by for from has have i in into is it its like me my of on or some something song songs
    that the their them there these they this to was were what when where which who with you your
    """.split()  # noqa: SIM905
)

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")

# Arabic letters that writers use interchangeably; the tatweel is pure decoration.
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_LATIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'", "‘": "'"})


def folded(text: str) -> str:
    """Return `text` lower-cased, without accents and vowel marks, with single spaces."""
    # twice, because a decomposed letter may be a capital again (“𝐀”)
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.translate(_ARABIC).translate(_LATIN).split())


def words(text: str) -> list[str]:
    """The words of `text`, folded, in order."""
    return [word.replace("'", "") for word in WORD.findall(folded(text))]


def stems(text: str) -> list[str]:
    """The words of `text`, folded and, where they are plain Latin ones, cut to their English stem (Snowball)."""
    return [stem(word) for word in words(text)]


def telling(folded_words: Sequence[str]) -> list[str]:
    """The words that are no mere function words; all of them if nothing else is said."""
    return [word for word in folded_words if word not in FUNCTION_WORDS] or list(folded_words)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one folded word."""
    return _stemmer().stemWord(word) if word.isascii() else word


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
