"""Concentration, N-1 and reliance against paper arithmetic, and beside what others published."""

import pytest

from monazite.evidence import chain_names, read_chain
from monazite.evidence.seedfiles import seed_data
from monazite.evidence.supply import REST, Supply, supplies

THREE = Supply(
    output={"north": 60.0, "south": 30.0, REST: 10.0},
    capacity={"north": 80.0, "south": 40.0, REST: 20.0},
    use={"north": 50.0, "south": 10.0, REST: 40.0},
)


def test_the_index_is_the_sum_of_squares_and_the_rest_is_many_or_one() -> None:
    assert THREE.hhi == pytest.approx((60**2 + 30**2, 60**2 + 30**2 + 10**2))
    assert Supply({"north": 5.0}, {}, {}).hhi == pytest.approx((10_000, 10_000))


def test_the_rest_of_the_world_is_nobody_s_largest_supplier() -> None:
    assert Supply({"north": 1.0, REST: 9.0}, {}, {}).largest == "north"
    assert Supply({REST: 9.0}, {}, {}).largest == REST


def test_coverage_without_the_largest_supplier() -> None:
    assert THREE.without_largest == pytest.approx(0.4)
    assert THREE.with_spare == pytest.approx(60 / 100)
    assert THREE.outside == pytest.approx(60 / 50)


def test_what_nobody_uses_has_no_coverage() -> None:
    assert Supply({"north": 1.0}, {"north": 1.0}, {}).with_spare is None
    assert Supply({"north": 1.0}, {"north": 1.0}, {"north": 1.0}).outside is None


def test_reliance_is_use_less_output_over_use() -> None:
    assert THREE.reliance("south") == pytest.approx(-2.0)
    assert THREE.reliance(REST) == pytest.approx(0.75)
    assert THREE.reliance("nowhere") is None


@pytest.mark.parametrize("chain", chain_names())
def test_shares_add_up_and_capacity_holds_output(chain: str) -> None:
    for product, found in supplies(read_chain(chain)).items():
        assert sum(found.share(region) for region in found.output) == pytest.approx(1), product
        low, high = found.hhi
        assert 0 <= low <= high <= 10_000 + 1e-6, product
        for region, made in found.output.items():
            assert found.capacity[region] >= made * (1 - 1e-9), (product, region)
        assert found.use, product


def _published() -> list[tuple[str, float]]:
    facts = seed_data("n_minus_one.yaml").values()
    there = chain_names()
    return [
        (chain, fact.get("mode", fact.get("value")))
        for fact in facts
        for chain in fact["chains"]
        if chain in there
    ]


@pytest.mark.parametrize(("chain", "published"), _published())
def test_some_product_comes_near_what_the_iea_says_of_2035(chain: str, published: float) -> None:
    """Years and stages differ, so this asks for the order of things: within a factor of two."""
    outside = {name: s.outside for name, s in supplies(read_chain(chain)).items()}
    ratios = [found / published for found in outside.values() if found is not None]
    assert any(0.5 <= ratio <= 2 for ratio in ratios), outside


def test_magnets_without_china_cover_what_the_iea_says_of_rare_earths() -> None:
    outside = supplies(read_chain("ndfeb"))["magnets"].outside
    assert outside == pytest.approx(0.345, abs=0.005)  # the IEA: 0.35 to 0.40 in 2035
