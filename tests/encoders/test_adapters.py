"""The named adapters: a missing library is one sentence, and with it a tiny model made here is asked as a real one."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoders.adapters import ClapEncoder, ClipEncoder, MxbaiEncoder
from retrieval.encoders.base import Encoder, EncoderUnavailable, check_vectors
from retrieval.encoders.vggish import VGGishEncoder, log_mel_patches
from tests.encoders.made import Tune, draw, noise, play, silence

LIBRARIES = {
    MxbaiEncoder: "sentence_transformers",
    ClipEncoder: "open_clip",
    ClapEncoder: "transformers",
    VGGishEncoder: "torch",
}
ITEMS = {"words": ["a slow air"], "picture": [draw("sea", "disc")], "sound": [noise(1)]}
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "slow", "air", "jig", ":", "represent", "this", "sentence"]


def importable(*names: str) -> None:
    """Skip unless each library is there and works (an unfit torchvision, say, breaks what imports it)."""
    for name in names:
        pytest.importorskip(name, reason=f"needs {name}", exc_type=Exception)


@pytest.mark.parametrize("kind", LIBRARIES, ids=lambda kind: kind.key)
class TestEvery:
    def test_it_says_what_it_is(self, kind):
        encoder = kind()
        assert isinstance(encoder, Encoder)
        assert encoder.key.split(".")[0] == encoder.modality
        assert encoder.encodes_queries
        assert encoder.revision

    def test_a_missing_library_is_one_sentence(self, kind, monkeypatch):
        monkeypatch.setitem(sys.modules, LIBRARIES[kind], None)
        encoder = kind()
        with pytest.raises(EncoderUnavailable) as error:
            encoder.encode(ITEMS[encoder.takes])
        assert re.fullmatch(rf'{encoder.key} needs \w+: pip install "fairouz\[\w+\]"\.', str(error.value))

    def test_the_model_comes_from_the_argument_else_the_setting_else_the_default(self, kind, monkeypatch):
        monkeypatch.delenv(kind.setting, raising=False)
        assert kind().source == kind.default
        monkeypatch.setenv(kind.setting, "/models/mine")
        assert kind().source == "/models/mine"
        assert kind("/models/other").source == "/models/other"
        assert kind("/models/other").revision == "other"

    def test_no_items_need_no_model(self, kind):
        assert kind().encode([]).shape == (0, kind.dim)

    def test_a_wrong_item_is_refused_before_anything_is_loaded(self, kind):
        with pytest.raises(TypeError, match=f"{kind.key} takes"):
            kind().encode([3])

    def test_a_folder_without_a_model_is_one_sentence(self, kind, tmp_path):
        importable(LIBRARIES[kind])
        with pytest.raises(EncoderUnavailable, match=kind.setting) as error:
            kind(tmp_path).encode(ITEMS[kind.takes])
        assert "\n" not in str(error.value)


@pytest.fixture(scope="module")
def mxbai(tmp_path_factory) -> MxbaiEncoder:
    importable("torch", "transformers", "sentence_transformers")
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("bert")
    torch.manual_seed(0)
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    shape = {"hidden_size": 1024, "num_hidden_layers": 1, "num_attention_heads": 16, "intermediate_size": 32}
    BertModel(BertConfig(vocab_size=len(WORDS), max_position_embeddings=64, **shape)).save_pretrained(folder)
    return MxbaiEncoder(folder)


def test_mxbai_marks_queries_with_its_prompt(mxbai):
    (document,), (query,) = mxbai.encode(["slow air"]), mxbai.encode_queries(["slow air"])
    assert np.abs(document - query).max() > 1e-3
    np.testing.assert_allclose(query, mxbai.encode([mxbai.prompt + "slow air"])[0], atol=1e-5)


def test_mxbai_keeps_the_order_of_texts_and_does_not_normalise(mxbai):
    texts = ["a slow air", "jig", "a jig a jig a jig a jig", "air"]
    vectors = mxbai.encode(texts)
    check_vectors(vectors, count=4, dim=1024)
    np.testing.assert_allclose(vectors, np.concatenate([mxbai.encode([text]) for text in texts]), atol=1e-4)
    assert np.linalg.norm(vectors, axis=1).min() > 1.5


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> ClipEncoder:
    importable("torch", "torchvision", "open_clip", "safetensors")
    import open_clip
    import torch
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("clip")
    vision = {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16}
    text = {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1}
    model = {"embed_dim": 512, "vision_cfg": vision, "text_cfg": text}
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": model, "preprocess_cfg": {}}))
    torch.manual_seed(0)
    weights = open_clip.create_model(f"local-dir:{folder}", load_weights=False).state_dict()
    save_file(weights, folder / "open_clip_model.safetensors")
    return ClipEncoder(folder)


@pytest.fixture(scope="module")
def clap(tmp_path_factory) -> ClapEncoder:
    importable("torch", "transformers", "soxr")
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import (
        ClapAudioConfig,
        ClapConfig,
        ClapFeatureExtractor,
        ClapModel,
        ClapTextConfig,
        PreTrainedTokenizerFast,
    )

    folder = tmp_path_factory.mktemp("clap")
    torch.manual_seed(0)
    audio = ClapAudioConfig(
        spec_size=64, num_mel_bins=16, patch_size=4, patch_stride=[4, 4], patch_embeds_hidden_size=16, depths=[1, 1],
        num_attention_heads=[2, 2], hidden_size=32, window_size=4, projection_dim=512, enable_fusion=False, num_classes=4,
    )  # fmt: skip
    text = ClapTextConfig(
        vocab_size=len(WORDS), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        projection_dim=512, max_position_embeddings=80, pad_token_id=0,
    )  # fmt: skip
    config = ClapConfig(text_config=text.to_dict(), audio_config=audio.to_dict(), projection_dim=512)
    ClapModel(config).save_pretrained(folder)
    ClapFeatureExtractor(feature_size=16, hop_length=1920, truncation="rand_trunc").save_pretrained(folder)
    words = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="[PAD]", unk_token="[UNK]", model_input_names=["input_ids", "attention_mask"]
    ).save_pretrained(folder)
    return ClapEncoder(folder)


PICTURES = [draw("sea", "disc"), draw("fire", "stripes", size=50), draw("wood", "corner").convert("L")]
SOUNDS = [play(Tune("3/4", "major", 90, "flute", 0), 25), noise(0.3, 8000), silence(2)]


@pytest.mark.parametrize(("name", "items"), [("clip", PICTURES), ("clap", SOUNDS)])
class TestTwoTowers:
    def test_material_and_words_are_unit_vectors_of_one_space(self, name, items, request):
        encoder = request.getfixturevalue(name)
        for vectors in (encoder.encode(items), encoder.encode_queries(["a slow air", "jig", "a jig"])):
            check_vectors(vectors, count=3, dim=512)
            np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_a_query_may_be_of_the_material(self, name, items, request):
        encoder = request.getfixturevalue(name)
        np.testing.assert_allclose(encoder.encode_queries(items), encoder.encode(items), atol=1e-5)
        assert encoder.encode_queries([]).shape == (0, 512)

    def test_a_batch_is_its_items_one_by_one_and_chance_has_no_part(self, name, items, request):
        encoder = request.getfixturevalue(name)
        one_by_one = np.concatenate([encoder.encode([item]) for item in items])
        np.testing.assert_allclose(encoder.encode(items), one_by_one, atol=1e-5)

    def test_words_are_no_material(self, name, items, request):
        encoder = request.getfixturevalue(name)
        with pytest.raises(TypeError, match="takes"):
            encoder.encode(["jig"])
        with pytest.raises(TypeError, match="takes"):
            encoder.encode_queries(["jig", items[0]])


def test_clap_hears_the_whole_middle_minute(clap):
    long = play(Tune("2/4", "minor", 100, "reed", 3), 40)
    changed = type(long)(np.concatenate([long.samples[: 30 * long.rate], noise(10).samples]), long.rate)
    assert np.abs(clap.encode([long]) - clap.encode([changed])).max() > 1e-4


@pytest.fixture(scope="module")
def vggish(tmp_path_factory) -> VGGishEncoder:
    importable("torch", "soxr")
    folder = tmp_path_factory.mktemp("vggish")
    tiny_vggish(folder)
    return VGGishEncoder(folder)


def tiny_vggish(folder: Path):
    """The published network with few channels, built of the library's own layers; returns it and the whitening."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    layers: list[nn.Module] = []
    before = 1
    for size in (4, "pool", 5, "pool", 6, 6, "pool", 7, 7, "pool"):
        if size == "pool":
            layers.append(nn.MaxPool2d(2, 2))
        else:
            layers += [nn.Conv2d(before, size, 3, padding=1), nn.ReLU()]
            before = size
    dense = nn.Sequential(
        nn.Linear(7 * 6 * 4, 20), nn.ReLU(), nn.Linear(20, 20), nn.ReLU(), nn.Linear(20, 128), nn.ReLU()
    )
    network = nn.ModuleDict({"features": nn.Sequential(*layers), "embeddings": dense})
    torch.save(network.state_dict(), folder / "vggish-10086976.pth")
    random = np.random.default_rng(0)
    whitening = {"pca_eigen_vectors": random.normal(size=(128, 128)), "pca_means": random.normal(0, 0.05, (128, 1))}
    np.savez(folder / "vggish_pca_params.npz", **whitening)
    return network, whitening


