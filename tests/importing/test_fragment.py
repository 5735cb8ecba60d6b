"""A fragment is right as evidence, reads in a chain, and overwrites nothing."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from monazite.errors import DataError
from monazite.evidence import Chain
from monazite.evidence.lint import problems_in_seeds
from monazite.evidence.seedfiles import part_of, seed_data
from monazite.importing import (
    FRAGMENT,
    SOURCES,
    Aim,
    Gathered,
    aim_at,
    content_of,
    fragment_text,
    gather,
    read_mining,
    read_trade,
    read_usgs,
    review_text,
    sources_text,
    write,
)
from monazite.importing.yamltext import scalar
from small_data import TRADED, Cells, line, mining_data, sheet, total, trade_data

ROWS = [
    line("China", "1,000"),
    line("Germany", "20", Notes="Estimated."),
    line("Poland", "5"),
    line("France", "W"),
    line("United States", "W"),
    total("1,030"),
]


def gathered(folder: Path, rows: list[Cells] = ROWS, aim: Aim | None = None) -> Gathered:
    extract = read_usgs(sheet(folder, rows), "testium", 2024)
    return gather(extract, content_of(None), False, None if aim is None else aim.regions())


def written(folder: Path, found: Gathered, aim: Aim, buyer: str | None = None) -> Any:
    """The fragment as plain data, after the lint of the evidence has passed it."""
    files = {
        FRAGMENT: fragment_text(found, aim, buyer),
        SOURCES: sources_text(found.extract.source),
    }
    write(folder / "out", files)
    assert problems_in_seeds(folder / "out") == []
    return yaml.safe_load(files[FRAGMENT])


def ndfeb() -> Any:
    return seed_data("minerals", "ndfeb.yaml")


def test_a_second_opinion_reads_in_a_chain(tmp_path: Path) -> None:
    aim = aim_at("light_concentrate", chain="ndfeb")
    data = written(tmp_path, gathered(tmp_path, aim=aim), aim)
    chain = part_of(Chain, {**ndfeb(), **data}, "minerals/ndfeb.yaml")
    (opinion,) = chain.second_opinions
    assert opinion.output == {"china": 1000, "eu": 25}
    assert (opinion.year, opinion.source) == (2024, ("own_usgs_mcs2025",))
    assert "eu: sum of Germany, Poland, members in 2024; without France (withheld)" in opinion.where
    assert "testium content" in opinion.where
    assert "has 44,500 in the same regions (-97.7 %); why is not yet said" in opinion.because


def test_a_second_opinion_that_agrees_says_so(tmp_path: Path) -> None:
    aim = aim_at("light_concentrate", "light_mining", chain="ndfeb")
    found = gathered(tmp_path, [line("China", "44,600")], aim)
    text = fragment_text(found, replace(aim, process=None))
    assert "44,600 t/yr, where the chain has 44,500 in the same regions" in " ".join(text.split())
    assert "(+0.2 %); the two agree" in " ".join(text.split())


def test_records_of_makers_read_in_a_chain(tmp_path: Path) -> None:
    aim = aim_at("light_concentrate", "light_mining", chain="ndfeb")
    data = written(tmp_path, gathered(tmp_path, aim=aim), aim)
    raw = ndfeb()
    found = {entry["region"]: entry for entry in data["makers"]}
    for maker in raw["makers"]:
        if maker["process"] == "light_mining" and maker["region"] in found:
            maker["output"] = found[maker["region"]]["output"]
    chain = part_of(Chain, raw, "minerals/ndfeb.yaml")
    china = next(m for m in chain.makers if (m.process, m.region) == ("light_mining", "china"))
    assert china.output.central == 1000
    assert china.output.kind == "reported"
    assert china.output.where is not None
    assert "China: 1,000 metric tons, line 2" in china.output.where


def test_a_sum_is_derived_and_says_of_what(tmp_path: Path) -> None:
    data = written(tmp_path, gathered(tmp_path), Aim("testium", "mining"))
    union = next(entry["output"] for entry in data["makers"] if entry["region"] == "eu")
    assert (union["value"], union["unit"], union["year"], union["kind"]) == (
        *(25, "t/yr", 2024),
        "derived",
    )
    assert union["because"] == "sum of Germany, Poland, members in 2024; without France (withheld)"
    assert "Germany: 20 metric tons, line 3, estimated by the source" in union["where"]


def test_what_is_not_known_is_named_and_not_written(tmp_path: Path) -> None:
    found = gathered(tmp_path)
    text = fragment_text(found, Aim("testium"))
    assert "# Not known, and not 0: united_states (not known: withheld, line 6)." in text
    (opinion,) = yaml.safe_load(text)["second_opinions"]
    assert "united_states" not in opinion["output"]


def test_content_is_stated_in_the_record(tmp_path: Path) -> None:
    folder = mining_data(tmp_path, [("China", "156", "CHN", 1, 100, "metr. t", "r")], "X (Li2O)")
    found = gather(read_mining(folder, "x", 2024), content_of("Li2O"), True)
    data = written(tmp_path, found, Aim("lithium", "mining"))
    output = data["makers"][0]["output"]
    assert (output["value"], output["kind"]) == (46.454, "derived")
    assert output["because"] == "times 0.4645, the Li in Li2O by molar mass"


def test_routes_read_in_a_chain(tmp_path: Path) -> None:
    aim = aim_at("magnets", lead="rest", chain="ndfeb")
    extract = read_trade(trade_data(tmp_path, TRADED), "250410", "eu", 2024)
    found = gather(extract, content_of(None), False, aim.regions())
    data = written(tmp_path, found, aim, "eu")
    raw = ndfeb()
    pairs = [(route["from"], route["to"]) for route in data["routes"]]
    raw["routes"] = [
        route
        for route in raw["routes"]
        if route["product"] != "magnets" or (route["from"], route["to"]) not in pairs
    ] + data["routes"]
    chain = part_of(Chain, raw, "minerals/ndfeb.yaml")
    shares = {r.seller: r.share for r in chain.routes if (r.product, r.buyer) == ("magnets", "eu")}
    assert shares["china"] is not None
    assert shares["china"].central == 0.75
    assert shares["china"].because is not None
    assert "a share of the need only where the region makes none itself" in shares["china"].because
    leads = {route["from"]: route["lead"] for route in data["routes"]}
    assert leads["china"] == "china_far", "the lead of a pair is the chain's own"


def test_a_part_that_is_imported_makes_shares_of_the_need(tmp_path: Path) -> None:
    extract = read_trade(trade_data(tmp_path, TRADED), "250410", "eu", 2024)
    aim = aim_at("graphite", lead="sea", imported=0.8)
    data = written(tmp_path, gather(extract, content_of(None), False), aim, "eu")
    assert [route["share"]["value"] for route in data["routes"]] == [0.6, 0.2]


def test_a_route_needs_a_lead(tmp_path: Path) -> None:
    extract = read_trade(trade_data(tmp_path, TRADED), "250410", "eu", 2024)
    found = gather(extract, content_of(None), False)
    with pytest.raises(DataError, match="no lead is known from china, united_states to eu; name"):
        fragment_text(found, Aim("graphite"), "eu")


def test_a_share_too_small_to_write_is_no_route(tmp_path: Path) -> None:
    rows = [*TRADED, ("2024", "496", "276", 250410, "0.001", "0.0001")]
    extract = read_trade(trade_data(tmp_path, rows), "250410", "eu", 2024)
    text = fragment_text(gather(extract, content_of(None), False), Aim("x", lead="sea"), "eu")
    assert "# Less than 0.00005 of the need, and no route: rest_of_world." in text
    assert len(yaml.safe_load(text)["routes"]) == 2


def test_a_capacity_is_no_second_opinion(tmp_path: Path) -> None:
    rows = [line("China", "9", Statistics="Capacity", Statistics_detail="Yearend capacity")]
    extract = read_usgs(sheet(tmp_path, rows), "testium", 2024, "yearend capacity")
    found = gather(extract, content_of(None), False)
    with pytest.raises(DataError, match="a capacity is no second opinion on output"):
        fragment_text(found, Aim("testium"))
    data = written(tmp_path, found, Aim("testium", "smelting"))
    assert data["makers"][0]["capacity"]["value"] == 9


def test_words_that_the_chain_does_not_know_are_named_at_once() -> None:
    with pytest.raises(DataError) as caught:
        aim_at("light_concentrat", "light_minning", chain="ndfeb")
    first, second = str(caught.value).splitlines()
    assert first.startswith("--product light_concentrat: chain 'ndfeb' has no such product")
    assert second.endswith("did you mean 'light_mining'?")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / SOURCES).write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match=r"sources\.yaml is already there and is kept; name"):
        write(tmp_path, {FRAGMENT: "a", SOURCES: "b"})
    assert [entry.name for entry in tmp_path.iterdir()] == [SOURCES]
    assert (tmp_path / SOURCES).read_text(encoding="utf-8") == "mine"
    with pytest.raises(DataError, match="cannot be written"):
        write(tmp_path / SOURCES, {FRAGMENT: "a"})


def test_the_review_tells_what_became_of_every_row(tmp_path: Path) -> None:
    found = gathered(tmp_path)
    text = review_text(found.extract, found.region_of)
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["became"] for row in rows] == [
        "taken",
        "taken, estimated by the source",
        "taken",
        "not known: withheld",
        "not known: withheld",
        "left out: the total of the table",
    ]
    assert [row["region"] for row in rows] == ["china", "eu", "eu", "eu", "united_states", ""]
    assert rows[0]["place"] == "line 2"


@pytest.mark.parametrize(
    "text", ["NO", "1e3", "a: b", "- x", 'say "so"', "# no", "ä\u2028b", "null"]
)
def test_a_text_is_read_back_as_it_was(text: str) -> None:
    assert yaml.safe_load(scalar(text)) == " ".join(text.split())


def test_a_text_of_the_file_cannot_become_a_key(tmp_path: Path) -> None:
    wild = 'World Mine Production"\n}\nmakers: [1]  # {a: b}'
    found = gathered(tmp_path, [line("China", "5", Section=wild)])
    for aim in (Aim("testium"), Aim("testium", "mining")):
        data = yaml.safe_load(fragment_text(found, aim))
        assert list(data) in (["second_opinions"], ["makers"])
