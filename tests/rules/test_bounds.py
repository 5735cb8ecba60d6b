"""What holds after every review of any small world, whatever happens and is done in it."""

from dataclasses import fields

import numpy as np
from hypothesis import given

from looking import looked_at
from monazite.rules.records import LICENSING, OPEN, STRATEGIC, TIER1, Model
from networks import run
from strategies import Case, some, worlds

ROUNDING = 1e-9


def close_to_zero(model: Model) -> float:
    """Return what counts as rounding beside the stocks of this model [t]."""
    return float(ROUNDING * (1.0 + model.pools["use_per_d"].max() * 100.0))


def nothing_is_negative(before: Model, model: Model, now: int) -> None:
    little = close_to_zero(model)
    pools, routes, makers = model.pools, model.routes, model.makers
    for amounts in (pools["stock_t"], pools["clean_t"], model.way_t, model.queue_t):
        assert amounts.min(initial=0.0) >= -little
    for amounts in (model.sent_t, makers["capacity_t"], makers["accepted_t"]):
        assert amounts.min(initial=0.0) >= 0.0
    assert (pools["clean_t"] <= pools["stock_t"] + little).all()
    assert (routes["share"] >= 0.0).all()
    for table, name in (("uses", "short_t"), ("uses", "served_t"), ("stockpiles", "usable_t")):
        assert getattr(model, table)[name].min(initial=0.0) >= 0.0


def material_balances(before: Model, model: Model, now: int) -> None:
    """Stock and cargo of a product change by what is made less what is used of it."""
    held = [m.pools["stock_t"] + m.way_t.sum(axis=1) for m in (before, model)]
    part = model.settings["review_d"][0] / model.settings["step_d"][0]
    if part < 1.0:
        return  # the rest of a short last review's arrivals is under way, but in no slot
    for p in range(model.price_usd_per_t.size):
        pools = model.pools["product"] == p
        change = (held[1] - held[0])[pools].sum()
        made = model.makers["accepted_t"][model.makers["product"] == p].sum()
        sent = model.sent_t[pools[model.routes["pool"]]].sum()
        used = model.uses["served_t"][model.uses["product"] == p].sum()
        taken = model.pools["taken_t"][pools].sum()
        spoilt = model.stockpiles["lost_t"][model.stockpiles["product"] == p].sum()
        assert abs(made - sent) < close_to_zero(model)
        assert abs(change - (made - used - taken - spoilt)) < close_to_zero(model) * 10
    for n in model.needs:
        assert model.pools[n["pool"]]["taken_t"] >= 0.0


def demand_is_accounted_for(before: Model, model: Model, now: int) -> None:
    uses = model.uses
    kept = uses["reference_t"] * (1.0 - before.uses["substituted"])
    curtailed = kept - uses["demand_t"]
    whole = uses["served_t"] + uses["short_t"] + curtailed + uses["reference_t"] - kept
    np.testing.assert_allclose(whole, uses["reference_t"], rtol=1e-12)
    assert (curtailed >= -ROUNDING).all()


def nobody_makes_more_than_they_can(before: Model, model: Model, now: int) -> None:
    makers = model.makers
    assert (makers["accepted_t"] <= makers["capacity_t"] * (1 + ROUNDING)).all()


def no_cap_is_passed(before: Model, model: Model, now: int) -> None:
    sent, lanes, settings = model.sent_t, model.lanes, model.settings[0]
    flow_per_d = model.flow_per_d[now]
    for control in model.controls:
        mine = model.control_route[control["first"] : control["end"]]
        if not control["active"]:
            continue
        if control["form"] == LICENSING:
            grants = model.grants[control["first"] : control["end"]]
            general = grants["general"] * flow_per_d[mine] * settings["review_d"]
            beyond = np.maximum(0.0, sent[mine] - lanes["approved_t"][mine])
            assert (beyond[grants["general"] == 0.0] <= close_to_zero(model)).all()
            assert beyond.sum() <= general.sum() + close_to_zero(model)
            continue
        per_d = control["allowed_per_d"]
        if per_d < 0.0:
            per_d = control["allowed"] * flow_per_d[mine].sum()
        per_d += control["leak"] * max(0.0, flow_per_d[mine].sum() - per_d)
        room = per_d * settings["review_d"]
        assert sent[mine].sum() <= room + close_to_zero(model)
    assert (sent[model.routes["barred"] == 1] == 0.0).all()


