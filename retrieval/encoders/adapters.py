"""Encoders for the models of the paper and its successors, each behind an optional library.

A model is named by a local folder or a hub id: by the constructor's argument, else by the environment variable in
`setting`, else it is the `default`. A hub id is fetched by the library at first use, unless it is kept offline
(`HF_HUB_OFFLINE=1`) or has the model already.
"""

import os
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.base import BatchEncoder, EncoderUnavailable, Lazy, Vectors, needed
from retrieval.encoders.waves import middle

if TYPE_CHECKING:
    from PIL.Image import Image

    from catalog.media.sound import Sound

__all__ = ["Adapter", "ClapEncoder", "ClipEncoder", "MxbaiEncoder"]


class Adapter(BatchEncoder):
    """An encoder around somebody else's model; a subclass loads it and knows how to ask it."""

    extra: ClassVar[str]
    setting: ClassVar[str]
    default: ClassVar[str]
    batch_size = 8

    def __init__(self, source: str | Path | None = None) -> None:
        self.source = str(source or os.environ.get(self.setting) or self.default)
        self._model = Lazy(self._opened)

    @property
    def revision(self) -> str:  # type: ignore[override]
        return Path(self.source).name

    @abstractmethod
    def _load(self) -> Any:
        """The model at `self.source`."""

    def _library(self, name: str) -> Any:
        return needed(name, extra=self.extra, by=self.key)

    def _opened(self) -> Any:
        try:
            return self._load()
        except EncoderUnavailable:
            raise
        except (OSError, ValueError, RuntimeError) as error:  # what the libraries raise for an absent or damaged model
            raise EncoderUnavailable(
                f"{self.key} cannot load a model from {self.source} (see {self.setting})."
            ) from error


class MxbaiEncoder(Adapter):
    """mxbai-embed-large-v1, float32 (n, 1024), not normalised: the text space of the published release (norms about 17).

    Queries are preceded by the prompt that the model was trained with for retrieval; songs' texts are taken as they are.
    """

    key = "text.mxbai"
    modality = "text"
    dim = 1024
    takes = "words"
    cost = "1.3 GB; about 0.5 s for a page of lyrics on one processor core"
    extra, setting, default = "mxbai", "FAIROUZ_MXBAI", "mixedbread-ai/mxbai-embed-large-v1"
    prompt = "Represent this sentence for searching relevant passages: "

    def _load(self) -> Any:
        return self._library("sentence_transformers").SentenceTransformer(self.source, device="cpu")

    def _size(self, item: str) -> int:
        return len(item)

    def _vectors(self, batch: Sequence[str]) -> Vectors:
        return self._model().encode(list(batch), batch_size=len(batch), show_progress_bar=False)

    def encode_queries(self, items: Sequence[str]) -> Vectors:
        return self.encode([self.prompt + text for text in self._checked(items)])


class TwoTowerEncoder(Adapter):
    """A model that puts words and other material into one space of unit vectors: a query may be either."""

    @abstractmethod
    def _words(self, texts: list[str]) -> Any:
        """A tensor of vectors for words."""

    @abstractmethod
    def _material(self, batch: Sequence[Any]) -> Any:
        """A tensor of vectors for what `takes` says."""

    def _vectors(self, batch: Sequence[Any]) -> Vectors:
        return _unit_rows(self._without_gradient(self._material, batch))

    def encode_queries(self, items: Sequence[Any]) -> Vectors:
        if not items or not all(isinstance(item, str) for item in items):
            return self.encode(items)
        return _unit_rows(self._without_gradient(self._words, list(items)))

    def _without_gradient(self, ask: Any, batch: Any) -> NDArray[Any]:
        with self._library("torch").inference_mode():
            return ask(batch).float().numpy()


class ClipEncoder(TwoTowerEncoder):
    """CLIP by open_clip, ViT-B-32: pictures (and words, as queries) as unit vectors, float32 (n, 512).

    The published release's image space has this shape; which weights it was made with is not recorded.
    """

    key = "image.clip"
    modality = "image"
    dim = 512
    takes = "picture"
    cost = "600 MB; about 0.1 s a picture on one processor core"
    extra, setting, default = "clip", "FAIROUZ_CLIP", "laion/CLIP-ViT-B-32-laion2B-s34B-b79K"

    def _load(self) -> tuple[Any, Any, Any]:
        open_clip = self._library("open_clip")
        name = f"local-dir:{self.source}" if Path(self.source).is_dir() else f"hf-hub:{self.source}"
        model, prepare = open_clip.create_model_from_pretrained(name)
        return model.eval(), prepare, open_clip.get_tokenizer(name)

    def _material(self, batch: Sequence["Image"]) -> Any:
        model, prepare, _ = self._model()
        return model.encode_image(self._library("torch").stack([prepare(picture) for picture in batch]))

    def _words(self, texts: list[str]) -> Any:
        model, _, tokenize = self._model()
        return model.encode_text(tokenize(texts))


class ClapEncoder(TwoTowerEncoder):
    """CLAP by transformers: sounds (and words, as queries) as unit vectors, float32 (n, 512).

    The model hears 10 s at a time: a sound's vector is the direction of the mean over its middle minute, cut into
    windows of 10 s. (The library itself would pick one window by chance.)
    """

    key = "audio.clap"
    modality = "audio"
    dim = 512
    takes = "sound"
    cost = "780 MB; about 0.5 s for each 10 s of sound on one processor core"
    extra, setting, default = "clap", "FAIROUZ_CLAP", "laion/larger_clap_music"
    batch_size = 1

    def _load(self) -> tuple[Any, Any, Any]:
        transformers = self._library("transformers")
        model = transformers.ClapModel.from_pretrained(self.source)
        hear = transformers.AutoFeatureExtractor.from_pretrained(self.source)
        return model.eval(), hear, transformers.AutoTokenizer.from_pretrained(self.source)

    def _material(self, batch: Sequence["Sound"]) -> Any:
        return self._library("torch").stack([self._one(sound) for sound in batch])

    def _one(self, sound: "Sound") -> Any:
        model, hear, _ = self._model()
        samples = middle(sound, hear.sampling_rate, extra=self.extra, by=self.key).astype(np.float32)
        heard = hear(_windows(samples, hear.nb_max_samples), sampling_rate=hear.sampling_rate, return_tensors="pt")
        heard["is_longer"][:] = False  # nothing is, but the library marks one by chance for models that fuse windows
        found = model.get_audio_features(**heard)
        return getattr(found, "pooler_output", found).mean(dim=0)

    def _words(self, texts: list[str]) -> Any:
        model, _, tokenize = self._model()
        found = model.get_text_features(**tokenize(texts, padding=True, truncation=True, return_tensors="pt"))
        return getattr(found, "pooler_output", found)


def _windows(samples: NDArray[np.float32], size: int) -> list[NDArray[np.float32]]:
    """Whole windows; what is left over at the end counts only where there is no whole one."""
    return [samples[start : start + size] for start in range(0, max(1, len(samples) - size + 1), size)]


def _unit_rows(rows: NDArray[Any]) -> Vectors:
    return (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)).astype(np.float32)
