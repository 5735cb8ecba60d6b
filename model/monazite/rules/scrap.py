"""Scrap: what wears out and is collected, what makers leave, and what recyclers have of it."""

from math import exp

from monazite.rules.balance import MOST_RECYCLED
from monazite.rules.compiled import compiled
from monazite.rules.money import spend
from monazite.rules.plants import ramped
from monazite.rules.records import Model


@compiled
def begin_cohort(model: Model, n: int) -> None:
    """Set what wears out at both borders of cohort n, of all deliveries before it.

    Deliveries before the start stand in a table. Those since fall due by age: of a cohort
    `c` the part `dies[n - 1 - c]` at its first border, `dies[n - c]` at its last. In between
    lies a straight line, since deliveries are even within a cohort, and deaths within an age.
    """
    yards, worn, dies, delivered = model.yards, model.worn, model.dies, model.delivered
    settings = model.settings[0]
    length_d = settings.cohort_reviews * settings.step_d
    for s in range(yards.size):
        yard = yards[s]
        yard.low_per_d = model.past_year[n, s]
        yard.high_per_d = model.past_year[n + 1, s]
        yard.young_per_d = 0.0
        for w in range(yard.first_worn, yard.end_worn):
            row = worn[w]
            low_t, high_t = 0.0, 0.0
            for c in range(n):
                low_t += delivered[c, w] * dies[row.life, n - 1 - c]
                high_t += delivered[c, w] * dies[row.life, n - c]
            yard.low_per_d += row.recovered * low_t / length_d
            yard.high_per_d += row.recovered * high_t / length_d


@compiled
def raise_collection(model: Model, day: float) -> None:
    """Set which part of worn-out goods each yard collects now.

    A programme raises it from its first day in a straight line, in all its regions, and pays
    for what it adds as far as its money reaches; without money collection is that of the start.
    """
    yards, settings, instruments = model.yards, model.settings[0], model.instruments
    for s in range(yards.size):
        yard = yards[s]
        yard.collection_now = yard.collection
        yard.asked_usd = 0.0
        if yard.programme >= 0 and day >= yard.first_d:
            risen = ramped(day + settings.review_d, yard.first_d, yard.rise_d)
            more = risen * max(0.0, yard.goal - yard.collection)
            yard.collection_now += more
            yard.asked_usd = more * yard.worn_per_d * settings.review_d * yard.cost_usd_per_t
    for s in range(yards.size):
        if yards[s].asked_usd <= 0.0:
            continue
        i = yards[s].programme
        asked = 0.0
        for other in range(s, yards.size):
            asked += yards[other].asked_usd if yards[other].programme == i else 0.0
        left = min(instruments[i].left_pv_usd, settings.pot_pv_usd - settings.promised_pv_usd)
        left = max(0.0, left) / exp(-settings.discount_per_d * day)
        part = min(1.0, left / asked)
        spend(model, i, part * asked, day)
        for other in range(s, yards.size):
            yard = yards[other]
            if yard.programme == i:
                more = yard.collection_now - yard.collection
                yard.collection_now = yard.collection + part * more
                yard.asked_usd = 0.0


@compiled
def receive_scrap(model: Model, now: int, day: float) -> None:
    """Bring scrap to the yards: what is collected of worn-out goods, and what makers left."""
    yards, settings = model.yards, model.settings[0]
    if yards.size == 0:
        return
    n = now // settings.cohort_reviews
    if now == n * settings.cohort_reviews:
        settings.cohort = n
        begin_cohort(model, n)
    part = now / settings.cohort_reviews - n
    for s in range(yards.size):
        yard = yards[s]
        gone = yard.high_per_d - yard.low_per_d
        yard.worn_per_d = max(0.0, yard.low_per_d + part * gone + yard.young_per_d)
    raise_collection(model, day)
    for s in range(yards.size):
        yard = yards[s]
        yard.collected_t = yard.collection_now * yard.worn_per_d * settings.review_d
        yard.offcut_t = yard.offcut_per_d * settings.review_d
        yard.hand_t += yard.collected_t + yard.offcut_t
    set_credits(model)


@compiled
def set_credits(model: Model) -> None:
    """Set what programmes that have money pay on each tonne that plants recycle."""
    yards, projects = model.yards, model.projects
    instruments, settings = model.instruments, model.settings[0]
    for i in range(projects.size):
        projects[i].credit_usd_per_t = 0.0
        projects[i].programme = -1
    for s in range(yards.size):
        yard = yards[s]
        if yard.programme < 0 or yard.credit_usd_per_t <= 0.0:
            continue
        left = instruments[yard.programme].left_pv_usd
        if min(left, settings.pot_pv_usd - settings.promised_pv_usd) <= 0.0:
            continue
        for i in range(projects.size):
            if projects[i].maker == yard.maker:
                projects[i].credit_usd_per_t = yard.credit_usd_per_t
                projects[i].programme = yard.programme


