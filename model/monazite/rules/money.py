"""What instruments spend and recover in a review, in USD of the start year."""

from math import exp

from monazite.rules.compiled import compiled
from monazite.rules.records import CLOSED, Books, Model


@compiled
def spend(model: Model, i: int, amount_usd: float, day: float) -> None:
    """Book an outlay of instrument i and take its discounted worth off the budget."""
    instruments = model.instruments
    settings = model.settings[0]
    worth = amount_usd * exp(-settings.discount_per_d * day)
    instruments[i].spent_usd += amount_usd
    instruments[i].left_pv_usd -= worth
    settings.pot_pv_usd -= worth


@compiled
def market_usd_per_t(model: Model, s: int) -> float:
    """Return the price of a stockpile's product at its place now [USD/t]."""
    stockpiles, price_usd_per_t = model.stockpiles, model.price_usd_per_t
    stock = stockpiles[s]
    price = price_usd_per_t[stock.product]
    return float(price * model.multiple[stock.product, stock.place])


@compiled
def pay_stockpiles(model: Model, day: float) -> None:
    """Pay for purchases and holding; book what releases bring in, apart from the budget.

    Stock is carried at what it cost; holding is a rate on that. What borrowers have bought
    back is their money; what they drew brings in no price but their fees.
    """
    stockpiles, instruments = model.stockpiles, model.instruments
    settings = model.settings[0]
    for s in range(stockpiles.size):
        stock = stockpiles[s]
        price = market_usd_per_t(model, s)
        holding = stock.held_usd * stock.holding_per_d * settings.review_d
        market_t = max(0.0, stock.bought_t - stock.contract_t)
        stock.returned_t = 0.0
        if stock.lends == 1 or stock.owed_t > 0.0:
            take_fees(model, s)
            asked_t = stock.bid_t + stock.back_t
            stock.returned_t = market_t * stock.back_t / asked_t if asked_t > 0.0 else 0.0
            instruments[stock.instrument].private_usd += stock.returned_t * price
        bought = (market_t - stock.returned_t) * price
        if holding + bought > 0.0:
            spend(model, stock.instrument, holding + bought, day)
        stock.held_usd += bought + stock.contract_usd
        if stock.lends == 0:
            instruments[stock.instrument].recovered_usd += stock.drawn_t * price


@compiled
def take_fees(model: Model, s: int) -> None:
    """Book what members pay for their part of what a reserve cost, and borrowers on loans."""
    stock, claims, instruments = model.stockpiles[s], model.claims, model.instruments
    regions, delta_d = model.entitled.shape[1], model.settings[0].review_d
    fees = stock.loan_fee_per_d * stock.owed_usd * delta_d
    for c in range(s * regions, (s + 1) * regions):
        rate = claims[c].fee_per_d * claims[c].right
        fees += rate * (stock.held_usd + stock.owed_usd) * delta_d
    instruments[stock.instrument].recovered_usd += fees
    instruments[stock.instrument].private_usd += fees


@compiled
def pay_projects(model: Model, day: float) -> None:
    """Pay operating support for what projects made, as far as the budget reaches."""
    projects, instruments = model.projects, model.instruments
    settings = model.settings[0]
    for i in range(projects.size):
        project = projects[i]
        if project.running == 0 or project.made_t <= 0.0 or project.pay_usd_per_t <= 0.0:
            continue
        if project.instrument < 0:
            continue
        now = exp(-settings.discount_per_d * day)
        left = min(
            instruments[project.instrument].left_pv_usd,
            settings.pot_pv_usd - settings.promised_pv_usd,
        )
        amount = min(project.made_t * project.pay_usd_per_t, max(0.0, left) / now)
        spend(model, project.instrument, amount, day)


@compiled
def collect(model: Model, day: float) -> None:
    """Book what plants pay back on loans, and earn on public equity, out of their margin.

    A level payment falls due day by day over its term, also while the plant stands. What a
    margin does not cover stays owed, without interest, and is lost when the plant closes.
    """
    projects, instruments = model.projects, model.instruments
    settings = model.settings[0]
    for i in range(projects.size):
        project = projects[i]
        if project.repaid == 0 or project.on == 0 or project.state == CLOSED:
            continue
        term_d = project.loan_until_d - project.loan_first_d
        due_d = min(max(0.0, day + settings.review_d - project.loan_first_d), term_d)
        owed = project.loan_usd_per_d * due_d - project.paid_back_usd
        earned = 0.0
        if project.running == 1:
            earned = project.made_t * max(0.0, project.margin_usd_per_t)
        paid = min(max(0.0, owed), earned)
        project.paid_back_usd += paid
        share = project.equity * (earned - paid)
        instruments[project.instrument].recovered_usd += paid + share


@compiled
def book_outlay(
    model: Model, books: Books, i: int, span_d: tuple[float, float], amount_usd: float
) -> None:
    """Book an outlay of instrument i that runs evenly from one day to another.

    The whole of its discounted worth leaves the budget at once: a phase once begun is
    reserved in full.

    Args:
        model: budgets are read and changed.
        books: money is booked in the bins that the span touches.
        i: the instrument.
        span_d: first and last day, the last one later; what falls after the run is not booked.
        amount_usd: the outlay [USD].
    """
    edges_d = books.edges_d
    rate = model.settings[0].discount_per_d
    from_d, until_d = span_d
    for b in range(edges_d.size - 1):
        low_d = max(edges_d[b], from_d)
        high_d = min(edges_d[b + 1], until_d)
        if high_d > low_d:
            spent = amount_usd * (high_d - low_d) / (until_d - from_d)
            worth = spent * exp(-rate * 0.5 * (low_d + high_d))
            books.money[b, i].spent_usd += spent
            books.money[b, i].spent_pv_usd += worth
            model.instruments[i].left_pv_usd -= worth
            model.settings[0].pot_pv_usd -= worth


@compiled
def book_beside(
    books: Books, i: int, span_d: tuple[float, float], committed_usd: float, private_usd: float
) -> None:
    """Book what is bound for instrument i, and what others pay, evenly over a span of days.

    Neither leaves the budget. What falls after the run is not booked.
    """
    edges_d = books.edges_d
    from_d, until_d = span_d
    for b in range(edges_d.size - 1):
        low_d = min(max(edges_d[b], from_d), until_d)
        high_d = min(max(edges_d[b + 1], from_d), until_d)
        part = (high_d - low_d) / (until_d - from_d)
        books.money[b, i].committed_usd += committed_usd * part
        books.money[b, i].private_usd += private_usd * part
