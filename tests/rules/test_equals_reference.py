"""The compiled review is the plain one, review by review."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from monazite.scenario.parts import Scenario
from monazite.simulation.run import draw_world, edges_by, simulate
from monazite.world.prepare import Prepared, prepare
from reference.compare import watched
from strategies import Case, some, worlds


def ndfeb(days: int = 430, **parts: Any) -> Prepared:
    data = {
        "schema": 1,
        "name": "watched",
        "title": "Watched",
        "chain": "ndfeb",
        "start": date(2026, 1, 1),
        "end": date.fromordinal(date(2026, 1, 1).toordinal() + days),
        "budget": "3 billion USD",
        "report": ["united_states"],
        "groups": {"allies": ["united_states", "japan", "eu"]},
        "strategies": {"none": {}},
        **parts,
    }
    return prepare(Scenario.model_validate(data))


QUIET = {"outages": False, "procurement": False}


def run(ready: Prepared, strategy: str = "none", replication: int = 3) -> None:
    simulate(draw_world(ready, replication), strategy, edges_by(ready, "review"))


def test_in_a_quiet_world(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = watched(monkeypatch)
    run(ndfeb(disruptions=QUIET, growth=False))
    assert watch.reviews >= 60


def test_with_growth_outages_and_rules_of_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = watched(monkeypatch)
    run(ndfeb(start=date(2026, 9, 1), end=date(2027, 12, 1)))
    assert watch.reviews >= 60


def control(name: str, form: str, start: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "controller": "china",
        "products": ["magnets"],
        "targets": ["all"],
        "form": form,
        "start": date.fromisoformat(start),
        **more,
    }


LICENCE = {"wait": {"low": "20 days", "mode": "45 days", "high": "90 days"}, "approval": 0.8}

EVERY_FORM = {
    "standing": [
        control(
            "old_licences",
            "licensing",
            "2025-04-04",
            products=["dytb_oxide", "dytb_metal"],
            licence=LICENCE,
        ),
    ],
    "scheduled": [
        control("licences", "licensing", "2026-03-01", licence=LICENCE),
        control("ban", "ban", "2026-03-04", products=["ndpr_metal"], duration="200 days"),
        control("quota", "quota", "2026-04-01", allowed=0.02, duration="250 days"),
        control(
            "tonnes",
            "quota",
            "2026-05-01",
            products=["magnets"],
            allowed_t_per_yr="6000 t/yr",
            targets=["united_states", "japan"],
        ),
        control(
            "more_licences",
            "licensing",
            "2026-06-01",
            licence={"wait": "60 days", "approval": 0.5},
            targets=["japan"],
            duration="90 days",
        ),
        control("truce", "quota", "2026-11-01", allowed=1.0, exempt=["ban", "quota"]),
    ],
}


def test_under_controls_of_every_form(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = watched(monkeypatch)
    run(ndfeb(disruptions=EVERY_FORM))
    assert watch.reviews >= 60
    assert watch.most["uses.short_t"] > 0
    assert watch.most["queue"] > 0


SWITCHES = [
    {"name": "second", "from": "wind", "to": "industry", "ratio": 0.4},
    {"name": "first", "from": "ev", "to": "wind", "ratio": 1.5, "regions": ["allies"]},
]


def test_with_switches_of_need(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = watched(monkeypatch)
    run(ndfeb(disruptions=EVERY_FORM, switches=SWITCHES))
    assert watch.reviews >= 60
    assert watch.most["uses.substituted"] > 0


BUSY = {
    "wait": {"low": "10 days", "mode": "20 days", "high": "60 days"},
    "approval": 0.9,
    "by_target": {"japan": 0.4, "india": 0.0},
    "officers": 12,
    "shipment": "40 t",
    "general": {"share": 0.3, "after": "100 days", "targets": ["eu", "japan"]},
}

BUSY_TOO = {"wait": "30 days", "approval": 0.7, "officers": 1, "general": {"share": 0.2}}

EVERY_LICENCE = {
    "standing": [
        control("old", "licensing", "2025-04-04", products=["dytb_oxide"], licence=BUSY),
        control("free", "licensing", "2025-04-04", products=["ndpr_metal"],
                licence={"wait": "30 days", "approval": 1.0, "general": {"share": 0.6}}),
    ],
    "scheduled": [
        control("busy", "licensing", "2026-03-01", licence=BUSY, duration="200 days"),
        control("also", "licensing", "2026-04-01", targets=["japan"],
                licence=BUSY_TOO, duration="90 days"),
        control("quota", "quota", "2026-05-01", allowed=0.5, duration="100 days"),
    ],
}  # fmt: skip


def test_under_licences_of_every_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = watched(monkeypatch)
    run(ndfeb(disruptions=EVERY_LICENCE))
    assert watch.reviews >= 60
    assert watch.most["queue"] > 0
    assert watch.most["desks"] > 0
    assert watch.most["lanes.general"] == 0.6


def stockpile(name: str, product: str, release: dict[str, Any], **more: Any) -> dict[str, Any]:
    own = {
        "name": name,
        "product": product,
        "place": "united_states",
        "owner": "allies",
        "target": "90 days of use",
        "budget": 0.14,
        "release": {"tiers": [1, 2, 3], **release},
    }
    return {"stockpile": own | more}


EVERY_TRIGGER = [
    stockpile("shortfall", "magnets", {"trigger": "shortfall"}, buy_from="anyone"),
    stockpile("cover", "ndpr_oxide", {"trigger": "cover", "level": 0.9}, place="japan"),
    stockpile("price", "dytb_oxide", {"trigger": "price", "level": 1.2}, refill=False),
    stockpile("control", "ndpr_metal", {"trigger": "control", "rate": "500 t/yr"}),
    stockpile(
        "declared", "ndpr_oxide", {
            "trigger": "declared", "rate": "800 t/yr",
            "declared": [{"from": date(2026, 7, 1), "until": date(2026, 12, 1)}],
        },
    ),
    stockpile("dry", "dytb_metal", {"trigger": "shortfall"}, buy_from="anyone", owner="japan"),
    stockpile(
        "late", "magnets", {"trigger": "control"}, pace="300 t/yr", price_ceiling=2.0,
        start=date(2026, 2, 1), until=date(2026, 8, 1), usable_share=0.5,
    ),
]  # fmt: skip


def test_with_stocks_that_share_a_short_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = watched(monkeypatch)
    strategies = {"stocks": {"instruments": EVERY_TRIGGER}}
    ready = ndfeb(disruptions=EVERY_FORM, strategies=strategies, budget="4 million USD")
    result = simulate(draw_world(ready, 3), "stocks", edges_by(ready, "review"))
    assert watch.reviews >= 60
    assert result.spent_pv_usd.sum() > 0.9 * 4e6


SHORT_PHASES = {
    "permitting": "20 days",
    "financing": "10 days",
    "construction": "30 days",
    "commissioning": "10 days",
    "ramp": "60 days",
    "qualification": "80 days",
    "start": date(2026, 1, 5),
    "experienced": True,
    "public_share": 0.2,
}

PROJECTS = [
    {
        "project": {
            "name": kind,
            "kind": kind,
            "region": region,
            "capacity": f"{tonnes} t/yr",
            "support": {"per_kg": "40 USD/kg", "years": "5 years"},
            **SHORT_PHASES,
        }
    }
    for kind, region, tonnes in (
        ("magnet_plant", "united_states", 2000),
        ("metal_plant", "india", 1500),
        ("light_separation_plant", "united_states", 1000),
    )
]


@pytest.mark.parametrize("replication", [1, 2])
def test_with_stocks_of_every_trigger(monkeypatch: pytest.MonkeyPatch, replication: int) -> None:
    watch = watched(monkeypatch)
    strategies = {"stocks": {"instruments": EVERY_TRIGGER}}
    run(ndfeb(disruptions=EVERY_FORM, strategies=strategies), "stocks", replication)
    assert watch.reviews >= 60
    assert watch.most["stockpiles.bought_t"] > 0
    assert watch.most["stockpiles.drawn_t"] > 0


@pytest.mark.parametrize("strategy", ["none", "held"])
def test_where_plants_of_today_idle_in_a_glut(
    monkeypatch: pytest.MonkeyPatch, strategy: str
) -> None:
    """A supplier sells at half the price for a year; a floor holds some of the others."""
    watch = watched(monkeypatch)
    glut = {"name": "glut", "controller": "china", "product": "magnets", "depth": "50 %"}
    glut |= {"start": date(2026, 2, 1), "duration": "1 year"}
    held = {"name": "held", "product": "magnets", "regions": ["allies"], "incumbents": True}
    held |= {"strike": "50 USD/kg", "cap": "9000 t/yr", "upside_share": 0.5}
    strategies = {"none": {}, "held": {"instruments": [{"floor": held}]}}
    happens = {"suppression": [glut]}
    run(ndfeb(incumbents_idle=True, disruptions=happens, strategies=strategies), strategy)
    assert watch.most["makers.lost"] > 0
    assert (watch.most["instruments.spent_usd"] > 0) == (strategy == "held")


@pytest.mark.parametrize("replication", [1, 2])
def test_with_projects_and_stocks(monkeypatch: pytest.MonkeyPatch, replication: int) -> None:
    watch = watched(monkeypatch)
    strategies = {"both": {"instruments": PROJECTS + EVERY_TRIGGER}}
    run(ndfeb(disruptions=EVERY_FORM, strategies=strategies), "both", replication)
    assert watch.reviews >= 60
    assert watch.most["projects.made_t"] > 0


SHOCKS = {
    "closures": [
        {
            "name": "strait", "from": ["china"], "to": ["all"], "start": date(2026, 3, 1),
            "duration": "120 days", "part": 0.3, "delay": "17 days",
        },
        {"name": "port", "from": ["all"], "to": ["japan"], "start": date(2026, 5, 1),
         "duration": "60 days", "delay": "9 days"},
    ],
    "curbs": [
        {"name": "power", "processes": ["magnet_making", "light_separation"],
         "regions": ["china"], "rate": "2 per year", "duration": "40 days", "part": 0.4},
    ],
    "production_quotas": [
        {"name": "ration", "controller": "china", "product": "ndpr_oxide",
         "start": date(2025, 12, 1), "allowed": 0.7, "duration": "300 days"},
        {"name": "cap", "controller": "united_states", "product": "magnets",
         "start": date(2026, 6, 1), "allowed_t_per_yr": "500 t/yr"},
    ],
    "surges": [
        {"name": "war", "tiers": [1, 2], "regions": ["all"], "start": date(2026, 4, 1),
         "duration": "200 days", "factor": 2.5, "ramp": "60 days"},
    ],
    "technology_bans": [
        {"name": "know-how", "controller": "china", "targets": ["all"], "start": date(2026, 1, 1),
         "stretch": 1.5},
    ],
}  # fmt: skip


def test_under_shocks_of_every_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = watched(monkeypatch)
    strategies = {"both": {"instruments": PROJECTS + EVERY_TRIGGER}}
    run(ndfeb(disruptions=EVERY_FORM | SHOCKS, strategies=strategies), "both", 1)
    assert watch.reviews >= 60
    assert watch.most["uses.short_t"] > 0
    assert watch.most["projects.made_t"] > 0


@given(worlds())
@some(25)
def test_in_any_small_world(case: Case) -> None:
    with pytest.MonkeyPatch.context() as patch:
        watch = watched(patch)
        run(case.ready, "all", 0)
        assert watch.reviews >= 30


RESERVES = [
    stockpile(
        "members", "magnets", {"trigger": "shortfall", "allocation": "fees"}, buy_from="anyone",
        shelf_life="6 years", rotation_cost=0.1,
        members=[
            {"region": "japan", "draw": 0.5, "fee": "0.02 per year", "replenish": "60 days"},
            {"region": "united_states", "draw": 0.3, "fee": "3 % per year", "replenish": "90 days"},
            {"region": "eu", "draw": 0.2, "fee": "0.01 per year", "replenish": "90 days"},
        ],
    ),
    stockpile(
        "lent", "ndpr_oxide",
        {"trigger": "declared", "loan": {"back_after": "70 days", "fee": "0.04 per year"},
         "declared": [{"from": date(2026, 5, 1), "until": date(2026, 7, 1)}]},
        priority=1,
    ),
    stockpile(
        "ranked", "ndpr_metal",
        {"trigger": "control", "allocation": "rank", "order": ["japan", "eu"]}, place="eu",
    ),
    stockpile("spoils", "dytb_metal", {"trigger": "never"}, buy_from="anyone", shelf_life="1 year"),
    stockpile("rival", "magnets", {"trigger": "never"}, buy_from="anyone", place="japan"),
    {
        "obligation": {
            "name": "days", "product": "magnets", "regions": ["allies"], "days": "20 days",
            "start": date(2026, 2, 1), "phase_in": "60 days", "run_down": "control",
            "public_share": 0.4, "budget": 0.01,
        }
    },
    {
        "swap": {
            "name": "over", "gives": "rival", "takes": "members", "tonnes": "20 t",
            "start": date(2026, 6, 1), "lead": "24 days", "freight": "3 USD/kg", "budget": 0.01,
        }
    },
    {
        "swap": {
            "name": "other", "gives": "rival", "takes": "spoils", "tonnes": "30 t",
            "start": date(2026, 4, 1), "ratio": 0.02, "budget": 0.01,
        }
    },
]  # fmt: skip


@pytest.mark.parametrize("rule", ["largest_gap", "cheapest_cover", "most_concentrated", None])
def test_with_reserves_of_every_kind(monkeypatch: pytest.MonkeyPatch, rule: str | None) -> None:
    watch = watched(monkeypatch)
    strategies = {"reserves": {"buy_next": rule, "instruments": RESERVES}}
    run(ndfeb(disruptions=EVERY_FORM, strategies=strategies, budget="300 million USD"), "reserves")
    assert watch.reviews >= 60
    for name in ("claims.owed_t", "stockpiles.returned_t", "stockpiles.lost_t"):
        assert watch.most[name] > 0
    assert watch.most["obligations.now_d"] == pytest.approx(20.0)
