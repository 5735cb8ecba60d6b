"""Every record is for something; the few that nothing reads say why they are kept."""

from fnmatch import fnmatchcase

import pytest

from monazite.evidence import Chain, all_records, chain_names, read_chain
from monazite.evidence.feeds import BEHAVIOUR_FEEDS, WAITING, feeds, idle_in, used_nowhere
from monazite.evidence.seedfiles import name_records, part_of, seed_data

WAIT = {
    "behaviour.heavy_thrift",
    "behaviour.heavy_thrift_lag",
    "hazard.*.hits",
    "hazard.*.severity",
    "hazard.*.allowed",
    "hazard.*.duration",
    "hazard.*.licence_wait",
    "hazard.*.licence_approval",
}


def test_nothing_is_recorded_for_nothing() -> None:
    assert used_nowhere(all_records()) == []


def test_what_waits_is_this_and_no_more() -> None:
    """A rule that comes to read one of them takes it off this list."""
    assert set(WAITING) == WAIT
    for path, why in WAITING.items():
        waiting = [name for name in all_records() if fnmatchcase(name, path)]
        assert waiting, path
        assert all(feeds(name) is None for name in waiting), path
        assert why.startswith("no rule reads it"), path


def test_what_is_said_of_behaviour_is_said_of_what_is_there() -> None:
    there = {name.removeprefix("behaviour.") for name in all_records()}
    assert set(BEHAVIOUR_FEEDS) <= there


@pytest.mark.parametrize("chain", chain_names())
def test_no_part_of_a_chain_stands_idle(chain: str) -> None:
    assert idle_in(read_chain(chain)) == []


def changed(**changes: object) -> Chain:
    raw = seed_data("minerals", "ndfeb.yaml")
    days = {"value": 9, "unit": "d", "kind": "judged", "because": "a test"}
    share = {"value": 0.1, "unit": "share", "kind": "judged", "because": "a test"}
    raw["leads"] |= {"by_mule": days} if "lead" in changes else {}
    if "cover" in changes:
        raw["products"]["magnets"].setdefault("cover_in", {})["myanmar"] = days
    if "route" in changes:
        way = {"product": "magnets", "from": "myanmar", "to": "eu", "lead": "domestic"}
        raw["routes"].append({**way, "share": share})
    if "sector" in changes:
        first = next(iter(raw["sectors"]))
        raw["sectors"]["toys"] = raw["sectors"][first]
    name_records(raw, "ndfeb")
    return part_of(Chain, raw, "minerals/ndfeb.yaml")


@pytest.mark.parametrize(
    ("change", "idle"),
    [
        ("lead", "ndfeb.leads.by_mule"),
        ("cover", "ndfeb.products.magnets.cover_in.myanmar"),
        ("route", "ndfeb.routes.magnets.myanmar.eu.share"),
        ("sector", "ndfeb.sectors.toys.elasticity"),
    ],
)
def test_what_nothing_in_the_chain_refers_to_is_found(change: str, idle: str) -> None:
    assert idle in idle_in(changed(**{change: True}))