def test_vggish_is_the_published_network(tmp_path):
    importable("torch", "soxr")
    import torch

    network, whitening = tiny_vggish(tmp_path)
    sound = noise(2.5, rate=16_000)
    patches = torch.from_numpy(log_mel_patches(sound.samples))[:, None]
    with torch.no_grad():
        raw = network["embeddings"](network["features"](patches).permute(0, 2, 3, 1).flatten(1)).numpy()
    white = (whitening["pca_eigen_vectors"] @ (raw.T - whitening["pca_means"])).T
    expected = np.round((np.clip(white, -2, 2) + 2) * 255 / 4).mean(axis=0)
    np.testing.assert_allclose(VGGishEncoder(tmp_path).encode([sound])[0], expected, atol=0.51)


def test_vggish_vectors_lie_within_0_and_255(vggish):
    vectors = vggish.encode(SOUNDS)
    check_vectors(vectors, count=3, dim=128)
    assert vectors.min() >= 0
    assert vectors.max() <= 255
    (one_patch,) = vggish.encode([noise(1.0, 16_000)])
    np.testing.assert_array_equal(one_patch, one_patch.round())


@pytest.mark.parametrize(("seconds", "patches"), [(0.1, 1), (0.975, 1), (1.9, 1), (1.95, 2), (9.7, 10)])
def test_vggish_patches_are_of_96_hundredths_of_a_second(seconds, patches):
    assert log_mel_patches(noise(seconds, 16_000).samples).shape == (patches, 96, 64)


@pytest.mark.parametrize("pitch", [200, 1000, 4000])
def test_vggish_bands_are_mel_bands_from_125_to_7500_hz(pitch):
    time = np.arange(16_000) / 16_000
    band = log_mel_patches(np.sin(2 * np.pi * pitch * time)).mean(axis=(0, 1)).argmax()
    low, high = (1127 * np.log(1 + hertz / 700) for hertz in (125, 7500))
    expected = (1127 * np.log(1 + pitch / 700) - low) / (high - low) * 65 - 1  # 64 centres between 66 edges
    assert abs(band - expected) <= 1


def test_vggish_of_silence_is_the_log_of_its_offset():
    np.testing.assert_allclose(log_mel_patches(np.zeros(16_000)), np.log(0.01), rtol=1e-6)
