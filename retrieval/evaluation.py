"""How good each space is, measured on the catalogue itself; definitions are in docs/joint-space.md."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from django.db import transaction

from catalog.models import SongArtist, SongGenre
from fairouz_site.errors import InvalidInput
from retrieval.binding import evidence_of
from retrieval.joint.evidence import Evidence
from retrieval.models import Positive, Space, Vector
from retrieval.quality.protocols import PROTOCOLS, evaluate
from retrieval.quality.truth import Truth
from retrieval.spaces import ORDER, default_spaces

# What the dashboard's table shows, in order.
HEADLINES = ("P@10", "R@50", "worst@50", "genreX@10", "artist@10", "kNN", "NMI", "hubness")

Progress = Callable[[int, int], None]


def evaluate_spaces(
    spaces: Sequence[Space], *, protocol: str = "clean", progress: Progress | None = None
) -> dict[str, dict[str, float]]:
    """Measure each space by the `clean` or the `published` protocol, keep the figures with it, and return them by key.

    Positives are those imported with a release, else made as the paper made its own: the 9 nearest in each modality.
    Raises InvalidInput for another protocol, or when there is nothing to measure against.
    """
    if protocol not in PROTOCOLS:
        raise InvalidInput.of("protocol", f"protocol must be one of {', '.join(PROTOCOLS)}.")
    evidence = evidence_of([space for space in default_spaces() if space.modality in ORDER[1:]])
    if len(evidence) < 2:
        raise InvalidInput.of("space", "There is nothing to measure: fewer than two songs have vectors.")
    truth = _truth(evidence)
    figures = {}
    for done, space in enumerate(spaces, 1):
        vectors, present = _aligned(space, evidence)
        figures[space.key] = evaluate(vectors, truth, protocol=protocol, present=present)
        _keep(space, protocol, figures[space.key])
        if progress:
            progress(done, len(spaces))
    return figures


def _truth(evidence: Evidence) -> Truth:
    artists = dict(SongArtist.objects.order_by("-position", "-id").values_list("song__public_id", "artist__name"))
    genres = defaultdict(list)
    for song, genre in SongGenre.objects.order_by("position", "id").values_list("song__public_id", "genre__name"):
        genres[song].append(genre)
    positives: dict[str, list[str]] = defaultdict(list)
    for song, other in Positive.objects.values_list("song__public_id", "other__public_id"):
        positives[song].append(other)
    return Truth.of(evidence, artists, genres, positives or None)


def _aligned(space: Space, evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """The space's vectors in the order of `evidence`, float32 (n, dim), and which songs have one, bool (n,)."""
    row = {name: place for place, name in enumerate(evidence.ids)}
    vectors = np.zeros((len(row), space.dimension), dtype=np.float32)
    present = np.zeros(len(row), dtype=bool)
    for name, data in Vector.objects.filter(space=space).values_list("song__public_id", "data").iterator():
        if name in row:
            vectors[row[name]], present[row[name]] = np.frombuffer(data, "<f4"), True
    return vectors, present


def _keep(space: Space, protocol: str, figures: dict[str, float]) -> None:
    with transaction.atomic():
        current = Space.objects.select_for_update().get(pk=space.pk)
        current.figures = {**current.figures, protocol: {name: float(value) for name, value in figures.items()}}
        current.save(update_fields=["figures"])
