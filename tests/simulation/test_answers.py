"""Random controls that answer dependence and other controls, on the same draws."""

from math import exp
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from entrants import plant, sure
from monazite.errors import ScenarioError
from monazite.simulation import answers
from monazite.simulation.run import World, draw_world, edges_by, simulate
from monazite.trajectories import Event, Trajectories
from monazite.world.leverage import Stance
from monazite.world.prepare import Prepared
from networks import CALM, START, YEAR_D, Kind, Plant, Small, prepared

SMALL = Small(
    products={"part": (45.0, 60.0)},
    processes={"magnet_making": ("part", {})},
    plants=[
        Plant("magnet_making", "china", 140.0, 0.7),
        Plant("magnet_making", "united_states", 20.0, 0.8),
    ],
    sectors={"cars": Kind()},
    use={"china": {"cars": 60.0}, "japan": {"cars": 100.0}},
    routes=[
        ("part", "china", "china"),
        ("part", "china", "japan"),
        ("part", "united_states", "japan"),
        ("part", "japan", "japan"),
    ],
)
"""Japan uses 100 t a year: 80 from China, 20 from the United States, who could make 5 more."""

PLANT = plant(
    name="own",
    capacity="60 t/yr",
    public_share=1.0,
    support={"per_kg": "60 USD/kg", "years": "30 years"},
)
STOCK = {
    "name": "stock",
    "product": "part",
    "place": "japan",
    "owner": "japan",
    "target": "40 t",
    "accessible_share": 1.0,
    "release": {"trigger": "shortfall", "tiers": [1, 2, 3]},
}
STRATEGIES = {
    "none": {},
    "plant": {"instruments": [{"project": PLANT}]},
    "stock": {"instruments": [{"stockpile": STOCK}]},
}


def packages(**more: Any) -> dict[str, Any]:
    own = {
        "name": "by_chance",
        "controller": "china",
        "calm_rate": "1 per year",
        "tense_rate": "1 per year",
        "to_tense": "0 per year",
        "to_calm": "0 per year",
        "hits": 1.0,
        "form": "quota",
        "allowed": 0.5,
        "duration": "60 days",
        "scopes": [{"products": ["part"], "targets": ["japan"]}],
    }
    return own | more


def ready(years: float = 12.0, behaviour: Any = None, **more: Any) -> Prepared:
    found: dict[str, Any] = {"random": [packages(**more)]}
    if behaviour is not None:
        found["behaviour"] = behaviour
    return prepared(
        SMALL,
        round(years * YEAR_D),
        disruptions=found,
        strategies=STRATEGIES,
        overrides=CALM | sure(),
    )


def leverage(**more: Any) -> dict[str, Any]:
    return {"leverage": {"response": 3.0, "horizon": "1 year"} | more}


def went(world: World, strategy: str) -> Trajectories:
    return simulate(world, strategy, edges_by(world.prepared, "review"))


def onsets(run: Trajectories) -> list[Event]:
    return [event for event in run.events if event.kind == "control-in-force"]


def test_without_behaviour_nothing_is_drawn_or_read_that_was_not_before() -> None:
    plain = ready()
    assert not [name for name in plain.inputs.names if "leverage" in name]
    world = draw_world(plain, 0)
    assert world.courses == {}
    assert onsets(went(world, "none")) == []  # they are events of the world


@pytest.mark.parametrize("licensed", [False, True])
def test_a_response_of_nought_gives_the_very_same_results(licensed: bool) -> None:
    """Every date, amount and price is the same to the last bit, whatever the strategy holds."""
    form = {"form": "licensing", "licence": {"wait": "40 days", "approval": 0.5}, "allowed": None}
    terms: dict[str, Any] = form if licensed else {"leakage": {"share": 0.5, "delay": "20 days"}}
    off, on = ready(**terms), ready(behaviour=leverage(response=0.0, depth=0.0), **terms)
    for replication in range(3):
        one, other = draw_world(off, replication), draw_world(on, replication)
        for strategy in STRATEGIES:
            was, now = went(one, strategy), went(other, strategy)
            for name in ("shipped_t", "stock_t", "shortfall_t", "price", "spent_usd"):
                assert_array_equal(getattr(was, name), getattr(now, name))
            assert len(onsets(now)) > 3
            first = [h.onset_d for h in one.happenings if h.opens == "in-force"]
            assert [event.day for event in onsets(now)] == first


