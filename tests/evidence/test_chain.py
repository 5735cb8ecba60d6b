"""The chain is complete enough to simulate, and plausible."""

import pickle
from itertools import pairwise

import pytest
from pydantic import ValidationError

from monazite.errors import SeedError
from monazite.evidence import Chain, all_records, read_chain, refuse_unknown, regions
from monazite.evidence.seedfiles import name_records, part_of, seed_data
from pace import in_bare_loops

NDFEB = read_chain("ndfeb")
FUTURE = {"united_states", "india", "australia", "eu", "japan", "vietnam", "malaysia"}


def routes_of(product: str) -> set[tuple[str, str]]:
    return {(r.seller, r.buyer) for r in NDFEB.routes if r.product == product}


def test_every_region_is_known() -> None:
    assert set(NDFEB.regions()) <= set(regions())
    assert len(NDFEB.regions()) == 11


def test_a_chain_can_be_handed_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(NDFEB)) == NDFEB


def test_value_rises_along_the_chain() -> None:
    price = {name: product.price for name, product in NDFEB.products.items()}
    for stages in (
        ("light_concentrate", "ndpr_oxide", "ndpr_metal"),
        ("heavy_concentrate", "dytb_oxide", "dytb_metal"),
    ):
        for lower, upper in pairwise(stages):
            assert price[lower].high < price[upper].low, f"{lower} {upper}"
    assert price["magnets"].central == 49.2


@pytest.mark.parametrize("process", list(NDFEB.processes))
def test_the_reference_price_covers_inputs_and_cost_in_china(process: str) -> None:
    part = NDFEB.processes[process]
    inputs = sum(NDFEB.products[q].price.central * n.central for q, n in part.needs.items())
    margin = NDFEB.products[part.makes].price.central - inputs - part.opex_in("china").central
    assert margin > -0.5, f"{process}: {margin:.1f} USD/kg"


def test_every_need_and_use_has_a_route() -> None:
    for maker in NDFEB.makers:
        for feed in NDFEB.processes[maker.process].needs:
            assert any(b == maker.region for _, b in routes_of(feed)), (maker.region, feed)
    for region in NDFEB.use:
        assert any(b == region for _, b in routes_of("magnets")), region


def test_every_maker_can_sell() -> None:
    for maker in NDFEB.makers:
        product = NDFEB.processes[maker.process].makes
        assert any(s == maker.region for s, _ in routes_of(product)), (maker.region, product)


def test_china_reaches_every_buyer_of_oxide_metal_and_magnets() -> None:
    for product in ("ndpr_oxide", "dytb_oxide", "ndpr_metal", "dytb_metal", "magnets"):
        pairs = routes_of(product)
        assert {b for _, b in pairs} == {b for s, b in pairs if s == "china"}, product


@pytest.mark.parametrize("region", ["united_states", "india"])
def test_plants_yet_to_be_built_can_buy_and_sell_among_allies(region: str) -> None:
    for product in ("ndpr_oxide", "dytb_oxide", "ndpr_metal", "dytb_metal", "magnets"):
        pairs = routes_of(product)
        assert any(b == region and s not in ("china", region) for s, b in pairs), product
        assert any(s == region and b in FUTURE for s, b in pairs), product
        assert (region, region) in pairs, product


def test_defence_is_known_of_some_regions_and_not_of_china() -> None:
    assert "defence" not in NDFEB.use["china"].split
    defence = NDFEB.use["united_states"].split["defence"]
    assert (defence.low, defence.central, defence.high) == (0.005, 0.015, 0.029)


def test_only_magnets_lose_part_of_their_use_in_a_stockpile() -> None:
    shares = {name: p.usable_share for name, p in NDFEB.products.items()}
    assert shares.pop("magnets").high < 1
    assert {share.central for share in shares.values()} == {1.0}


def test_names_are_the_paths_of_records() -> None:
    records = NDFEB.records()
    for name in (
        "ndfeb.makers.magnet_making.japan.output",
        "ndfeb.products.magnets.cover_in.japan",
        "ndfeb.use.united_states.split.defence",
        "ndfeb.routes.magnets.china.united_states.share",
        "ndfeb.sectors.ev.growth.2040",
        "ndfeb.leads.domestic",
    ):
        assert records[name].name == name
    assert all(name == record.name for name, record in all_records().items())


def test_a_scenario_may_set_a_record() -> None:
    name = "ndfeb.makers.magnet_making.japan.output"
    changed = read_chain("ndfeb", {name: {"low": 5, "mode": 6, "high": 8, "unit": "kt/yr"}})
    record = changed.records()[name]
    assert (record.low, record.central, record.high) == (5000, 6000, 8000)
    assert record.kind == "scenario"
    assert NDFEB.records()[name].central != 6000
    assert read_chain("ndfeb", {"ndfeb.leads.domestic": "2 weeks"}).leads["domestic"].central == 14
    assert read_chain("ndfeb", {"behaviour.price_time": "3 d"}).records() == NDFEB.records()


def test_an_unknown_record_is_named_with_the_one_meant() -> None:
    wrong = {"ndfeb.makers.magnet_making.japn.output": "1 t/yr", "ndfeb.nothing": "1 t"}
    with pytest.raises(SeedError, match=r"did you mean 'ndfeb.makers.magnet_making.japan.output'"):
        read_chain("ndfeb", wrong)
    with pytest.raises(SeedError, match=r"no such record; did you mean 'behaviour.price_time'"):
        refuse_unknown({"behaviour.price_tme": "3 d"}, ["ndfeb"])
    refuse_unknown({"behaviour.price_time": "3 d", "ndfeb.leads.domestic": "2 d"}, ["ndfeb"])
    with pytest.raises(SeedError, match="no chain 'ndfebb'; did you mean 'ndfeb'"):
        read_chain("ndfebb")


def test_a_wrong_unit_is_blamed_on_the_override() -> None:
    with pytest.raises(SeedError, match=r"overrides.ndfeb.products.magnets.price: found '50 t'"):
        read_chain("ndfeb", {"ndfeb.products.magnets.price": "50 t"})


def test_nothing_read_can_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        NDFEB.products["magnets"].price.kind = "judged"  # type: ignore[misc]
    with pytest.raises(TypeError, match="does not support item assignment"):
        NDFEB.products["magnets"] = NDFEB.products["ndpr_oxide"]  # type: ignore[index]


def broken(change: str) -> Chain:
    raw = seed_data("minerals", "ndfeb.yaml")
    name_records(raw, "ndfeb")
    match change:
        case "circle":
            raw["processes"]["light_mining"]["needs"]["magnets"] = dict(
                raw["processes"]["magnet_making"]["needs"]["ndpr_metal"]
            )
        case "product":
            raw["routes"][0]["product"] = "magnts"
        case "twice":
            raw["routes"].append(raw["routes"][0])
        case "split":
            raw["use"]["china"]["split"]["ev"]["high"] = 0.9
        case "key":
            raw["products"]["magnets"]["prise"] = 3
    return part_of(Chain, raw, "ndfeb.yaml")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("circle", "the chain runs in a circle"),
        ("product", "unknown 'magnts'; did you mean 'magnets'"),
        ("twice", "stands more than once"),
        ("split", "high ends add up to"),
        ("key", "products.magnets.prise: unknown key"),
    ],
)
def test_a_chain_that_contradicts_itself_is_refused(change: str, words: str) -> None:
    with pytest.raises(SeedError, match=words):
        broken(change)


def test_reading_is_quick() -> None:
    assert in_bare_loops(lambda: read_chain("ndfeb")) < 21
