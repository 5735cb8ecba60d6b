"""Random small chains and what may happen to them, for Hypothesis."""

import os
from datetime import date, timedelta
from typing import Any

from hypothesis import reject, settings
from hypothesis import strategies as st

from monazite.errors import ScenarioError
from monazite.evidence.regions import ProcurementRule
from monazite.world.prepare import Prepared
from networks import START, Kind, Plant, Small, bar, prepared


def some(examples: int) -> settings:
    """Look at this many examples, and at twenty times as many in `make torture`."""
    return settings(max_examples=examples * (20 if os.environ.get("MONAZITE_TORTURE") else 1))


REGIONS = ["china", "united_states", "japan", "australia"]


def shares(draw: st.DrawFn, count: int) -> list[float]:
    """Return weights that add up to 1, none tiny."""
    weights = [draw(st.integers(1, 9)) for _ in range(count)]
    return [weight / sum(weights) for weight in weights]


@st.composite
def smalls(draw: st.DrawFn, still: bool = False) -> Small:
    """Draw a chain of two or three stages, sometimes with a second input.

    Args:
        draw: given by Hypothesis.
        still: whether no demand answers to price or substitutes.
    """
    regions = REGIONS[: draw(st.integers(2, 4))]
    deep, forked = draw(st.booleans()), draw(st.booleans())
    products = {"ore": (draw(cover), 20.0), "part": (draw(cover), 100.0)}
    processes: dict[str, Any] = {"mining": ("ore", {})}
    needs = {"ore": 1.25}
    if deep:
        products["metal"] = (draw(cover), 45.0)
        processes["smelting"] = ("metal", needs)
        needs = {"metal": 1.1}
    if forked:
        products["spice"] = (draw(cover), 200.0)
        processes["brewing"] = ("spice", {})
        needs = {**needs, "spice": 0.02}
    processes["magnet_making"] = ("part", needs)
    sectors = {
        "defence": Kind(tier=1, cover_d=draw(st.sampled_from([None, 60.0]))),
        "grid": kind(draw, 2, still),
        "cars": kind(draw, 3, still),
    }
    use = {
        region: dict(zip(sectors, [w * 100 for w in shares(draw, 3)], strict=True))
        for region in regions
    }
    plants = []
    for process in processes:
        homes = draw(st.lists(st.sampled_from(regions), min_size=1, unique=True))
        for region, weight in zip(homes, shares(draw, len(homes)), strict=True):
            plants.append(Plant(process, region, 100 * weight, draw(utilisation)))
    lead_d = {(a, b): draw(lead) for a in regions for b in regions}
    return Small(products, processes, plants, sectors, use, lead_d)


cover = st.floats(10.0, 120.0)
utilisation = st.sampled_from([0.5, 0.8, 0.95, 1.0])
lead = st.sampled_from([0.0, 3.0, 7.0, 10.0, 35.0, 60.0])


def kind(draw: st.DrawFn, tier: int, still: bool) -> Kind:
    """Draw a final use."""
    if still:
        return Kind(tier=tier)
    return Kind(tier=tier, elasticity=draw(st.floats(0.0, 0.5)), ceiling=draw(st.floats(0.0, 0.5)))


@st.composite
def licences(draw: st.DrawFn) -> dict[str, Any]:
    """Draw how licences are granted: by an office or none, to some in general."""
    wait = draw(st.sampled_from(["0 days", "21 days", "45 days"]))
    part: dict[str, Any] = {"wait": wait, "approval": draw(st.floats(0.0, 1.0))}
    if draw(st.booleans()):
        part["officers"] = draw(st.integers(1, 9))
        if draw(st.booleans()):
            part["shipment"] = f"{draw(st.integers(1, 20))} t"
    if draw(st.booleans()):
        part["general"] = {"share": draw(st.floats(0.05, 1.0))}
        if draw(st.booleans()):
            part["general"]["after"] = f"{draw(st.integers(0, 60))} days"
    return part


