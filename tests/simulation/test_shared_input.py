"""An input that final users want too: tier 1 first, then makers and others in proportion."""

import numpy as np
import pytest

from monazite.trajectories import Trajectories
from networks import CALM, START, Kind, Plant, Small, prepared, run


def metal(tier: int) -> Small:
    """Lamps use metal, cars use parts made of it, 100 t a year each in both regions."""
    return Small(
        products={"metal": (30.0, 60.0), "part": (30.0, 80.0)},
        processes={"smelting": ("metal", {}), "magnet_making": ("part", {"metal": 1.0})},
        plants=[
            Plant("smelting", "china", 400.0, 0.8),
            Plant("magnet_making", "japan", 100.0, 0.8),
            Plant("magnet_making", "china", 100.0, 0.8),
        ],
        sectors={"lamps": Kind(product="metal", tier=tier), "cars": Kind(product="part")},
        use={region: {"lamps": 100.0, "cars": 100.0} for region in ("china", "japan")},
        routes=[
            ("metal", "china", "china"),
            ("metal", "china", "japan"),
            ("part", "japan", "japan"),
            ("part", "china", "china"),
        ],
    )


def short(tier: int, review: str = "7 days") -> tuple[float, float]:
    """Return the parts of lamps and cars that Japan lacks in the third year of half its metal."""
    cut = {
        "name": "cut",
        "controller": "china",
        "products": ["metal"],
        "targets": ["all"],
        "form": "quota",
        "allowed": 0.5,
        "start": START,
    }
    ready = prepared(
        metal(tier), 1095.0, overrides=CALM, review=review, disruptions={"scheduled": [cut]}
    )
    result = run(ready)
    last = result.edges_d[:-1] >= 730.0
    return part(result, "lamps", last), part(result, "cars", last)


def part(result: Trajectories, sector: str, when: np.ndarray) -> float:
    u = [k for k, use in enumerate(result.layout.uses) if use[:2] == (sector, "japan")]
    return float(result.shortfall_t[when][:, u].sum() / result.reference_t[when][:, u].sum())


@pytest.mark.parametrize("review", ["1 day", "7 days"])
def test_makers_and_users_of_a_short_metal_lack_alike(review: str) -> None:
    """Makers count with what they could take, 125 t a year beside 100 t of lamps."""
    lamps, cars = short(3, review)
    assert lamps + cars == pytest.approx(1.0, abs=0.02)
    assert lamps == pytest.approx(1.0 - 100.0 / 225.0, abs=0.03)


def test_tier_1_is_served_from_a_shared_input_before_makers() -> None:
    lamps, cars = short(1)
    assert lamps == pytest.approx(0.0, abs=1e-9)
    assert cars == pytest.approx(1.0, abs=0.02)
