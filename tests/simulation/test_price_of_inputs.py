"""What new plants and new sellers do to prices: dearer inputs, and regions that others serve."""

from datetime import timedelta

import numpy as np
import pytest

from entrants import LIVELY, made, plant, sure
from networks import START, Kind, Plant, Small, prepared, run


def test_a_plant_that_works_up_an_input_does_not_make_it_cheaper() -> None:
    """A magnet plant in Japan takes half of what China's sold: as much oxide is used as before."""
    chain = Small(
        products={"oxide": (60.0, 60.0), "magnet": (45.0, 80.0)},
        processes={"separation": ("oxide", {}), "magnet_making": ("magnet", {"oxide": 0.5})},
        plants=[
            Plant("separation", "china", 100.0, 0.8),
            Plant("magnet_making", "china", 200.0, 0.8),
        ],
        sectors={"cars": Kind(product="magnet")},
        use={"china": {"cars": 100.0}, "japan": {"cars": 100.0}},
    )
    project = plant(capacity="100 t/yr", public_share="50 %", opex="1 USD/kg")
    ready = prepared(
        chain, 3650.0, overrides=LIVELY | sure(),
        strategies={"none": {}, "built": {"instruments": [{"project": project}]}},
    )  # fmt: skip
    result = run(ready, "built")
    oxide = result.layout.products.index("oxide")
    assert made(result)[-52:].sum() > 0.2 * 100.0
    assert result.price[104:, oxide].min() >= 1.0 - 1e-9


def test_a_region_under_a_control_that_others_serve_pays_what_it_paid_before() -> None:
    """Japan alone is cut off by China; America has room for all that it uses."""
    market = Small(
        products={"part": (45.0, 60.0)},
        processes={"making": ("part", {})},
        plants=[
            Plant("making", "china", 150.0, 0.6),
            Plant("making", "united_states", 50.0, 0.2),
        ],
        sectors={"cars": Kind()},
        use={"china": {"cars": 100.0}, "japan": {"cars": 100.0}},
        shares={("part", "united_states", "japan"): 0.5, ("part", "united_states", "china"): 0.0},
    )
    cut = {
        "name": "cut",
        "controller": "china",
        "products": ["part"],
        "targets": ["japan"],
        "form": "ban",
        "start": START + timedelta(days=364),
    }
    ready = prepared(market, 5110.0, overrides=LIVELY, disruptions={"scheduled": [cut]})
    result = run(ready)
    japan = result.layout.regions.index("japan")
    assert result.shortfall_t.sum() == 0.0
    assert result.price[52:, 0, japan] == pytest.approx(np.ones(678), rel=0.02)
