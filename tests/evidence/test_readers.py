"""Every file of evidence can be read, and says what it should."""

from datetime import date

import pytest

from monazite.errors import SeedError
from monazite.evidence import (
    Record,
    all_records,
    read_behaviour,
    read_hazard,
    read_phases,
    read_rules,
    regions,
    sources,
)
from monazite.evidence.regions import blocs, blocs_of, region_called
from monazite.evidence.seedfiles import part_of, seed_data

ARTICLES = ["000", "001", "002", "003", "004"]


def test_every_record_has_a_unit_and_a_source_or_a_reason() -> None:
    for name, record in all_records().items():
        assert record.unit, name
        assert record.source or record.because, name
        assert set(record.source) <= set(sources()), name


def test_a_record_without_reason_is_refused() -> None:
    with pytest.raises(SeedError, match="judged record needs 'because'"):
        part_of(Record, {"quantity": all_records()["ndfeb.leads.domestic"].quantity,
                         "kind": "judged"}, "x")  # fmt: skip


def test_overrides_reach_behaviour_phases_and_hazard() -> None:
    assert read_behaviour({"behaviour.price_time": "3 weeks"}).price_time.central == 21
    capex = "phases.magnet_plant.capex"
    assert read_phases({capex: "90000 USD per t/yr"})["magnet_plant"].capex.central == 90000
    rate = "hazard.bulk.tense_rate"
    assert read_hazard("bulk", {rate: "0.5 per year"}).tense_rate.central == 0.5
    with pytest.raises(SeedError, match=r"did you mean 'behaviour\.price_time'"):
        read_behaviour({"behaviour.price_tim": "3 weeks"})
    with pytest.raises(SeedError, match="no hazard class 'bulky'; did you mean 'bulk'"):
        read_hazard("bulky")


def test_critical_minerals_are_struck_more_often_than_bulk_ones() -> None:
    low, bulk = read_hazard("low_volume_high_criticality"), read_hazard("bulk")
    assert low.tense_rate.central * low.hits.central > 5 * (
        bulk.tense_rate.central * bulk.hits.central
    )
    assert low.calm_rate.central == pytest.approx(0.04)


def test_reference_classes_name_processes_of_chains_and_each_of_the_magnet_chain() -> None:
    from monazite.evidence import chain_names, read_chain

    named = {kind.process for kind in read_phases().classes.values()}
    assert named >= set(read_chain("ndfeb").processes)
    assert named <= {process for chain in chain_names() for process in read_chain(chain).processes}


def test_american_defence_bars_chinese_magnets_through_the_chain_from_2027() -> None:
    rules = {rule.name: rule for rule in read_rules()}
    chain = rules["us_magnets_chain"]
    assert (chain.region, chain.barred, chain.depth) == ("united_states", ("china",), "chain")
    assert chain.start == date(2027, 1, 1)
    assert {rule.region for rule in read_rules("ndfeb", ["japan", "india"])} == {"japan"}
    for rule in rules.values():
        assert {rule.region, *rule.barred} <= set(regions())


def test_regions_are_found_by_other_names() -> None:
    assert region_called("Burma") == region_called("MYANMAR") == "myanmar"
    with pytest.raises(SeedError, match="no region 'Jappan'; did you mean 'japan'"):
        region_called("Jappan")


def test_blocs_hold_known_regions_and_india_came_later_to_pax_silica() -> None:
    for bloc in blocs().values():
        assert set(bloc.members) <= set(regions()), bloc.id
        assert set(bloc.joined) <= set(bloc.members), bloc.id
    assert blocs()["pax_silica"].joined["india"] == date(2026, 2, 20)
    assert {"quad", "pax_silica", "allied"} <= set(blocs_of("india"))


@pytest.mark.parametrize("number", ARTICLES)
def test_every_claim_feeds_something_or_says_why_not(number: str) -> None:
    article = seed_data("articles", f"{number}.yaml")
    assert article["file"] == f"articles/{number}"
    for claim in article["claims"]:
        assert ("feeds" in claim) != ("feeds_none" in claim), claim["id"]
        if "contradicted" in claim:
            assert {"by", "found", "choice"} <= set(claim["contradicted"]), claim["id"]


def test_what_the_articles_got_wrong_is_settled() -> None:
    settled = {
        claim["id"]
        for number in ARTICLES
        for claim in seed_data("articles", f"{number}.yaml")["claims"]
        if "contradicted" in claim
    }
    assert {"tariff", "pax_silica_india", "manganese", "vault_12bn"} <= settled
