"""What every encoder promises (retrieval.encoders.base.Encoder), asked of each."""

import multiprocessing
import threading

import numpy as np
import pytest

from catalog.media.sound import Sound
from graph.randne import RandNEEncoder
from retrieval.encoders.audio import TimbreEncoder
from retrieval.encoders.base import Encoder, check_vectors
from retrieval.encoders.image import LayoutEncoder
from retrieval.encoders.text import MiniLMEncoder
from tests.encoders.made import Tune, draw, noise, play, silence

ENCODERS = [MiniLMEncoder, LayoutEncoder, TimbreEncoder, RandNEEncoder]

MATERIAL = {
    "words": ["a slow air", "", "quick " * 400, "أغنية", "🎶"],
    "picture": [draw("sea", "disc"), draw("fire", "stripes", size=31), draw("wood", "corner").convert("L")],
    "sound": [play(Tune("6/8", "minor", 100, "harp", 1), 6), noise(0.2, 8000), silence(1.0)],
    "edges": [("song:1", {"artist:1": 1.0, "genre:a": 1.0}), ("song:2", {"artist:1": 0.5}), ("song:3", {})],
}
WRONG = {"words": 7, "picture": "cover.jpg", "sound": np.zeros(9, np.float32), "edges": "song:1"}


@pytest.fixture(params=ENCODERS, ids=lambda kind: kind.key)
def encoder(request) -> Encoder:
    return request.param()


@pytest.fixture
def items(encoder):
    return MATERIAL[encoder.takes]


def test_it_says_what_it_is(encoder):
    assert isinstance(encoder, Encoder)
    assert encoder.key.split(".")[0] == encoder.modality
    assert encoder.modality in {"text", "image", "audio", "graph"}
    assert encoder.takes in MATERIAL
    assert isinstance(encoder.encodes_queries, bool)
    assert encoder.revision
    assert encoder.cost


def test_one_finite_vector_an_item(encoder, items):
    vectors = encoder.encode(items)
    check_vectors(vectors, count=len(items), dim=encoder.dim)
    assert np.abs(vectors).sum(axis=1).all(), "a row of zeros would stand for a missing vector"


def test_different_items_get_different_vectors(encoder, items):
    assert len(np.unique(encoder.encode(items).round(5), axis=0)) == len(items)


def test_the_same_items_get_the_same_vectors(encoder, items):
    np.testing.assert_array_equal(encoder.encode(items), type(encoder)().encode(items))


def test_the_order_of_items_is_the_order_of_vectors(encoder, items):
    np.testing.assert_allclose(encoder.encode(items)[::-1], encoder.encode(items[::-1]), atol=1e-5)


def test_a_batch_is_its_items_one_by_one(encoder, items):
    if encoder.takes == "edges":  # where the others are what a node's vector is made of
        items = items[-1:]
    one_by_one = np.concatenate([encoder.encode([item]) for item in items])
    np.testing.assert_allclose(encoder.encode(items), one_by_one, atol=1e-5)


def test_no_items_give_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, encoder.dim)
    assert encoder.encode([]).dtype == np.float32


def test_an_item_of_the_wrong_kind_is_named(encoder, items):
    wrong = WRONG[encoder.takes]
    with pytest.raises(TypeError, match=f"{encoder.key} takes .* not {type(wrong).__name__}"):
        encoder.encode([*items, wrong])


def test_one_item_in_place_of_a_list_is_refused(encoder):
    with pytest.raises(TypeError, match="takes"):
        encoder.encode("hello")


def test_progress_ends_with_all(encoder, items):
    seen: list[tuple[int, int]] = []
    encoder.encode(items, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(items), len(items))
    assert seen == sorted(seen)


def test_a_query_lies_where_the_same_item_lies(encoder, items):
    if not encoder.encodes_queries:
        pytest.skip("cannot be searched with")
    np.testing.assert_allclose(encoder.encode_queries(items), encoder.encode(items), atol=1e-5)


def test_threads_may_share_it(encoder, items):
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(encoder.encode(items))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(found) == 4
    for vectors in found:
        np.testing.assert_array_equal(vectors, found[0])


def _send(encoder, items, pipe):
    pipe.send(encoder.encode(items))


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_may_use_it(encoder, items):
    before = encoder.encode(items)
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=_send, args=(encoder, items, there))
    child.start()
    try:
        assert here.poll(120), "the child is stuck"
        np.testing.assert_array_equal(here.recv(), before)
    finally:
        child.kill()
        child.join()


@pytest.mark.parametrize(
    ("vectors", "words"),
    [
        (np.zeros((2, 3)), "float64"),
        (np.zeros((3, 2), np.float32), r"\(3, 2\)"),
        (np.array([[0, 0, 0], [0, np.nan, 0]], np.float32), "item 1"),
        (np.array([[np.inf, 0, 0], [0, 0, 0]], np.float32), "item 0"),
    ],
)
def test_what_is_no_set_of_vectors_is_refused(vectors, words):
    with pytest.raises(ValueError, match=words):
        check_vectors(vectors, count=2, dim=3, key="text.dummy")


def test_the_vectors_that_pass_are_handed_on():
    vectors = np.ones((2, 3), np.float32)
    assert check_vectors(vectors, count=2, dim=3) is vectors


def test_sounds_of_any_rate_and_length_are_taken():
    sounds = [
        Sound(np.ones(n, np.float32), rate) for n, rate in ((1, 8000), (1, 384_000), (500, 44_100), (90_000, 1000))
    ]
    check_vectors(TimbreEncoder().encode(sounds), count=4, dim=128)
