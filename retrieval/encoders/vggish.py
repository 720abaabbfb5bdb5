"""VGGish, the audio model of the published release, from its published weights.

Hershey et al. 2017, "CNN architectures for large-scale audio classification". No library that carries it is kept up, so
the front end and the network are written out here, after the paper and AudioSet's documentation. The model is a folder
with two files as published: `vggish-10086976.pth`, the weights as ported to PyTorch (Taylor's torchvggish), and
`vggish_pca_params.npz`, the whitening of AudioSet's embeddings. As in that port, the last layer is rectified too.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.adapters import Adapter
from retrieval.encoders.base import EncoderUnavailable, Vectors
from retrieval.encoders.waves import middle

if TYPE_CHECKING:
    from catalog.media.sound import Sound

__all__ = ["VGGishEncoder", "log_mel_patches"]

Array = NDArray[Any]

RATE, FRAME, STEP, FFT = 16_000, 400, 160, 512  # 25 ms every 10 ms
BANDS, LOWEST, HIGHEST, OFFSET = 64, 125.0, 7500.0, 0.01
PATCH = 96  # frames: 0.96 s
CONVOLUTIONS = {0: True, 3: True, 6: False, 8: True, 11: False, 13: True}  # place in the network: is it pooled after?
DENSE = (0, 2, 4)
WEIGHTS, WHITENING = "vggish-10086976.pth", "vggish_pca_params.npz"


class Model(NamedTuple):
    weights: dict[str, Any]
    directions: Array
    means: Array


class VGGishEncoder(Adapter):
    """AudioSet's embeddings, whitened, quantised to 0..255, float32 (n, 128): the mean over a sound's patches of 0.96 s.

    The published release's vectors are whole numbers within 0..255, so each stands for one patch (which one is not
    recorded), while a mean over patches lies nearer the middle of the space.
    """

    key = "audio.vggish"
    modality = "audio"
    dim = 128
    takes = "sound"
    cost = "290 MB; about 2 s for a 30 s clip on one processor core"
    extra, setting, default = "vggish", "FAIROUZ_VGGISH", "vggish"
    batch_size = 1

    def _load(self) -> Model:
        torch = self._library("torch")
        folder = Path(self.source)
        for name in (WEIGHTS, WHITENING):
            if not (folder / name).is_file():
                raise EncoderUnavailable(f"{self.key} needs {name} in the folder that {self.setting} names ({folder}).")
        # weights_only: tensors are read, and nothing that a file could make run
        weights = torch.load(folder / WEIGHTS, map_location="cpu", weights_only=True)
        with np.load(folder / WHITENING, allow_pickle=False) as whitening:
            return Model(weights, whitening["pca_eigen_vectors"], whitening["pca_means"].ravel())

    def _vectors(self, batch: Sequence["Sound"]) -> Vectors:
        return np.stack([self._one(sound) for sound in batch])

    def _one(self, sound: "Sound") -> Array:
        torch, model = self._library("torch"), self._model()
        patches = log_mel_patches(middle(sound, RATE, extra=self.extra, by=self.key))
        with torch.inference_mode():
            raw = _forward(torch.from_numpy(patches), model.weights, torch).numpy()
        return _quantised((raw - model.means) @ model.directions.T).mean(axis=0).astype(np.float32)


def log_mel_patches(samples: Array) -> NDArray[np.float32]:
    """Log mel magnitudes, float32 (patches, 96, 64), of 16 kHz samples; silence fills up a sound shorter than a patch."""
    samples = np.pad(samples, (0, max(0, (PATCH - 1) * STEP + FRAME - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::STEP]
    window = 0.5 - 0.5 * np.cos(2 * np.pi / FRAME * np.arange(FRAME))  # the periodic Hann window
    magnitudes = np.abs(np.fft.rfft(frames * window, FFT))
    bands = np.log(magnitudes @ _mel_bank() + OFFSET)
    whole = len(bands) // PATCH * PATCH
    return bands[:whole].reshape(-1, PATCH, BANDS).astype(np.float32)


def _mel_bank() -> Array:
    """(257, 64) triangles that are straight on the mel scale, not in Hz as elsewhere."""
    bins = _mel(np.linspace(0, RATE / 2, FFT // 2 + 1))[:, None]
    edges = np.linspace(_mel(LOWEST), _mel(HIGHEST), BANDS + 2)
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    bank = np.maximum(0, np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre)))
    bank[0] = 0
    return bank


def _mel(hertz: Any) -> Any:
    return 1127 * np.log1p(np.asarray(hertz) / 700)


def _forward(patches: Any, weights: dict[str, Any], torch: Any) -> Any:
    """(n, 96, 64) -> (n, 128); the layers' widths are those of the weights."""
    functional = torch.nn.functional
    x = patches[:, None]
    for place, pooled in CONVOLUTIONS.items():
        name = f"features.{place}"
        x = functional.relu(functional.conv2d(x, weights[f"{name}.weight"], weights[f"{name}.bias"], padding=1))
        x = functional.max_pool2d(x, 2) if pooled else x
    x = x.permute(0, 2, 3, 1).flatten(1)  # channels last, as where the weights were trained
    for place in DENSE:
        name = f"embeddings.{place}"
        x = functional.relu(functional.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"]))
    return x


def _quantised(whitened: Array) -> Array:
    return np.round((np.clip(whitened, -2, 2) + 2) * (255 / 4))
