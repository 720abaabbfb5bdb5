"""The graph encoder of songs: RandNE over what the catalogue ties together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from catalog.models import Album, Song, SongArtist, SongGenre, SongTag
from graph.randne import NodeEdges, RandNEEncoder, adjacency, place, project
from retrieval.encoders.base import Vectors

LINKS = ((SongArtist, "artist_id", "artist"), (SongGenre, "genre_id", "genre"), (SongTag, "tag_id", "tag"))

# A song has one artist and a dozen tags, most of them its own: at equal weight they would drown everything else.
TAG_WEIGHT = 0.1


class SongGraphEncoder(RandNEEncoder):
    """RandNE for songs, by the artists, albums, genres and tags that they share."""

    revision = "songs-1"

    def encode_songs(self, songs: Sequence[Song]) -> Vectors:
        """float32 (n, 128). All songs at once are embedded together; a few are placed among those already there."""
        if len(songs) >= Song.objects.count():
            return self.encode([*_song_nodes(songs), *_album_nodes(Album.objects.all())])[: len(songs)]
        return self._placed(songs)

    def _placed(self, songs: Sequence[Song]) -> Vectors:
        nodes = _song_nodes(songs)
        around = _neighbourhood(songs)
        edges, names = adjacency(around)
        iterates = project(edges, names)
        rows = {name: row for row, name in enumerate(names)}
        placed = [place(name, {rows[tie]: weight for tie, weight in ties.items()}, iterates) for name, ties in nodes]
        return np.stack(placed) if placed else np.empty((0, self.dim), np.float32)


def _song_nodes(songs: Sequence[Song]) -> list[NodeEdges]:
    """Each song, in order, with its ties."""
    ties: dict[int, dict[str, float]] = {song.pk: {} for song in songs}
    keys = list(ties)
    whole = len(keys) >= Song.objects.count()
    for model, column, kind in LINKS:
        rows = model.objects.all() if whole else model.objects.filter(song__in=keys)
        for song, other in rows.values_list("song_id", column).iterator():
            ties[song][f"{kind}:{other}"] = _weight(kind)
    for song in songs:
        if song.album_id:
            ties[song.pk][f"album:{song.album_id}"] = 1.0
    return [(f"song:{song.public_id}", ties[song.pk]) for song in songs]


def _album_nodes(albums: Iterable[Album]) -> list[NodeEdges]:
    return [(f"album:{album.pk}", {f"artist:{album.artist_id}": 1.0}) for album in albums]


def _neighbourhood(songs: Sequence[Song]) -> list[NodeEdges]:
    """Everything that the songs are tied to, with all of *its* ties: what the placing of a song depends on."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for _, ties in _song_nodes(songs):
        for tie in ties:
            kind, _, key = tie.partition(":")
            wanted[kind].add(int(key))
    nodes: dict[str, dict[str, float]] = {f"{kind}:{key}": {} for kind, keys in wanted.items() for key in keys}
    for model, column, kind in LINKS:
        rows = model.objects.filter(**{f"{column}__in": wanted[kind]}).values_list(column, "song__public_id")
        _tie(nodes, kind, rows)
    _tie(nodes, "album", Song.objects.filter(album__in=wanted["album"]).values_list("album_id", "public_id"))
    for album in Album.objects.filter(pk__in=wanted["album"]):
        nodes[f"album:{album.pk}"][f"artist:{album.artist_id}"] = 1.0
    for album in Album.objects.filter(artist__in=wanted["artist"]):
        nodes[f"artist:{album.artist_id}"][f"album:{album.pk}"] = 1.0
    return list(nodes.items())


def _tie(nodes: Mapping[str, dict[str, float]], kind: str, rows: Iterable[tuple[int, str]]) -> None:
    for key, public_id in rows:
        nodes[f"{kind}:{key}"][f"song:{public_id}"] = _weight(kind)


def _weight(kind: str) -> float:
    return TAG_WEIGHT if kind == "tag" else 1.0