@st.composite
def controls(draw: st.DrawFn, small: Small, most: int = 3) -> dict[str, Any]:
    """Draw disruptions: controls that stand or come, of every form."""
    ready = []
    for i in range(draw(st.integers(0, most))):
        plant = draw(st.sampled_from(list(small.plants)))
        others = [r for r in small.regions() if r != plant.region]
        form = draw(st.sampled_from(["ban", "quota", "licensing"]))
        part: dict[str, Any] = {
            "name": f"control-{i}",
            "controller": plant.region,
            "products": [small.processes[plant.process][0]],
            "targets": draw(st.sampled_from([["all"], [others[0]], [others[-1]]])),
            "form": form,
        }
        if form == "quota" and draw(st.booleans()):
            part["allowed_t_per_yr"] = f"{draw(st.integers(0, 60))} t/yr"
        elif form == "quota":
            part["allowed"] = draw(st.floats(0.0, 1.0))
        if form == "licensing":
            part["licence"] = draw(licences())
        part["start"] = START + timedelta(days=draw(st.integers(-50, 200)))
        if draw(st.booleans()):
            part["duration"] = f"{draw(st.integers(60, 300))} days"
        if part["start"] > START and draw(st.booleans()):
            part["announced"] = f"{draw(st.integers(5, 90))} days"
        if draw(st.booleans()):
            after = f"{draw(st.integers(5, 55))} days"
            part["eases"] = {"after": after, "form": "quota", "allowed": draw(st.floats(0.5, 1.0))}
            if form == "quota":
                licence = {"wait": "21 days", "approval": draw(st.floats(0.0, 1.0))}
                part["eases"] = {"after": after, "form": "licensing", "licence": licence}
        if form != "licensing" and draw(st.booleans()):
            delay = f"{draw(st.integers(0, 20))} days"
            share, premium = draw(st.floats(0.01, 1.0)), draw(st.floats(0.0, 2.0))
            part["leakage"] = {"share": share, "delay": delay, "premium": premium}
        if form != "licensing" and "after" in part.get("eases", {}):
            part["eases"]["after"] = f"{draw(st.integers(21, 55))} days"
        ready.append(part)
    return {
        "standing": [part for part in ready if part["start"] <= START],
        "scheduled": [part for part in ready if part["start"] > START],
        "outages": draw(st.booleans()),
        **(draw(shocks(small)) if draw(st.booleans()) else {}),
    }


@st.composite
def shocks(draw: st.DrawFn, small: Small) -> dict[str, Any]:
    """Draw one shock of each kind that changes flows, over a hundred days at most."""
    plant = draw(st.sampled_from(list(small.plants)))
    others = [region for region in small.regions() if region != plant.region]

    def when() -> dict[str, Any]:
        start = START + timedelta(days=draw(st.integers(-10, 60)))
        return {"start": start, "duration": f"{draw(st.integers(11, 100))} days"}

    return {
        "closures": [
            {
                "name": "way", "from": [plant.region], "to": [draw(st.sampled_from(others))],
                "products": [small.processes[plant.process][0]], "part": draw(st.floats(0.0, 0.9)),
                "delay": f"{draw(st.integers(1, 40))} days", **when(),
            }
        ],
        "curbs": [
            {
                "name": "power", "processes": [plant.process], "regions": [plant.region],
                "part": draw(st.floats(0.0, 0.9)), **when(),
            }
        ],
        "production_quotas": [
            {
                "name": "ration", "controller": plant.region,
                "product": small.processes[plant.process][0],
                "allowed": draw(st.floats(0.0, 1.0)), **when(),
            }
        ],
        "surges": [
            {
                "name": "war", "tiers": [1, 2], "regions": ["all"],
                "factor": draw(st.sampled_from([0.5, 1.5, 3.0])), **when(),
            }
        ],
    }  # fmt: skip


@st.composite
def stockpiles(draw: st.DrawFn, small: Small, number: int = 0) -> dict[str, Any]:
    """Draw a stockpile of any product and any rule."""
    place = draw(st.sampled_from(small.regions()))
    trigger = draw(st.sampled_from(["shortfall", "cover", "price", "control", "declared", "never"]))
    release: dict[str, Any] = {"trigger": trigger, "tiers": draw(st.sampled_from([[1], [1, 2, 3]]))}
    if trigger in ("cover", "price"):
        release["level"] = draw(st.sampled_from([0.8, 1.1]))
    if trigger == "declared":
        begins = START + timedelta(days=draw(st.integers(-20, 200)))
        release["declared"] = [{"from": begins, "until": begins + timedelta(days=90)}]
    if draw(st.booleans()):
        release["rate"] = "60 t/yr"
    return {
        "stockpile": {
            "name": f"stock-{number}",
            "product": draw(st.sampled_from(list(small.products))),
            "place": place,
            "owner": place,
            "target": draw(st.sampled_from(["20 t", "200 t", "60 days of use"])),
            "buy_from": "anyone",
            "usable_share": draw(st.sampled_from([0.6, 1.0])),
            "refill": draw(st.booleans()),
            "release": release,
            **draw(terms(place, release)),
        }
    }


