"""Built-in recommenders: from several seeds to one ranked list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from catalog.models import Song
from retrieval.services import Hit, similar


class NearestToAny:
    """Songs by their distance to the nearest seed, each hit naming that seed."""

    key = "nearest"
    label = "nearest to any seed"

    def recommend(self, seeds: Sequence[Song], without: Sequence[Song], k: int, options: dict[str, Any]) -> list[Hit]:
        barred = {song.pk for song in (*seeds, *without)}
        best: dict[int, Hit] = {}
        for seed in seeds:
            # no more than len(barred) hits of a seed can be barred, so each seed still offers k
            found = similar(seed, options["space"], k + len(barred), allow=options.get("allow"))
            for hit in found.hits:
                known = best.get(hit.song.pk)
                if hit.song.pk not in barred and (known is None or hit.distance < known.distance):
                    best[hit.song.pk] = replace(hit, seed=seed)
        ranked = sorted(best.values(), key=lambda hit: (hit.distance, hit.song.public_id))[:k]
        return [replace(hit, rank=rank) for rank, hit in enumerate(ranked, 1)]