def test_dependence_is_what_paper_says() -> None:
    """Japan takes 80 of 100 t from China; allies have 5 t idle; 20 t of stock last 73 days.

    Of what a stop destroys, 100 t of use at 100 000 USD/t is Japan's and 80 t of sales at
    60 000 USD/t China's.
    """
    on = ready(behaviour=leverage())
    world = draw_world(on, 0)
    assert world.leverage is not None
    borne = 10.0e6 / (10.0e6 + 4.8e6)
    assert_allclose(world.leverage.borne, [borne], rtol=1e-9)
    assert_allclose(world.leverage.sources, [borne * (0.8 - 0.05)], rtol=1e-9)
    model = world.model
    model.pools["stock_t"][[pool[1] == "japan" for pool in on.network.pools]] += 20.0
    made, could = np.array([140.0, 20.0, 0.0]), np.array([200.0, 25.0, 0.0])
    stance = Stance(model.use_year[0], could / YEAR_D, made / YEAR_D)
    (found,) = on.exposure.dependence(model, stance, YEAR_D / 2)
    assert found == pytest.approx(0.8 - 0.05 - 20.0 / 50.0, rel=1e-9)


@pytest.mark.parametrize("owner", ["japan", "group", "bloc"])
def test_a_stock_counts_for_all_who_own_it(owner: str) -> None:
    """Dependence of Japan counts the stock, whether it, its group or its bloc owns it."""
    found = prepared(
        SMALL,
        730.0,
        disruptions={"random": [packages()], "behaviour": leverage()},
        groups={"group": ["japan", "united_states"]},
        trade={
            "blocs": [
                {"name": "bloc", "members": [{"region": "japan"}, {"region": "united_states"}]}
            ]
        },
        strategies={"held": {"instruments": [{"stockpile": STOCK | {"owner": owner}}]}},
    )
    assert list(found.exposure.stocks.row) == [0]


def test_a_package_that_is_over_as_it_begins_goes_without_a_trace_of_its_end() -> None:
    """Days drawn beside each other may be out by a rounding: no time runs backwards."""
    spells = {"low": 0, "mode": 0.01, "high": 8, "unit": "days"}
    on = ready(2.0, leverage(), duration=spells, calm_rate="40 per year", tense_rate="40 per year")
    came = [went(draw_world(on, k), "none") for k in range(20)]
    assert sum(len(onsets(run)) for run in came) > 1000


WORLDS = 60


def counted(ready: Prepared, strategy: str, worlds: int = WORLDS) -> np.ndarray:
    """Return how many packages come in each world."""
    found = [len(onsets(went(draw_world(ready, k), strategy))) for k in range(worlds)]
    return np.array(found, float)