@st.composite
def terms(draw: st.DrawFn, place: str, release: dict[str, Any]) -> dict[str, Any]:
    """Draw members, a loan, a shelf life, a priority and a budget."""
    found: dict[str, Any] = {}
    if draw(st.integers(0, 3)) == 0:
        found["shelf_life"] = draw(st.sampled_from(["200 days", "5 years"]))
        found["rotation_cost"] = draw(st.sampled_from([0.0, 0.2]))
    if draw(st.integers(0, 3)) == 0:
        found["priority"] = draw(st.integers(1, 2))
    if draw(st.integers(0, 3)) == 0:
        found["budget"] = draw(st.sampled_from(["100000 USD", "30 %"]))
    lent = draw(st.integers(0, 3))
    if lent == 0:
        release["loan"] = {"back_after": "60 days", "fee": "0.05 per year"}
    if lent == 1:
        part = draw(st.sampled_from([0.5, 1.0]))
        found["members"] = [
            {"region": place, "draw": part, "fee": "0.02 per year", "replenish": "45 days"}
        ]
    return found


@st.composite
def obligations(draw: st.DrawFn, small: Small) -> dict[str, Any]:
    """Draw an obligation on one region that uses what is made last."""
    return {
        "obligation": {
            "name": "days",
            "product": "part",
            "regions": [draw(st.sampled_from(list(small.use)))],
            "days": f"{draw(st.integers(1, 60))} days",
            "run_down": draw(st.sampled_from(["control", "never"])),
            "phase_in": f"{draw(st.integers(0, 100))} days",
            "public_share": draw(st.sampled_from([0.0, 0.5])),
        }
    }


LOAN = {"share": 0.4, "rate": "5 % per year", "term": "200 days", "grace": "30 days"}
funding = st.one_of(
    st.builds(lambda share: {"public_share": share}, st.floats(0.0, 1.0)),
    st.sampled_from(
        [{"funding": {"grant": 0.1, "loan": LOAN}}, {"funding": {"equity": 0.5, "loan": LOAN}}]
    ),
)


@st.composite
def projects(draw: st.DrawFn, small: Small, number: int = 0) -> dict[str, Any]:
    """Draw a plant that makes parts soon."""
    return {
        "project": {
            "name": f"plant-{number}",
            "kind": "magnet_plant",
            "region": draw(st.sampled_from(small.regions())),
            "capacity": f"{draw(st.integers(5, 150))} t/yr",
            **draw(funding),
            "overrun_borne": draw(st.sampled_from(["shared", "public", "private"])),
            "start": date(2026, 1, 10),
            **dict.fromkeys(
                ["permitting", "financing", "construction", "commissioning"], "15 days"
            ),
            "ramp": draw(st.sampled_from(["0 days", "90 days"])),
            "qualification": draw(st.sampled_from(["0 days", "90 days"])),
            "experienced": True,
            "opex": draw(st.sampled_from(["5 USD/kg", "90 USD/kg"])),
        }
    }


@st.composite
def floors(draw: st.DrawFn, number: int = 0) -> dict[str, Any]:
    """Draw a floor over a plant."""
    part: dict[str, Any] = {
        "name": f"floor-{number}",
        "product": "part",
        "plants": [f"plant-{number}"],
        "strike": draw(st.sampled_from(["60 USD/kg", "100 USD/kg", "150 USD/kg"])),
        "upside_share": draw(st.sampled_from([0.0, 0.5])),
    }
    if draw(st.booleans()):
        part["cap"] = "40 t/yr"
    if draw(st.booleans()):
        part["plants"], part["regions"], part["border_adjustment"] = [], ["japan", "china"], True
        part["incumbents"] = draw(st.booleans())
    part["stockpiled"] = draw(st.booleans())
    if draw(st.booleans()):
        part["term"] = "200 days"
    return {"floor": part}