@compiled
def pay_credits(model: Model, day: float) -> None:
    """Pay credits on what plants made of scrap, all plants of a programme alike."""
    yards, projects, instruments = model.yards, model.projects, model.instruments
    settings = model.settings[0]
    for s in range(yards.size):
        yards[s].asked_usd = 0.0
    for s in range(yards.size):
        p = yards[s].programme
        if p < 0 or yards[s].credit_usd_per_t <= 0.0:
            continue
        for i in range(projects.size):
            project = projects[i]
            if project.programme == p:
                yards[s].asked_usd += project.made_t * project.credit_usd_per_t
                project.programme = -1
        left = min(instruments[p].left_pv_usd, settings.pot_pv_usd - settings.promised_pv_usd)
        left = max(0.0, left) / exp(-settings.discount_per_d * day)
        if yards[s].asked_usd > 0.0:
            spend(model, p, min(yards[s].asked_usd, left), day)


@compiled
def limit_capacity(model: Model) -> None:
    """Scale what recyclers can make to the scrap that comes in, over what would undisturbed."""
    yards, makers, settings = model.yards, model.makers, model.settings[0]
    for s in range(yards.size):
        yard = yards[s]
        maker = makers[yard.maker]
        if yard.start_per_d > 0.0:
            usual_per_d = yard.start_per_d * maker.reference_per_d / maker.start_per_d
            usual_t = usual_per_d * settings.review_d
            maker.capacity_t *= min(1.0, (yard.collected_t + yard.offcut_t) / usual_t)


@compiled
def limit_rooms(model: Model, p: int) -> None:
    """Hold the recyclers of product p to the scrap that they have in hand."""
    yards, makers = model.yards, model.makers
    for s in range(yards.size):
        if yards[s].product == p:
            maker = makers[yards[s].maker]
            maker.room_t = min(maker.room_t, yards[s].hand_t)
            maker.clean_room_t = min(maker.clean_room_t, yards[s].hand_t)


@compiled
def pull_recyclers(model: Model) -> None:
    """Let recyclers pull on habits by what their scrap and their capacity allow.

    Measured by their part of the supply of the product, so that where all scrap grows alike
    the shares of a pool come to where the undisturbed path has them.
    """
    yards, makers, settings = model.yards, model.makers, model.settings[0]
    for s in range(yards.size):
        yard = yards[s]
        maker = makers[yard.maker]
        flow_per_d = (yard.collected_t + yard.offcut_t) / settings.review_d
        flow_per_d = min(flow_per_d, maker.reference_per_d * maker.works + maker.added_per_d)
        if yard.start_per_d <= 0.0:
            maker.fresh = flow_per_d
            continue
        yard.part = yard.part_start * flow_per_d / (yard.start_per_d * yard.grown)
    for s in range(yards.size):
        yard = yards[s]
        if yard.start_per_d <= 0.0:
            continue
        before, after = 0.0, 0.0
        for other in range(yards.size):
            if yards[other].product == yard.product:
                before += yards[other].part_start
                after += yards[other].part
        rest = (1.0 - min(MOST_RECYCLED, before)) / (1.0 - min(MOST_RECYCLED, after))
        maker = makers[yard.maker]
        maker.pull = maker.start_per_d * yard.part / yard.part_start * rest
        maker.fresh = 0.0


@compiled
def age_scrap(model: Model) -> None:
    """Take out what was worked up, let go what lies too long, and note what will be scrap.

    What users were delivered wears out by age; what makers leave comes in after a delay. A
    yard keeps no more than it can work up within some time; the rest is lost.
    """
    yards, worn, offcuts, makers = model.yards, model.worn, model.offcuts, model.makers
    settings, uses = model.settings[0], model.uses
    for s in range(yards.size):
        yard = yards[s]
        maker = makers[yard.maker]
        yard.hand_t = max(0.0, yard.hand_t - maker.accepted_t)
        most_t = yard.most_d * (maker.reference_per_d + maker.added_per_d)
        yard.lost_t = max(0.0, yard.hand_t - most_t)
        yard.hand_t -= yard.lost_t
        left_t = 0.0
        for o in range(yard.first_offcut, yard.end_offcut):
            left_t += offcuts[o].part * makers[offcuts[o].maker].accepted_t
        left_per_d = left_t / settings.review_d
        yard.offcut_per_d += yard.offcut_step * (left_per_d - yard.offcut_per_d)
        for w in range(yard.first_worn, yard.end_worn):
            served_t = uses[worn[w].use].served_t
            model.delivered[settings.cohort, w] += served_t
            yard.young_per_d += worn[w].young * served_t
