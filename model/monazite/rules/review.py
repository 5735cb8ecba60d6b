"""The review, in one sentence.

Material arrives, and scrap; the undisturbed path, plants, habits' leads and licences are read;
demand is set; stockpiles decide on release; orders go up, from final products to mines;
material goes down; users draw; mass balance is checked; accounts are settled; prices,
habits, substitution and what will be scrap move; and what happened is recorded.
"""

from monazite.rules.allotting import set_aside, share_money
from monazite.rules.bids import promise_holding
from monazite.rules.books import clear_flows, record_plants, record_review
from monazite.rules.claims import keep_debts
from monazite.rules.compiled import compiled, inlined
from monazite.rules.demand import adapt_uses, pay_thrifts, set_demand
from monazite.rules.faults import close_accounts, open_accounts
from monazite.rules.floors import pay_contracts, pay_floors, set_floors
from monazite.rules.habits import adapt_shares, set_pulls
from monazite.rules.incumbents import set_incumbents
from monazite.rules.licences import set_regimes, set_waits
from monazite.rules.material import move_material, receive
from monazite.rules.money import collect, pay_projects, pay_stockpiles
from monazite.rules.obligations import pay_obligations, set_obligations
from monazite.rules.orders import place_orders
from monazite.rules.plants import credit_projects, set_plants
from monazite.rules.prices import move_prices
from monazite.rules.records import ALIKE, ALONE, Books, Model
from monazite.rules.reference import open_routes, set_reference
from monazite.rules.release import set_releases
from monazite.rules.rotation import rotate
from monazite.rules.scrap import age_scrap, pay_credits, receive_scrap
from monazite.rules.swaps import swap
from monazite.rules.switches import switch_needs
from monazite.rules.trade import lift_borders, take_duties
from monazite.rules.use import serve


@inlined
def review(model: Model, now: int, day: float) -> None:
    """Run one review.

    Args:
        model: world and state, changed in place.
        now: number of the review since the start.
        day: day on which it begins.
    """
    clear_flows(model)
    open_accounts(model)
    receive(model, now)
    promise_holding(model, day)
    if model.obligations.size > 0:
        set_obligations(model, day)
    receive_scrap(model, now, day)
    set_floors(model, day)
    if model.tariffs.size > 0:
        lift_borders(model)
    set_plants(model, day)
    set_incumbents(model)
    set_reference(model, now, day)
    set_pulls(model)
    if model.settings[0].fresh == 1:
        set_regimes(model)
        open_routes(model)
    set_waits(model, now)
    if model.switches.size > 0:
        switch_needs(model)
    set_demand(model)
    set_releases(model)
    if model.settings[0].buy_rule == ALIKE:
        share_money(model, day)
    elif model.settings[0].buy_rule != ALONE:
        set_aside(model, day)
    place_orders(model, now, day)
    move_material(model, now)
    credit_projects(model)
    serve(model)
    if model.settings[0].ageing == 1:
        rotate(model, day)
    if model.swaps.size > 0:
        swap(model, now, day)
    close_accounts(model, now)
    pay_stockpiles(model, day)
    pay_contracts(model, day)
    promise_holding(model, day + model.settings[0].review_d)
    if model.obligations.size > 0:
        pay_obligations(model, day)
    if model.returns_t.size + model.swaps.size > 0:
        keep_debts(model, now)
    pay_floors(model, day)
    pay_projects(model, day)
    take_duties(model)
    collect(model, day)
    pay_credits(model, day)
    pay_thrifts(model, day)
    move_prices(model, now)
    adapt_shares(model)
    adapt_uses(model)
    age_scrap(model)


@compiled
def run_reviews(model: Model, books: Books, first: int, until: int) -> None:
    """Run reviews `first` to `until - 1` and record each; stop at a broken mass balance.

    This is what a process calls between two events.
    """
    step_d = model.settings[0].step_d
    model.settings[0].fresh = 1
    for now in range(first, until):
        day = now * step_d
        model.settings[0].review_d = min(step_d, model.settings[0].end_d - day)
        review(model, now, day)
        model.settings[0].fresh = 0
        record_review(model, books, day)
        record_plants(model, books, now)
        if model.settings[0].fault != 0:
            return
