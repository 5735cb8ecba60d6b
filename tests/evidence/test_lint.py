"""No number without a source or a reason."""

from pathlib import Path

import pytest

from monazite.evidence.lint import problems_in_seeds

GOOD = """
products: {ore: {price: {low: 1, mode: 2, high: 3, unit: USD/kg, kind: reported, source: usgs}}}
"""
SOURCES = 'usgs: {publisher: USGS, title: Summaries, date: 2026, url: "https://x", grade: primary}'


def problems(folder: Path, record: str) -> list[str]:
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "minerals").mkdir()
    (folder / "minerals" / "x.yaml").write_text(record, encoding="utf-8")
    return problems_in_seeds(folder)


def test_the_seeds_have_no_problems() -> None:
    assert problems_in_seeds() == []


def test_a_good_record_has_none(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("unit: USD/kg, ", "", "minerals/x.yaml: products.ore.price: the unit is missing"),
        ("kind: reported, ", "", "the kind is missing"),
        ("kind: reported", "kind: guessed", "kind 'guessed' is none of article"),
        ("mode: 2", "mode: 5", "the value lies outside its range: 1 5 3"),
        (", source: usgs", "", "reported, but without a source"),
        ("reported", "judged", "judged, but without 'because'"),
        ("kind: reported, source: usgs", "kind: derived", "derived, but without a source"),
        ("usgs", "usgss", "source 'usgss' is not in sources.yaml; did you mean 'usgs'?"),
        (", source: usgs", "", "sources.yaml: usgs: cited by nothing"),
        ("price: {", "price: {low: 0, ", "written twice"),
        ("price", "prize", "minerals/x.yaml: x.products.ore.prize: used nowhere"),
    ],
)
def test_each_fault_is_found(tmp_path: Path, right: str, wrong: str, message: str) -> None:
    assert right in GOOD
    found = problems(tmp_path, GOOD.replace(right, wrong))
    assert any(message in line for line in found), found


def test_a_project_without_a_source_is_found(tmp_path: Path) -> None:
    (tmp_path / "projects.yaml").write_text("- {id: plant, recollected: []}", encoding="utf-8")
    found = problems(tmp_path, GOOD)
    assert found == ["projects.yaml: plant: no source, and not recollected"]


def test_a_behaviour_that_nothing_reads_is_found(tmp_path: Path) -> None:
    behaviour = "tea_time: {value: 4, unit: d, kind: judged, because: habit}"
    (tmp_path / "behaviour.yaml").write_text(behaviour, encoding="utf-8")
    assert "behaviour.yaml: behaviour.tea_time: used nowhere" in problems(tmp_path, GOOD)