@st.composite
def offtakes(draw: st.DrawFn, stocks: list[dict[str, Any]], number: int = 0) -> dict[str, Any]:
    """Draw an offtake of a plant, into a stockpile of parts where there is one."""
    part: dict[str, Any] = {
        "name": f"offtake-{number}",
        "product": "part",
        "plants": [f"plant-{number}"],
        "volume": draw(st.sampled_from(["20 t/yr", "200 t/yr"])),
        "price": draw(st.sampled_from(["60 USD/kg", "150 USD/kg"])),
        "take_or_pay": draw(st.sampled_from([0.0, 0.7])),
    }
    piles = [stock["stockpile"] for stock in stocks if "stockpile" in stock]
    if names := [pile["name"] for pile in piles if pile["product"] == "part"]:
        part["stockpile"] = names[0]
    if draw(st.booleans()):
        part["term"] = "200 days"
    return {"offtake": part}


@st.composite
def tariffs(draw: st.DrawFn, small: Small, number: int = 0) -> dict[str, Any]:
    """Draw a tariff of one region on one product."""
    part = {
        "name": f"tariff-{number}",
        "from": ["all"],
        "to": [draw(st.sampled_from(small.regions()))],
        "products": [draw(st.sampled_from(list(small.products)))],
        "rate": draw(st.sampled_from([0.05, 0.5, 1.5])),
        "start": START + timedelta(days=draw(st.integers(0, 100))),
    }
    if draw(st.booleans()):
        part["until"] = START + timedelta(days=draw(st.integers(101, 119)))
    return part


@st.composite
def settings_(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the length of a review and how far makers serve home first."""
    return {
        "review": draw(st.sampled_from(["1 day", "7 days", "10 days"])),
        "overrides": {"behaviour.home_first": draw(st.sampled_from([0, 0.4, 1]))},
    }


class Case:
    """A small chain, what happens to it, and both ready to run."""

    def __init__(
        self,
        small: Small,
        days: float,
        rules: tuple[ProcurementRule, ...],
        parts: dict[str, Any],
    ) -> None:
        self.small, self.days, self.rules, self.parts = small, days, rules, parts
        self.ready = self.but()

    def __repr__(self) -> str:
        names = ", ".join(rule.name for rule in self.rules)
        return f"Case({self.small}, {self.days}, [{names}], {self.parts})"

    def but(self, **parts: Any) -> Prepared:
        """Return the same with some parts of the scenario in place of others."""
        return prepared(self.small, self.days, self.rules, **(self.parts | parts))


@st.composite
def worlds(draw: st.DrawFn, busy: bool = True, still: bool = False) -> Case:
    """Draw a chain with controls, and a strategy `all` with stocks and a plant.

    Args:
        draw: given by Hypothesis.
        busy: whether anything happens or is done.
        still: whether no demand answers to price.
    """
    small = draw(smalls(still))
    choices = [(), (bar("united_states", "china"),), PRODUCT_RULE] if busy else [()]
    rules = draw(st.sampled_from(choices))
    instruments, parts = [], draw(settings_())
    if busy:
        parts["disruptions"] = draw(controls(small))
        instruments = [draw(stockpiles(small, i)) for i in range(draw(st.integers(0, 2)))]
        if draw(st.booleans()):
            instruments += [draw(obligations(small))]
        if draw(st.booleans()):
            instruments += [draw(projects(small))]
            cover = draw(st.sampled_from([{}, {"cost": 0.02}, {"cost": 0.5}]))
            place = instruments[-1]["project"]["region"]
            trust = {"name": "trust", "regions": [place], "financing_factor": 0.5, **cover}
            instruments += [{"backstop": trust}] if cover else []
            stocks = list(instruments)
            contract = draw(st.sampled_from([None, floors(), offtakes(stocks)]))
            instruments += [] if contract is None else [draw(contract)]
        instruments += [{"tariff": draw(tariffs(small))} for _ in range(draw(st.integers(0, 1)))]
        levied = [draw(tariffs(small)) for _ in range(draw(st.integers(0, 1)))]
        parts["trade"] = {"tariffs": levied}
    parts["strategies"] = {"none": {}, "all": {"instruments": instruments}}
    parts["budget"] = draw(st.sampled_from(["1 million USD", "20 million USD", "1 billion USD"]))
    parts["incumbents_idle"] = not still and draw(st.booleans())
    days = 120.0 if parts["review"] == "1 day" else draw(st.sampled_from([300.0, 425.0]))
    try:
        return Case(small, days, rules, parts)
    except ScenarioError:
        return reject()  # a control that touches no flow, or a rule without a seller


PRODUCT_RULE = (bar("japan", "china", "product"),)