def no_bid_is_left_beside_open_room(before: Model, model: Model, now: int) -> None:
    """Room is what capacity and input in hand allow, less what was accepted."""
    pools, routes, makers = model.pools, model.routes, model.makers
    room = makers["limit_t"] - makers["accepted_t"]
    full = np.zeros(routes.size, bool)
    for control in model.controls:
        capped = control["active"] and control["form"] != LICENSING
        if capped and control["room_t"] <= close_to_zero(model):
            full[model.control_route[control["first"] : control["end"]]] = True
    free = (routes["licensed"] == 0) & (routes["barred"] == 0) & ~full & (routes["pull"] > 0)
    for h in np.flatnonzero((pools["kind"] == OPEN) | (pools["depth"] == 0)):
        pool = pools[h]
        unserved = pool["unserved_use_t"] + pool["unserved_gap_t"]
        if pool["kind"] == STRATEGIC or unserved <= close_to_zero(model):
            continue
        mine = np.arange(pool["first_route"], pool["end_route"])
        mine = mine[free[mine]]
        assert (room[routes["maker"][mine]] <= close_to_zero(model)).all()


def tier_1_comes_first(before: Model, model: Model, now: int) -> None:
    """Tier 1 lacks only where nothing that it may use is left for anyone."""
    for use in model.uses[model.uses["tier"] == 1]:
        if use["short_t"] <= close_to_zero(model):
            continue
        common, own = model.pools[use["open_pool"]], model.pools[use["pool"]]
        if own["kind"] == TIER1 and own["depth"] > 0:
            assert common["clean_t"] <= close_to_zero(model)
            continue
        others = (model.uses["region"] == use["region"]) & (model.uses["tier"] > 1)
        others &= model.uses["product"] == use["product"]
        from_stock = model.uses["served_t"] - model.uses["released_t"]
        assert from_stock[others].sum() <= close_to_zero(model)


def budgets_hold(before: Model, model: Model, now: int) -> None:
    assert model.settings["pot_pv_usd"][0] >= -1.0
    assert model.instruments["left_pv_usd"].min(initial=0.0) >= -1.0


def stocks_give_what_they_have(before: Model, model: Model, now: int) -> None:
    for stock, was in zip(model.stockpiles, before.stockpiles, strict=True):
        bought = stock["bought_t"] + before.pools[stock["pool"]]["way_t"]
        assert stock["drawn_t"] <= was["usable_t"] + bought + close_to_zero(model)
        rate = stock["rate_per_d"] * model.settings["review_d"][0]
        assert stock["drawn_t"] <= rate * (1 + ROUNDING)
        assert stock["usable_t"] <= model.pools[stock["pool"]]["stock_t"] + close_to_zero(model)


PROMISES = (
    nothing_is_negative,
    material_balances,
    demand_is_accounted_for,
    nobody_makes_more_than_they_can,
    no_cap_is_passed,
    no_bid_is_left_beside_open_room,
    tier_1_comes_first,
    budgets_hold,
    stocks_give_what_they_have,
)


def every_promise(before: Model, model: Model, now: int) -> None:
    for promise in PROMISES:
        promise(before, model, now)


@given(worlds())
@some(60)
def test_every_promise_holds_in_every_review(case: Case) -> None:
    with looked_at(every_promise):
        result = run(case.ready, "all")
    budget = case.ready.budget_usd["all"]
    assert result.spent_pv_usd.sum() <= budget * (1 + ROUNDING) + 1.0


@given(worlds())
@some(40)
def test_it_makes_no_difference_how_many_reviews_one_call_runs(case: Case) -> None:
    """What a review prepares for the next is what that would find out for itself."""
    with looked_at(lambda before, model, now: None):
        each = run(case.ready, "all")
    many = run(case.ready, "all")
    for field in fields(many):
        np.testing.assert_array_equal(getattr(each, field.name), getattr(many, field.name))
