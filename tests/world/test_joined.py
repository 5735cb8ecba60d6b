"""Several chains in one scenario: each as if it were alone, under names that tell them apart."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from monazite.errors import ScenarioError
from monazite.measures import plan
from monazite.scenario.parts import Scenario
from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.trajectories import Trajectories
from monazite.world.prepare import Prepared, prepare
from stillness import assert_nothing_moves

MINOR = ["gallium", "germanium", "antimony"]
QUIET = {"outages": False, "procurement": False}
NEEDS = ("reference_t", "delivered_t", "substituted_t", "curtailed_t", "shortfall_t")


def ready(chain: str | list[str], **parts: Any) -> Prepared:
    data = {
        "schema": 1,
        "name": "joined",
        "title": "Joined",
        "chain": chain,
        "start": date(2026, 1, 1),
        "end": date(2041, 1, 1),
        "growth": False,
        "report": ["united_states"],
        "strategies": {"none": {}},
        "disruptions": QUIET,
        **parts,
    }
    return prepare(Scenario.model_validate(data))


def run(prepared: Prepared, replication: int = 0) -> Trajectories:
    world = draw_world(prepared, replication)
    return simulate(world, prepared.strategies[0], edges_by(prepared, "quarter"))


@pytest.mark.parametrize("replication", [0, 1])
def test_three_chains_stand_still_for_fifteen_years(replication: int) -> None:
    assert_nothing_moves(ready(MINOR), replication)


def test_a_list_of_one_is_the_name_alone() -> None:
    one, listed = run(ready("gallium", growth=True)), run(ready(["gallium"], growth=True))
    assert one.layout == listed.layout
    for name in NEEDS:
        np.testing.assert_array_equal(getattr(one, name), getattr(listed, name))


def test_each_of_three_chains_runs_as_it_does_alone() -> None:
    """Licences, a ban, outages, rules and growth; streams and balances are of each chain alone."""
    licence = {"wait": {"low": "20 days", "mode": "45 days", "high": "90 days"}, "approval": 0.8}

    def hits(products: list[str]) -> dict[str, Any]:
        ban = {"controller": "china", "products": products, "targets": ["united_states", "japan"]}
        return {
            "standing": [
                ban | {"name": "licences", "form": "licensing", "licence": licence},
            ],
            "scheduled": [
                ban | {"name": "ban", "form": "ban", "start": date(2027, 1, 1)},
            ],
        }

    hit = {"gallium": "refined_gallium", "germanium": "metal", "antimony": "antimony_trioxide"}
    end = date(2030, 1, 1)
    together = run(ready(MINOR, end=end, growth=True, disruptions=hits(list(hit.values()))))
    for chain, product in hit.items():
        alone = run(ready(chain, end=end, growth=True, disruptions=hits([product])))
        layout = together.layout
        of = [
            layout.uses.index((f"{chain}.{sector}", region, f"{chain}.{sold}", tier))
            for sector, region, sold, tier in alone.layout.uses
        ]
        for name in NEEDS:
            np.testing.assert_allclose(
                getattr(together, name)[:, of], getattr(alone, name), rtol=1e-9, atol=1e-9
            )
        assert alone.shortfall_t.sum() + alone.curtailed_t.sum() > 0.0


def test_each_chain_keeps_the_records_of_its_own_market() -> None:
    prepared = ready(["gallium", "tungsten"])
    world = prepared.model(prepared.central())
    steps = dict(zip(prepared.network.products, world.products["price_step"], strict=True))
    tungsten_d = prepared.chain.owner_of("tungsten.apt").market.price_time
    assert tungsten_d is not None
    assert steps["tungsten.apt"] == pytest.approx(-np.expm1(-7.0 / tungsten_d.central))
    alone = ready("gallium")
    steps_alone = set(alone.model(alone.central()).products["price_step"])
    assert steps_alone == {steps["gallium.wafers"]} != {steps["tungsten.apt"]}


def test_a_chain_that_is_added_moves_no_outage_of_the_others() -> None:
    two, three = (ready(MINOR[:n], disruptions={"procurement": False}) for n in (2, 3))
    up = [draw_world(one, 3).model.up for one in (two, three)]
    for m, maker in enumerate(two.network.makers):
        np.testing.assert_array_equal(up[0][:, m], up[1][:, three.network.makers.index(maker)])


def stockpile(product: str) -> dict[str, Any]:
    part = {
        "name": "stock",
        "product": product,
        "place": "united_states",
        "owner": "united_states",
        "target": "10 t",
        "release": {"trigger": "shortfall", "tiers": [1]},
    }
    return {
        "budget": "1 million USD",
        "strategies": {"one": {"instruments": [{"stockpile": part}]}},
    }


def said_of(product: str, chains: list[str]) -> str:
    with pytest.raises(ScenarioError) as caught:
        ready(chains, **stockpile(product))
    return str(caught.value)


def test_a_product_may_go_without_its_chain_where_only_one_has_it() -> None:
    (short,) = ready(MINOR, **stockpile("wafers")).stockpiles
    (full,) = ready(MINOR, **stockpile("gallium.wafers")).stockpiles
    assert short.part.product == full.part.product == "gallium.wafers"


def test_a_product_that_several_chains_have_must_name_its_chain() -> None:
    said = said_of("sulphate", ["cobalt", "nickel"])
    assert "'sulphate' alone does not say which; write cobalt.sulphate or nickel.sulphate" in said


def test_a_misspelt_product_is_answered_with_the_one_meant() -> None:
    assert "unknown product 'wafrs'; did you mean 'wafers'?" in said_of("wafrs", MINOR)
    said = said_of("germanium.wafers", MINOR)
    assert "unknown product 'germanium.wafers'; did you mean 'gallium.wafers'?" in said


def test_a_kind_of_plant_that_several_chains_build_must_name_its_chain() -> None:
    part = {
        "name": "plant",
        "kind": "magnet_plant",
        "region": "united_states",
        "capacity": "10 t/yr",
        "start": date(2026, 1, 1),
        "public_share": 0,
    }
    with pytest.raises(ScenarioError, match=r"write ndfeb\.magnet_plant or smco\.magnet_plant"):
        ready(["ndfeb", "smco"], under_way=[part])
    (plan_,) = ready(["ndfeb", "smco"], under_way=[part | {"kind": "smco.magnet_plant"}]).projects
    assert plan_.process == "smco.magnet_making"


def test_what_is_reported_of_each_chain_adds_up_to_all() -> None:
    prepared = ready(MINOR)
    assert list(prepared.groups) == [
        "united_states",
        *(f"{chain}.united_states" for chain in MINOR),
    ]
    looked = plan(
        prepared.layout, prepared.groups, prepared.start, prepared.end_d, prepared.controllers
    )
    sizes = np.diff([*looked.uses.starts, looked.uses.columns.size]) - 1
    whole, *parts = sizes.reshape(4, -1)
    assert (whole == sum(parts)).all()
    assert all(part.sum() > 0 for part in parts)
