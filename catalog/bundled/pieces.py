"""The selection as records: what each piece is, who is credited with it, where it was printed, under which terms."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from catalog.bundled import selection

__all__ = ["Piece", "pieces"]

TRADITIONAL = {"oneill": "Traditional (Ireland)", "northumbrian": "Traditional (Northumberland)"}
ALBUMS = {
    "oneill": ("O'Neill's Music of Ireland", "Francis O'Neill"),
    "ryan": ("Ryan's Mammoth Collection", "William Bradbury Ryan"),
    "aird": ("Aird's Airs, Volume {}", "James Aird"),
    "northumbrian": ("Northumbrian Minstrelsy", "J. Collingwood Bruce & John Stokoe"),
}
YEARS = {"oneill": 1903, "ryan": 1883, "northumbrian": 1882}
AIRD_YEARS = {"1": 1778, "2": 1782, "3": 1788}
"""Volumes 4 to 6 are not dated by their publisher: no year rather than a guessed one."""

SECTIONS = ((625, "air"), (700, "air"), (1115, "jig"), (1175, "slip jig"), (1555, "reel"), (1780, "hornpipe"))
"""O'Neill's own order: up to that number, of that type; then long dances to 1800, marches and the rest after that."""

BALFE = {"498", "499"}
"""The two of Balfe's songs that O'Neill prints under the composer's name."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece before its notes are read.

    `origin` is where it is from, or failing that where it was printed; `key`, `mark` and `tempo` are "" or None where the
    score itself states them; `also` is a second form.
    """

    id: str
    source: str
    number: str
    title: str
    others: tuple[str, ...]
    artists: tuple[str, ...]
    album: str
    album_artist: str
    year: int | None
    form: str
    origin: str
    bar: int = 1
    key: str = ""
    mark: str = ""
    tempo: float | None = None
    also: str = ""


def rows(table: str) -> Iterator[dict[str, str]]:
    """A table of selection.py as one dict a line; its first line names the columns."""
    head, *lines = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    for line in lines:
        if len(line) > len(head):
            raise ValueError(f"too many columns: {' | '.join(line)}")
        yield dict(zip(head, line + [""] * (len(head) - len(line)), strict=True))


@cache
def pieces() -> tuple[Piece, ...]:
    """All pieces of the bundled library, ordered by id."""
    found = [
        *map(_oneill, rows(selection.ONEILL)),
        *map(_ryan, rows(selection.RYAN)),
        *map(_aird, rows(selection.AIRD)),
    ]
    found += [*map(_northumbrian, rows(selection.NORTHUMBRIAN)), *_works()]
    return tuple(sorted(found, key=lambda piece: piece.id))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _oneill(row: dict[str, str]) -> Piece:
    number = int(row["number"])
    carolan, balfe = 626 <= number <= 700, row["number"] in BALFE
    artist = "Turlough O'Carolan" if carolan else "Michael William Balfe" if balfe else TRADITIONAL["oneill"]
    return Piece(
        id=f"oneill-{number:04}",
        source="oneill",
        number=row["number"],
        title=row["title"],
        others=_split(row["other"]),
        artists=(artist,),
        album=ALBUMS["oneill"][0],
        album_artist=ALBUMS["oneill"][1],
        year=YEARS["oneill"],
        form="song" if balfe else _section(number),
        origin="Ireland",
    )


def _section(number: int) -> str:
    for last, form in SECTIONS:
        if number <= last:
            return form
    return "set dance" if number <= 1800 else "march"


def _ryan(row: dict[str, str]) -> Piece:
    scottish = row["form"] in {"strathspey", "highland fling"}
    tradition = "Traditional (Scotland)" if scottish else "Traditional (Anglo-American)"
    return Piece(
        id=f"ryan-{_slug(row['number'])}",
        source="ryan",
        number=row["number"],
        title=row["title"],
        others=(),
        artists=(row["composer"] or tradition,),
        album=ALBUMS["ryan"][0],
        album_artist=ALBUMS["ryan"][1],
        year=YEARS["ryan"],
        form=row["form"],
        origin="Scotland" if scottish else "New England",
    )


def _slug(name: str) -> str:
    words = "".join(f" {letter}" if letter.isupper() else letter for letter in name).split()
    return "-".join(words[:4]).lower()


def _aird(row: dict[str, str]) -> Piece:
    volume, number = row["number"].split(":")
    unsigned = f"Traditional ({row['origin']})" if row["origin"] else "Anonymous (18th century)"
    return Piece(
        id=f"aird-{int(number):04}",
        source="aird",
        number=row["number"],
        title=row["title"],
        others=_split(row["other"]),
        artists=(row["composer"] or unsigned,),
        album=ALBUMS["aird"][0].format(volume),
        album_artist=ALBUMS["aird"][1],
        year=AIRD_YEARS.get(volume),
        form=row["form"],
        origin=row["origin"] or "Glasgow",
    )


def _northumbrian(row: dict[str, str]) -> Piece:
    number = int(row["number"])
    return Piece(
        id=f"northumbrian-{number:03}",
        source="northumbrian",
        number=row["number"],
        title=row["title"],
        others=_split(row["other"]),
        artists=(TRADITIONAL["northumbrian"],),
        album=ALBUMS["northumbrian"][0],
        album_artist=ALBUMS["northumbrian"][1],
        year=YEARS["northumbrian"],
        form="song" if number <= 57 else "pipe tune",
        origin="Northumberland",
    )


def _works() -> Iterator[Piece]:
    works = {row["work"]: row for row in rows(selection.WORKS)}
    for row in rows(selection.MOVEMENTS):
        work = works[row["work"]]
        artists = _split(work["composer"])
        single = work["album"] == row["title"] or row["work"] in {"rinaldo", "lusitano", "aloha"}
        yield Piece(
            id=f"{_surname(artists[0])}-{row['work'].rstrip('b')}-{row['number']}",
            source="score",
            number=row["file"],
            title=row["title"] if single else f"{work['album']}: {_roman(row['number'])}. {row['title']}",
            others=(),
            artists=artists,
            album=work["album"],
            album_artist=artists[0],
            year=int(work["year"]),
            form=work["form"],
            origin=work["origin"],
            bar=int(row["bar"]),
            key=row["key"],
            mark=row["tempo mark"],
            tempo=float(row["quarters a minute"]),
            also=row["form"],
        )


def _surname(name: str) -> str:
    return name.split()[-1].lower().replace("ʻ", "").replace("ō", "o")


def _roman(number: str) -> str:
    return ("I", "II", "III", "IV", "V")[int(number) - 1]
