"""The default text encoder: all-MiniLM-L6-v2, run by onnxruntime without torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.base import BatchEncoder, EncoderUnavailable, Lazy, Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = ["MODEL_FOLDER", "MiniLMEncoder"]

MODEL_FOLDER = Path(__file__).resolve().parents[2] / "data" / "encoders"
MAX_TOKENS = 256


class Model(NamedTuple):
    tokenizer: "Tokenizer"
    session: "InferenceSession"


class MiniLMEncoder(BatchEncoder):
    """Sentences as unit vectors, float32 (n, 384), by the model of Reimers & Gurevych's sentence-transformers.

    As in the original, only the first 256 tokens (about 190 English words) count: put what matters first. The empty
    text has a vector too, the same for every empty text; whether it stands for a song is for the caller to say.
    """

    key = "text.minilm"
    revision = "l6-v2-int8-1"
    modality = "text"
    dim = 384
    takes = "words"
    cost = "23 MB in the checkout; about 2 ms for a query, 30 ms for a page of lyrics, on one processor core"

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or MODEL_FOLDER
        self._model = Lazy(self._load)

    def _load(self) -> Model:
        model, tokenizer = self._folder / "minilm-l6-v2.int8.onnx", self._folder / "tokenizer.json"
        for path in (model, tokenizer):
            if not path.is_file():
                raise EncoderUnavailable(f"{self.key} needs the file {path.name} in {path.parent}.")
        try:
            return Model(_tokenizer(tokenizer), _session(model))
        except ModuleNotFoundError:
            raise
        except Exception as error:  # both libraries raise it bare
            raise EncoderUnavailable(
                f"{self.key} cannot use the model in {self._folder}: a file is damaged."
            ) from error

    def _size(self, item: str) -> int:
        return len(item)

    def _vectors(self, batch: Sequence[str]) -> Vectors:
        tokenizer, session = self._model()
        # one by one: encode_batch starts a thread pool, which a fork would break
        tokens = [tokenizer.encode(_valid(text)).ids for text in batch]
        return session.run(None, _padded(tokens))[0]


def _valid(text: str) -> str:
    """Without halves of surrogate pairs, which the tokenizer refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _padded(tokens: list[list[int]]) -> dict[str, NDArray[np.int64]]:
    longest = max(map(len, tokens))
    ids = np.zeros((len(tokens), longest), np.int64)
    mask = np.zeros_like(ids)
    for row, known in enumerate(tokens):
        ids[row, : len(known)] = known
        mask[row, : len(known)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def _tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _session(path: Path) -> "InferenceSession":
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # widen the int8 weights once, at loading, and not at every run
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
