"""Folding of names, so that “beyonce” finds Beyoncé and “الأمل” finds “الامل”."""

from __future__ import annotations

import unicodedata

# Arabic letters that writers use interchangeably; the tatweel is pure decoration.
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_LATIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'", "‘": "'"})


def folded(text: str) -> str:
    """Return `text` lower-cased, without accents and vowel marks, with single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.translate(_ARABIC).translate(_LATIN).split())