def test_controls_are_rarer_for_who_holds_capacity_or_stock_on_the_same_draws(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In no world does one who holds something meet more packages than one who does nothing."""
    on = ready(behaviour=leverage())
    none, plant, stock = (counted(on, name) for name in ("none", "plant", "stock"))
    off = np.array([len(draw_world(ready(), k).happenings) for k in range(WORLDS)], float)
    with capsys.disabled():
        print(  # noqa: T201
            f"\npackages in 12 years: {off.mean():.2f} without behaviour; with it "
            f"{none.mean():.2f} for none, {stock.mean():.2f} with a stock, "
            f"{plant.mean():.2f} with a plant"
        )
    assert (plant <= none).all()
    assert (stock <= none).all()
    assert plant.mean() < 0.6 * none.mean()
    assert stock.mean() < 0.8 * none.mean()


def test_a_package_is_the_same_for_all_and_only_its_day_differs() -> None:
    length = {"low": 20, "mode": 60, "high": 90, "unit": "days"}
    world = draw_world(ready(years=25.0, behaviour=leverage(), duration=length), 0)
    lengths, first = [], []
    for strategy in STRATEGIES:
        run = went(world, strategy)
        ends = {e.name: e.day for e in run.events if e.kind == "control-lifted"}
        lengths.append({e.name: ends[e.name] - e.day for e in onsets(run) if e.name in ends})
        first.append(onsets(run)[0])
    for other in lengths[1:]:
        shared = lengths[0].keys() & other.keys()
        assert len(shared) > 2
        assert_allclose([lengths[0][n] for n in shared], [other[n] for n in shared], rtol=1e-9)
    assert {event.name for event in first} == {"by_chance-1"}


def test_the_rate_is_the_hazard_times_the_answer() -> None:
    """Stock that need last for a day only does away with dependence, so the rate is known.

    With a response of 3 and a weighted dependence of 0.75 x 10 / 14.8 at the start it falls to
    exp(-1.52) = 0.219 a year once the stock is there.
    """
    on = ready(years=40.0, behaviour=leverage(horizon="1 day"))
    world = draw_world(on, 0)
    assert world.leverage is not None
    rate = exp(-3.0 * world.leverage.sources[0])
    assert rate == pytest.approx(exp(-3.0 * 0.75 * 10.0 / 14.8))
    came = sum(len(onsets(went(draw_world(on, k), "stock"))) for k in range(25))
    expected = rate * 40.0 * 25
    assert came == pytest.approx(expected, abs=4.0 * expected**0.5)


def test_how_often_one_looks_hardly_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days of onset converge as looks come closer together."""
    on = ready(behaviour=leverage())
    days = {}
    for look_d in (7.0, 28.0, 182.0):
        monkeypatch.setattr(answers, "LOOK_D", look_d)
        days[look_d] = [
            {event.name: event.day for event in onsets(went(draw_world(on, k), "plant"))}
            for k in range(20)
        ]

    def off_d(look_d: float) -> float:
        pairs = zip(days[look_d], days[7.0], strict=True)
        return float(np.mean([abs(one[n] - two[n]) for one, two in pairs for n in one if n in two]))

    counts = {look_d: sum(len(one) for one in found) for look_d, found in days.items()}
    assert counts[28.0] == pytest.approx(counts[7.0], rel=0.05)
    assert off_d(28.0) < 40.0
    assert off_d(28.0) < 0.3 * off_d(182.0)


def test_depth_answers_dependence_as_told() -> None:
    """A package stops half; once dependence is gone it stops 0.5 exp(-2 x 0.507)."""
    on = ready(behaviour=leverage(response=0.0, depth=2.0, horizon="1 day"))
    world = draw_world(on, 0)
    assert world.leverage is not None
    rows = world.model.controls["allowed"].copy()
    run = went(world, "stock")
    assert_array_equal(world.model.controls["allowed"], rows)
    event = next(event for event in onsets(run) if event.day > 700.0)
    stopped = 0.5 * exp(-2.0 * world.leverage.sources[0])
    first = int(event.day // 7.0) + 1
    mine = [x for x, r in enumerate(run.layout.routes) if (r[0], r[3]) == ("china", "japan")]
    sent = run.shipped_t[first : first + 6, mine].sum(axis=1) / 7.0 * YEAR_D / 80.0
    assert sent.max() == pytest.approx(1.0 - stopped, rel=1e-6)


def test_a_ban_stays_a_ban_however_little_leverage_is_left() -> None:
    """Depth may answer in what it eases to: 0.5 stopped at the start, less once there is stock."""
    eases = {"after": "28 days", "form": "quota", "allowed": 0.5}
    on = ready(
        behaviour=leverage(response=0.0, depth=2.0, horizon="1 day"),
        form="ban",
        allowed=None,
        duration="84 days",
        eases=eases,
    )
    world = draw_world(on, 0)
    assert world.leverage is not None
    run = went(world, "stock")
    event = next(event for event in onsets(run) if event.day > 700.0)
    first = int(event.day // 7.0) + 1
    mine = [x for x, r in enumerate(run.layout.routes) if (r[0], r[3]) == ("china", "japan")]
    sent = run.shipped_t[first : first + 12, mine].sum(axis=1) / 7.0 * YEAR_D / 80.0
    assert sent[:3].max() == 0.0
    stopped = 0.5 * exp(-2.0 * world.leverage.sources[0])
    assert sent[5:11].max() == pytest.approx(1.0 - stopped, rel=1e-6)


def escalating(factor: float = 3.0, lasts: str = "100 days", *after: str) -> dict[str, Any]:
    names = list(after) or ["by_chance"]
    return {"escalation": [{"after": names, "factor": factor, "lasts": lasts}]}


def test_controls_that_follow_controls_come_as_often_as_paper_says() -> None:
    """The hazard is 3 a year for 100 days after each package and 1 a year from then on.

    So the mean wait is (1 - e^-h) / 3 + e^-h years, h being 3 x 100 / 365.25.
    """
    on = ready(years=40.0, **escalating())
    integral = 3.0 * 100.0 / YEAR_D
    wait = (1.0 - exp(-integral)) / 3.0 + exp(-integral)
    waits = []
    for replication in range(40):
        days = [event.day for event in onsets(went(draw_world(on, replication), "none"))]
        waits += list(np.diff(days) / YEAR_D)
    error = np.std(waits) / len(waits) ** 0.5
    assert np.mean(waits) == pytest.approx(wait, abs=4.0 * error)
    assert len(waits) > 1500


def test_a_dated_control_makes_others_likelier_while_it_is_fresh() -> None:
    """Before it and a year after it all is as without; in the year between packages are tenfold."""
    dated = {
        "name": "first",
        "controller": "china",
        "products": ["part"],
        "targets": ["japan"],
        "form": "ban",
        "start": START.replace(year=2028),
        "duration": "10 days",
    }
    more = escalating(10.0, "365.25 days", "first")
    disruptions = {"scheduled": [dated], "random": [packages(calm_rate="0.2 per year", **more)]}
    disruptions["random"][0]["tense_rate"] = "0.2 per year"
    on = prepared(SMALL, round(6 * YEAR_D), disruptions=disruptions, overrides=CALM)
    days = [
        event.day / YEAR_D - 730.0 / YEAR_D
        for k in range(150)
        for event in onsets(went(draw_world(on, k), "none"))
    ]
    counts = [sum(a <= day < a + 1.0 for day in days) for a in (-1.0, 0.0, 1.0)]
    for count, expected in zip(counts, (30.0, 300.0, 30.0), strict=True):
        assert count == pytest.approx(expected, abs=4.0 * expected**0.5)


def test_an_escalation_by_what_never_comes_gives_the_very_same_results() -> None:
    never = {
        "name": "never",
        "controller": "china",
        "products": ["part"],
        "targets": ["japan"],
        "form": "ban",
        "start": START.replace(year=2027),
        "chance": 0.0,
    }
    runs = []
    for more in ({}, escalating(3.0, "100 days", "never")):
        found = {"scheduled": [never], "random": [packages(**more)]}
        on = prepared(SMALL, 4000.0, disruptions=found, overrides=CALM)
        runs.append(went(draw_world(on, 1), "none"))
    assert onsets(runs[1]) != onsets(runs[0]) == []
    for name in ("shipped_t", "stock_t", "shortfall_t", "price"):
        assert_array_equal(getattr(runs[0], name), getattr(runs[1], name))


def test_an_escalation_loop_is_refused_with_its_place() -> None:
    """Three more a year for each, over a year."""
    message = (
        "disruptions.random.0.escalation: an escalation loop: in tense times each package calls "
        "forth 3 more while the factor lasts, and each of these again; lower the factor"
    )
    with pytest.raises(ScenarioError, match=message):
        ready(**escalating(4.0, "1 year"))


def test_two_sources_that_raise_each_other_without_end_are_refused_by_name() -> None:
    """Each alone is harmless; together one calls forth 2 x 0.6 and that again 0.9, above 1."""
    ours = packages(**escalating(3.0, "0.6 years", "theirs"))
    theirs = packages(**escalating(2.0, "0.9 years", "by_chance"), name="theirs")
    with pytest.raises(ScenarioError, match=r"1 more .*\(by_chance and theirs raise each other\)"):
        prepared(SMALL, 700.0, disruptions={"random": [ours, theirs]})
    mild = packages(**escalating(2.0, "0.7 years", "by_chance"), name="theirs")
    prepared(SMALL, 700.0, disruptions={"random": [ours, mild]})
