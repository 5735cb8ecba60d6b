"""Scrap and programmes in plain Python, written from the model's description."""

from math import exp

from reference.state import State, Thing, Years

MOST_PART = 0.95


def money_left(state: State, instrument: Thing, day: float) -> float:
    """Return what an instrument may spend today, in money of today."""
    s = state.settings
    left = min(instrument.left_pv_usd, s.pot_pv_usd - s.promised_pv_usd)
    return max(0.0, left) / exp(-s.discount_per_d * day)


def spend(state: State, instrument: Thing, usd: float, day: float) -> None:
    """Book an outlay."""
    worth = usd * exp(-state.settings.discount_per_d * day)
    instrument.spent_usd += usd
    instrument.left_pv_usd -= worth
    state.settings.pot_pv_usd -= worth


def wearing_out(state: State, yard: Thing, now: int) -> float:
    """Return what wears out for a yard now [t/d]: past deliveries, each by its age."""
    s = state.settings
    n, gone = divmod(now, s.cohort_reviews)
    part, length_d = gone / s.cohort_reviews, s.cohort_reviews * s.step_d
    past = state.past
    total = past[n][yard.no] * (1 - part) + past[n + 1][yard.no] * part
    for row in yard.worn:
        dies = state.dies[row.life]
        for c in range(n):
            due = dies[n - 1 - c] * (1 - part) + dies[n - c] * part
            total += row.recovered * state.delivered[c][row.no] * due / length_d
        if gone:
            total += row.recovered * state.delivered[n][row.no] * dies[0] / length_d
    return max(0.0, float(total))


def bring_scrap(state: State, now: int, day: float) -> None:
    """Collect what wears out, take in what makers left, and set credits."""
    s = state.settings
    for yard in state.yards:
        yard.worn_per_d = wearing_out(state, yard, now)
    wanted = {}
    for yard in state.yards:
        wanted[yard] = 0.0
        if yard.programme >= 0 and day >= yard.first_d:
            gone_d = day + s.review_d - yard.first_d
            risen = min(1.0, gone_d / yard.rise_d) if yard.rise_d > 0 else 1.0
            wanted[yard] = risen * max(0.0, yard.goal - yard.collection)
    for programme in dict.fromkeys(y.programme for y in state.yards if y.programme >= 0):
        mine = [y for y in state.yards if y.programme == programme]
        asked = sum(wanted[y] * y.worn_per_d * s.review_d * y.cost_usd_per_t for y in mine)
        if asked > 0:
            instrument = state.instruments[programme]
            part = min(1.0, money_left(state, instrument, day) / asked)
            spend(state, instrument, part * asked, day)
            wanted.update({y: wanted[y] * part for y in mine})
    for yard in state.yards:
        yard.collection_now = yard.collection + wanted[yard]
        yard.collected_t = yard.collection_now * yard.worn_per_d * s.review_d
        yard.offcut_t = yard.offcut_per_d * s.review_d
        yard.hand_t += yard.collected_t + yard.offcut_t
    for project in state.projects:
        project.credit_usd_per_t, project.feeds = 0.0, None
        for yard in (y for y in state.yards if y.maker is project.maker and y.programme >= 0):
            instrument = state.instruments[yard.programme]
            if yard.credit_usd_per_t > 0 and money_left(state, instrument, day) > 0:
                project.credit_usd_per_t, project.feeds = yard.credit_usd_per_t, yard.programme


def limit_recyclers(state: State, where: tuple[int, float]) -> None:
    """Scale recyclers to the scrap that comes in, and let them pull by what it allows."""
    s = state.settings
    flow = {}
    for yard in state.yards:
        maker = yard.maker
        if yard.start_per_d > 0:
            usual = yard.start_per_d * maker.reference_per_d / maker.start_per_d * s.review_d
            maker.capacity_t *= min(1.0, (yard.collected_t + yard.offcut_t) / usual)
        most = maker.reference_per_d * maker.works + maker.added_per_d
        flow[yard] = min((yard.collected_t + yard.offcut_t) / s.review_d, most)
        if yard.start_per_d > 0:
            grown = Years.between(state.years.plain, yard.no, where)
            yard.part = yard.part_start * flow[yard] / (yard.start_per_d * grown)
    for yard in state.yards:
        maker = yard.maker
        if yard.start_per_d <= 0:
            maker.fresh = flow[yard]
            continue
        peers = [y for y in state.yards if y.product == yard.product]
        before = min(MOST_PART, sum(y.part_start for y in peers))
        after = min(MOST_PART, sum(y.part for y in peers))
        maker.fresh = 0.0
        maker.pull = maker.start_per_d * yard.part / yard.part_start * (1 - before) / (1 - after)


def pay_programmes(state: State, day: float) -> None:
    """Pay credits on what plants recycled, then programmes of thrift."""
    s = state.settings
    for programme in dict.fromkeys(y.programme for y in state.yards if y.programme >= 0):
        instrument = state.instruments[programme]
        mine = [p for p in state.projects if p.feeds == programme]
        owed = sum(p.made_t * p.credit_usd_per_t for p in mine)
        spend(state, instrument, min(owed, money_left(state, instrument, day)), day)
    for thrift in state.thrifts:
        thrift.open = 0
        length_d = min(day + s.review_d, thrift.until_d) - max(day, thrift.first_d)
        if thrift.active and length_d > 0:
            instrument = state.instruments[thrift.instrument]
            cost = thrift.cost_usd_per_d * length_d
            if cost <= money_left(state, instrument, day) * (1 + 1e-12):
                thrift.open = 1
                spend(state, instrument, cost, day)


def age_scrap(state: State, now: int) -> None:
    """Take out what was worked up, lose what lies too long, note what will be scrap."""
    s = state.settings
    for yard in state.yards:
        maker = yard.maker
        yard.hand_t = max(0.0, yard.hand_t - maker.accepted_t)
        most = yard.most_d * (maker.reference_per_d + maker.added_per_d)
        yard.lost_t = max(0.0, yard.hand_t - most)
        yard.hand_t -= yard.lost_t
        left = sum(o.part * o.maker.accepted_t for o in yard.offcuts) / s.review_d
        yard.offcut_per_d += yard.offcut_step * (left - yard.offcut_per_d)
        for row in yard.worn:
            state.delivered[now // s.cohort_reviews][row.no] += row.use.served_t
