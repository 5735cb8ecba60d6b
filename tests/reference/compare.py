"""Watch a run: after every review, the compiled state must equal the plain one."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from monazite.rules import review as compiled
from monazite.rules.records import Books, Model
from reference.review import review
from reference.state import State

FIELDS = {
    "pools": "use_per_d slope_per_d extra_per_d planned_per_d lead_d queue_d stock_t clean_t way_t "
    "queued_t demand_t want_t taken_t bid_use_t bid_gap_t bid_t offered_t drawn_t obliged_d",
    "routes": "share licensed pull habit",
    "lanes": "approval general wait_d waiting_d approved_t approved_quarter_t",
    "makers": "kept_first capacity_per_d reference_per_d added_per_d capacity_t accepted_t tier1_t "
    "clean_share pull fresh cost works lost",
    "uses": "reference_t log_price substituted demand_t served_t released_t short_t",
    "stockpiles": "usable_t held_usd called releasing bid_t bought_t drawn_t has_released "
    "contract_t contract_usd owed_t owed_usd due_t back_t returned_t lost_t allot_usd",
    "claims": "owed_t due_t drawn_t",
    "obligations": "now_d",
    "swaps": "left_t",
    "projects": "capacity_per_d made_t running pay_usd_per_t state loss_d good_d idle_d "
    "floor_usd_per_t floor_part contract_t margin_usd_per_t paid_back_usd",
    "floors": "open could_per_d",
    "instruments": "left_pv_usd spent_usd recovered_usd private_usd",
    "thrifts": "open",
    "yards": "worn_per_d collection_now collected_t offcut_t offcut_per_d hand_t lost_t",
    "settings": "review_d quarter pot_pv_usd promised_pv_usd",
}
"""What is compared: all that a review leaves behind, and the flows of the review."""

CLOSE = 1e-9


class Watch:
    """Stands where a run calls the compiled review, and runs the plain one beside it.

    Attributes:
        reviews: reviews compared so far.
        worst: largest relative difference so far.
        most: largest value seen of each quantity, to tell that something was tested.
    """

    def __init__(self) -> None:
        self.reviews = 0
        self.worst = 0.0
        self.tonnes = self.usd = 0.0
        self.most: dict[str, float] = {}

    def run_reviews(self, model: Model, books: Books, first: int, until: int) -> None:
        """Run both for each review, from the same state, and compare what they leave."""
        for now in range(first, until):
            plain = State(model)
            self.tonnes = float(model.pools["stock_t"].max())
            self.usd = self.tonnes * float(model.price_usd_per_t.max())
            review(plain, now)
            compiled.run_reviews(model, books, now, now + 1)
            for name, mine, theirs in pairs(plain, model, now):
                self.compare(f"review {now}: {name}", mine, theirs)
                key = name.split("[")[0]
                self.most[key] = max(self.most.get(key, 0.0), float(np.max(theirs, initial=0.0)))
            self.reviews += 1

    def compare(self, name: str, mine: np.ndarray, theirs: np.ndarray) -> None:
        """Raise where two arrays differ by more than rounding, with the place."""
        size = np.abs(theirs[np.isfinite(theirs)]).max(initial=0.0)
        if name.endswith(("_t", "way", "way_clean", "way_more", "queue")):
            size = max(size, self.tonnes)  # a gap is a difference of stocks
        if name.endswith("_usd"):
            size = max(size, self.usd)  # what is left of a stock is a difference of costs
        off = np.abs(mine - theirs)
        off[mine == theirs] = 0.0
        if "log_price" in name or "price_target" in name:
            size = max(size, 1e3)  # a log near 0 is a ratio near 1
        off = off / np.maximum(1e-3 * size + 1e-12, np.abs(theirs))
        self.worst = max(self.worst, float(off.max(initial=0.0)))
        if off.max(initial=0.0) > CLOSE:
            at = np.unravel_index(int(np.argmax(off)), off.shape)
            raise AssertionError(f"{name}{list(at)}: plain {mine[at]!r}, compiled {theirs[at]!r}")


def pairs(plain: State, model: Model, now: int) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield the name, the plain and the compiled value of everything compared."""
    things: dict[str, list[Any]] = {
        "pools": plain.pools,
        "routes": plain.routes,
        "lanes": plain.routes,
        "makers": plain.makers,
        "uses": plain.uses,
        "stockpiles": plain.stocks,
        "projects": plain.projects,
        "floors": plain.floors,
        "claims": plain.claims,
        "obligations": plain.obligations,
        "swaps": plain.swaps,
        "thrifts": plain.thrifts,
        "yards": plain.yards,
        "instruments": plain.instruments,
        "settings": [plain.settings],
    }
    for table, names in FIELDS.items():
        for name in names.split():
            mine = np.array([getattr(thing, name) for thing in things[table]], float)
            yield f"{table}.{name}", mine, getattr(model, table)[name].astype(float)
    for name in ("sent_t", "allowed", "premium"):
        yield name, np.array([getattr(route, name) for route in plain.routes]), getattr(model, name)
    flow_per_d = np.array([route.flow_per_d for route in plain.routes])
    yield "flow_per_d", flow_per_d, model.flow_per_d[now]
    for name in ("way", "way_clean", "way_more", "queue"):
        theirs = getattr(model, f"{name}_t")
        yield name, np.array(getattr(plain, name), float).reshape(theirs.shape), theirs
    returns = np.array(plain.returns, float).reshape(model.returns_t.shape)
    yield "returns_t", returns, model.returns_t
    desks = np.array(plain.desks, float).reshape(model.desk_d.shape)
    yield "desks", np.clip(desks, -1e9, 1e9), np.clip(model.desk_d, -1e9, 1e9)
    yield "delivered", np.array(plain.delivered).reshape(model.delivered.shape), model.delivered
    yield "log_price", np.array(plain.log_price), model.log_price
    yield "tariff_rate", np.array(plain.rates).reshape(model.tariff_rate.shape), model.tariff_rate
    yield "duty_log", np.array(plain.duty_log), model.borders["log"]
    yield "price_target", np.array(plain.target), model.price_target


def watched(monkeypatch: Any) -> Watch:
    """Have every run of this test watched."""
    watch = Watch()
    stand_in = SimpleNamespace(run_reviews=watch.run_reviews)
    monkeypatch.setattr("monazite.simulation.run.review", stand_in)
    return watch
