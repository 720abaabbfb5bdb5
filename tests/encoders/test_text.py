"""The text encoder against the original model, whose vectors of 100 texts are stored."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoders.base import EncoderUnavailable
from retrieval.encoders.text import MODEL_FOLDER, MiniLMEncoder

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def encoder():
    return MiniLMEncoder()


def test_vectors_agree_with_the_original_model(encoder):
    texts = json.loads((DATA / "texts.json").read_text(encoding="utf-8"))
    original = np.load(DATA / "minilm_original.npz")["vectors"].astype(np.float32)
    vectors = encoder.encode(texts)
    assert len(texts) == len(original) == 100
    assert (vectors * original).sum(axis=1).min() >= 0.99


def test_vectors_have_unit_length(encoder):
    np.testing.assert_allclose(np.linalg.norm(encoder.encode(["a", "", "x" * 5000]), axis=1), 1, atol=1e-5)


def test_likeness_of_meaning_is_nearness(encoder):
    query, near, far = encoder.encode(
        ["a sad song about leaving home", "a mournful farewell to one's country", "int main(void)"]
    )
    assert query @ near > query @ far + 0.2


def test_only_the_first_256_tokens_count(encoder):
    start = "word " * 254  # and the two tokens that mark beginning and end
    one, other = encoder.encode([start + "sunshine", start + "thunder and rain"])
    np.testing.assert_allclose(one, other, atol=1e-5)
    one, other = encoder.encode(["word " * 250 + "sunshine", "word " * 250 + "thunder"])
    assert np.abs(one - other).max() > 1e-4


def test_a_text_that_is_no_valid_unicode_is_taken_too(encoder):
    assert np.isfinite(encoder.encode(["half a pair \ud83c", "\udce9t\udce9"])).all()


def test_a_missing_model_file_is_named(tmp_path):
    with pytest.raises(EncoderUnavailable, match=r"minilm-l6-v2\.int8\.onnx"):
        MiniLMEncoder(tmp_path).encode(["x"])


def test_a_damaged_model_file_is_named(tmp_path):
    for path in (MODEL_FOLDER / "minilm-l6-v2.int8.onnx", MODEL_FOLDER / "tokenizer.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes()[:1000])
    with pytest.raises(EncoderUnavailable, match="damaged"):
        MiniLMEncoder(tmp_path).encode(["x"])


def test_the_bundled_files_are_the_documented_ones():
    import hashlib

    readme = (MODEL_FOLDER / "README.md").read_text(encoding="utf-8")
    for name in ("minilm-l6-v2.int8.onnx", "tokenizer.json"):
        assert hashlib.sha256((MODEL_FOLDER / name).read_bytes()).hexdigest() in readme
    assert (MODEL_FOLDER / "minilm-l6-v2.int8.onnx").stat().st_size < 25_000_000


def test_nothing_heavy_is_imported_before_use():
    """Importing every module of encoders, and making them, must cost nothing."""
    program = """
import sys
import catalog.media.picture, catalog.media.sound, graph.randne
from retrieval.encoders import adapters, audio, image, text, vggish
made = [text.MiniLMEncoder(), audio.TimbreEncoder(), image.LayoutEncoder(), graph.randne.RandNEEncoder(),
        adapters.MxbaiEncoder(), adapters.ClipEncoder(), adapters.ClapEncoder(), vggish.VGGishEncoder()]
heavy = {"onnxruntime", "tokenizers", "librosa", "soundfile", "soxr", "scipy", "PIL", "torch", "transformers",
         "sentence_transformers", "open_clip", "av", "django"}
print(sorted(heavy & set(sys.modules)))
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
