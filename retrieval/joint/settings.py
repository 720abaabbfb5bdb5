"""The settings of a fit, with what each is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Settings:
    """How votes are taken and how vectors are fitted to them.

    dimension: of the joint space. neighbours: votes each modality gives a song (9, as in the paper).
    weights: modality -> weight of its votes; a modality not named weighs 1.
    witness, agreement: votes are multiplied by 1 + agreement * closeness in the witness's modality, so that of two
    equally near covers the one whose song is also near in the graph comes first; "" for none.
    modesty: a vote weighs less the more votes its song has, as votes ** -modesty; without it a few songs that are
    everybody's neighbours crowd every list.
    temperature: of the softmax over z·z; steps, learning_rate: of Adam, with cosine decay to 0.
    fading, new_temperature, new_steps, recentre: of folding in. A new song's votes fade with rank as exp(-rank/fading),
    since the last of its nearest would not be among them had its own artist been there; recentre * the library's mean
    is taken from where it lands, since what new songs share for being new would make them each other's neighbours.
    bridge_width, bridge_ridge, bridge_weights: of the kernel ridge regressions, per modality (see Bridge), and the weight
    of each when several are averaged; a modality not named has 0.7, 2 and 1.
    dense_limit: songs up to which the softmax runs over the whole library; above it is sampled, in batches of `batch`
    songs against `negatives` drawn songs.
    seed: of everything random.
    """

    dimension: int = 128
    neighbours: int = 9
    weights: Mapping[str, float] = field(default_factory=lambda: {"graph": 2.8, "text": 1.3, "image": 1.1})
    witness: str = "graph"
    agreement: float = 0.4
    modesty: float = 0.2
    temperature: float = 0.042
    steps: int = 200
    learning_rate: float = 0.03
    fading: float = 3.7
    new_temperature: float = 0.052
    new_steps: int = 150
    recentre: float = 0.5
    bridge_width: Mapping[str, float] = field(default_factory=lambda: {"graph": 0.2})
    bridge_ridge: Mapping[str, float] = field(default_factory=lambda: {"graph": 0.3})
    bridge_weights: Mapping[str, float] = field(default_factory=lambda: {"image": 1.5})
    dense_limit: int = 2_048
    batch: int = 2_048
    negatives: int = 1_024
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("dimension", "neighbours", "steps", "new_steps", "batch", "negatives"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: at least 1, not {getattr(self, name)}")
        for name in ("temperature", "new_temperature", "fading", "learning_rate"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: above 0, not {getattr(self, name)}")
        if min([self.agreement, self.modesty, self.recentre, *self.weights.values()]) < 0:
            raise ValueError("agreement, modesty, recentre, weights: 0 or more")

    def weight(self, modality: str) -> float:
        return float(self.weights.get(modality, 1.0))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for the model card."""
        return {name: dict(value) if isinstance(value, Mapping) else value for name, value in vars(self).items()}
