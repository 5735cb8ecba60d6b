"""Every chain closes, stands still, suffers from a ban, and is like no other."""

from collections import Counter
from collections.abc import Hashable, Mapping
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import TypeVar

import pytest

from monazite.evidence import Chain, chain_names, read_chain, regions
from monazite.experiments.stress import Question, stress
from monazite.measures.stress import Stress
from monazite.scenario.parts import Scenario
from monazite.world.prepare import Prepared, prepare
from stillness import assert_nothing_moves

NAMES = chain_names()
PAIRS = list(combinations(NAMES, 2))
MOST_MOVED = 0.35
WORTH_NAMING = 0.10
BY_PRODUCTS = {"gallium", "germanium", "indium", "bismuth", "scandium"}
"""Chains of which the metal comes as a by-product of another, first of all."""
PARTLY = {"cobalt", "vanadium"}
"""Chains of which some of the metal does."""

TELLING = {"outputs", "makers by region"}
"""Aspects that no two chains may have alike."""

Amount = tuple[str, str, float]
"""What it is, the region and the number [t/yr]."""
Item = TypeVar("Item")

every_chain = pytest.mark.parametrize("name", NAMES)


chain_called = lru_cache(maxsize=None)(read_chain)
"""Reads each chain once."""


def quiet(name: str, end: date, uncertain: bool = False) -> Prepared:
    return prepare(
        Scenario.model_validate(
            {
                "schema": 1,
                "name": "quiet",
                "title": "Quiet",
                "chain": name,
                "start": date(2026, 1, 1),
                "end": end,
                "growth": False,
                "uncertain": uncertain,
                "report": [chain_called(name).regions()[0]],
                "strategies": {"none": {}},
                "disruptions": {"outages": False, "procurement": False},
            }
        )
    )


@lru_cache(maxsize=64)
def worst(name: str, severity: float = 1.0) -> Stress:
    """Return the worst ban on a chain, or the same one at less than its full severity."""
    if severity == 1:
        return stress(chain_called(name), Question())[0]
    full = worst(name)
    asked = Question(severity=severity, controller=full.controller, product=full.product)
    return stress(chain_called(name), asked)[0]


@every_chain
def test_it_can_be_read_and_all_its_regions_are_known(name: str) -> None:
    chain = chain_called(name)
    assert chain.chain == name
    assert set(chain.regions()) <= set(regions())
    assert all(chain.makers_of(product) for product in chain.products)


@every_chain
def test_the_balance_moves_no_maker_far_and_names_those_that_it_moves(name: str) -> None:
    rows = quiet(name, date(2026, 2, 1)).adjustments()
    far = {str(row["record"]): float(str(row["moved_share"])) for row in rows}
    named = {record: f"{moved:+.0%}" for record, moved in far.items() if abs(moved) > WORTH_NAMING}
    print(f"\n{name}: moved by more than {WORTH_NAMING:.0%}: {named or 'none'}")  # noqa: T201
    assert {record: moved for record, moved in far.items() if abs(moved) > MOST_MOVED} == {}
    held = {str(row["record"]): far[str(row["record"])] for row in rows if row["balances"] == "no"}
    assert {record: moved for record, moved in held.items() if abs(moved) > 0.02} == {}


@every_chain
def test_it_stands_still_for_ten_years(name: str) -> None:
    assert_nothing_moves(quiet(name, date(2036, 1, 1)))


@every_chain
def test_twenty_drawn_worlds_balance_and_stand_still(name: str) -> None:
    ready = quiet(name, date(2026, 7, 1), uncertain=True)
    for replication in range(20):
        assert_nothing_moves(ready, replication)


@every_chain
def test_a_year_without_the_largest_supplier_is_felt_and_ends(name: str) -> None:
    """Mass balance and the demand identity are checked in every review of the run itself."""
    ban = worst(name)
    assert ban.price_multiple > 1.01
    assert ban.loss.not_served_share > 0
    assert 0 <= ban.loss.not_served_share <= 1.5
    assert 0 < ban.output_share <= 1
    assert 0 < ban.outside_share <= 1 + 1e-9
    assert ban.loss.last_short_d != float("inf"), "still short three years after the ban"


@every_chain
def test_a_deeper_cut_never_leaves_less_unserved(name: str) -> None:
    half, whole = worst(name, 0.5), worst(name)
    assert half.loss.not_served_share <= whole.loss.not_served_share * (1 + 1e-6)
    assert half.loss.shortfall_t <= whole.loss.shortfall_t * (1 + 1e-6) + 1e-9
    assert half.price_multiple <= whole.price_multiple * (1 + 1e-6)


@every_chain
def test_another_source_has_its_say(name: str) -> None:
    opinions = chain_called(name).second_opinions
    assert opinions
    for opinion in opinions:
        assert set(opinion.output) <= set(regions())
        assert all(amount >= 0 for amount in opinion.output.values())


