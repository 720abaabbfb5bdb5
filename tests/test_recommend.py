"""Recommendations from several seeds."""

from __future__ import annotations

import pytest

from catalog.selectors import song_by_public_id
from fairouz_site.errors import InvalidInput
from fairouz_site.registry import UnknownPlugin
from retrieval.services import recommend
from retrieval.spaces import resolve_space
from tests.library_of import library_of
from tests.release import Release


def found(hits) -> list[str]:
    return [hit.song.public_id for hit in hits]


def test_the_nearest_to_any_seed_by_an_independent_search(release: Release) -> None:
    brute, space = release.space("joint"), resolve_space("joint")
    seeds, without = [release.ids[n] for n in (3, 99, 400)], [release.ids[500], brute.ranked(release.ids[3])[0][0]]
    best: dict[str, tuple[float, str]] = {}
    for seed in seeds:
        for other, distance in zip(*brute.ranked(seed), strict=True):
            best[other] = min(best.get(other, (float("inf"), "")), (float(distance), seed))
    expected = sorted((d, other, seed) for other, (d, seed) in best.items() if other not in (*seeds, *without))
    hits = recommend([song_by_public_id(s) for s in seeds], space, 40, without=[song_by_public_id(w) for w in without])
    assert found(hits) == [other for _, other, _ in expected[:40]]
    assert [hit.seed.public_id for hit in hits] == [seed for *_, seed in expected[:40]]
    assert [hit.rank for hit in hits] == list(range(1, 41))


@pytest.mark.django_db
class TestSmall:
    @pytest.fixture(autouse=True)
    def line(self) -> None:
        self.space = library_of({name: [float(place)] for place, name in enumerate("abcdefgh")})

    def songs(self, names: str):
        return [song_by_public_id(name) for name in names]

    def test_never_a_seed_and_never_one_of_those_without(self) -> None:
        assert sorted(found(recommend(self.songs("ah"), self.space, 10, without=self.songs("bg")))) == list("cdef")

    def test_asking_for_more_seeds_still_fills_the_list(self) -> None:
        assert len(recommend(self.songs("abc"), self.space, 5)) == 5
        assert len(recommend(self.songs("abcd"), self.space, 5)) == 4

    def test_a_seed_without_a_vector_leaves_the_others_to_speak(self) -> None:
        from tests.library_of import song

        hits = recommend([song("mute"), *self.songs("a")], self.space, 2)
        assert found(hits) == ["b", "c"]

    def test_without_seeds_it_asks_for_one(self) -> None:
        with pytest.raises(InvalidInput, match="Name at least one seed song"):
            recommend([], self.space)

    def test_an_unknown_strategy_is_answered_with_the_known(self) -> None:
        with pytest.raises(UnknownPlugin, match=r"known: .*nearest"):
            recommend(self.songs("a"), self.space, strategy="magic")