@pytest.mark.parametrize("name", sorted(BY_PRODUCTS & set(NAMES)))
def test_what_comes_as_a_by_product_says_of_what(name: str) -> None:
    first = [part for part in chain_called(name).processes.values() if not part.needs]
    assert any(part.by_product_of for part in first)


@pytest.mark.parametrize("name", sorted(PARTLY & set(NAMES)))
def test_what_comes_partly_as_a_by_product_says_which_part(name: str) -> None:
    first = [part for part in chain_called(name).processes.values() if not part.needs]
    assert any(part.by_product_of for part in first)


def structure(chain: Chain) -> dict[str, Hashable]:
    """Return what a chain is like, with every key of it left out."""
    makers = Counter(maker.region for maker in chain.makers)
    return {
        "stages": tuple(sorted(Counter(p.stage for p in chain.products.values()).items())),
        "routes from one product to the next": tuple(
            sorted(
                (chain.products[p.makes].stage, *sorted(chain.products[q].stage for q in p.needs))
                for p in chain.processes.values()
            )
        ),
        "processes for a product": tuple(
            sorted(Counter(p.makes for p in chain.processes.values()).values())
        ),
        "sectors": tuple(
            sorted((s.tier, chain.products[s.product].stage) for s in chain.sectors.values())
        ),
        "elasticities": tuple(sorted(s.elasticity.central for s in chain.sectors.values())),
        "covers": tuple(sorted(p.cover.central for p in chain.products.values())),
        "leads": tuple(sorted(lead.central for lead in chain.leads.values())),
        "regions": frozenset(chain.regions()),
        "makers by region": tuple(sorted(makers.items())),
        "outputs": tuple(sorted(maker.output.central for maker in chain.makers)),
    }


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=["-".join(pair) for pair in PAIRS])
def test_no_chain_is_another_with_its_keys_renamed(one: str, other: str) -> None:
    same = alike(chain_called(one), chain_called(other))
    assert len(same) <= 3, f"alike in {', '.join(same)}"
    assert not TELLING & set(same)


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=["-".join(pair) for pair in PAIRS])
def test_two_chains_share_few_numbers_of_output_and_use(one: str, other: str) -> None:
    a, b = (amounts(chain_called(name)) for name in (one, other))
    assert len(a & b) <= few_of(a, b), sorted(a & b)


@every_chain
def test_a_copy_with_its_keys_renamed_would_be_found_by_both(name: str) -> None:
    chain, copy = chain_called(name), renamed(chain_called(name))
    assert copy.products.keys().isdisjoint(chain.products)
    assert set(alike(chain, copy)) >= TELLING
    a, b = amounts(chain), amounts(copy)
    assert len(a & b) > few_of(a, b)


def alike(one: Chain, other: Chain) -> list[str]:
    a, b = structure(one), structure(other)
    return [aspect for aspect in a if a[aspect] == b[aspect]]


def few_of(a: set[Amount], b: set[Amount]) -> float:
    """Return how many amounts two chains may share by chance."""
    return max(1, 0.15 * min(len(a), len(b)))


def amounts(chain: Chain) -> set[Amount]:
    """Return what regions make, by stage, and use; without round numbers, which meet by chance."""
    stages = {name: chain.products[part.makes].stage for name, part in chain.processes.items()}
    found: set[Amount] = {(stages[m.process], m.region, m.output.central) for m in chain.makers}
    found |= {("use", region, use.total.central) for region, use in chain.use.items()}
    return {amount for amount in found if significant_digits(amount[2]) >= 3}


def significant_digits(number: float) -> int:
    return len(f"{number:.9e}".partition("e")[0].replace(".", "").rstrip("0"))


@pytest.mark.parametrize(("number", "digits"), [(12000, 2), (0.105, 3), (100, 1), (3045, 4)])
def test_digits_are_counted_without_zeros_at_either_end(number: float, digits: int) -> None:
    assert significant_digits(number) == digits


def renamed(chain: Chain) -> Chain:
    """Return a copy with another name for each product, process, sector and lead."""
    return chain.model_copy(
        update={
            "products": other_keys(chain.products),
            "processes": other_keys(
                {
                    name: part.model_copy(
                        update={"makes": other(part.makes), "needs": other_keys(part.needs)}
                    )
                    for name, part in chain.processes.items()
                }
            ),
            "makers": [
                maker.model_copy(update={"process": other(maker.process)}) for maker in chain.makers
            ],
            "sectors": other_keys(
                {
                    name: sector.model_copy(update={"product": other(sector.product)})
                    for name, sector in chain.sectors.items()
                }
            ),
            "use": {
                region: use.model_copy(
                    update={"split": other_keys(use.split), "remainder": other(use.remainder)}
                )
                for region, use in chain.use.items()
            },
            "leads": other_keys(chain.leads),
            "routes": [
                route.model_copy(
                    update={"product": other(route.product), "lead": other(route.lead)}
                )
                for route in chain.routes
            ],
        }
    )


def other(name: str) -> str:
    return f"other_{name}"


def other_keys(named: Mapping[str, Item]) -> dict[str, Item]:
    return {other(name): item for name, item in named.items()}
