"""For every key of a disruption and of an instrument, an edit that must change some number.

A line for each key, sorted: the path of the key without numbers and names, and what is set, as
`--set` takes it, with the name of the control or instrument for the path to it. Several are set
together with `;`. The files are `tests/data/scenario/every-*.yaml`.
"""

from typing import Final

WORDS: Final = ("name", "title")
"""Keys that hold words for a reader, under whatever part."""

DISRUPTIONS: Final = {
    "behaviour.leverage.depth": "behaviour.leverage.depth=3",
    "behaviour.leverage.horizon": "behaviour.leverage.horizon=5 days",
    "behaviour.leverage.response": "behaviour.leverage.response=4",
    "outages": "outages=false",
    "procurement": "procurement=false",
    "random.allowed": "packages.allowed=60 %",
    "random.calm_rate": "packages.calm_rate=6 per year",
    "random.controller": "packages.controller=china",
    "random.duration": "packages.duration=200 days",
    "random.escalation.after": "paper.escalation.0.after=[paper]",
    "random.escalation.factor": "paper.escalation.0.factor=3",
    "random.escalation.lasts": "paper.escalation.0.lasts=200 days",
    "random.form": "packages.form=ban; packages.allowed=null",
    "random.hits": "packages.hits=10 %",
    "random.leakage.delay": "packages.leakage.delay=50 days",
    "random.leakage.premium": "packages.leakage.premium=90 %",
    "random.leakage.share": "packages.leakage.share=null",
    "random.licence.approval": "paper.licence.approval=20 %",
    "random.licence.wait": "paper.licence.wait=90 days",
    "random.scopes.products": "packages.scopes.0.products=[part, ore]",
    "random.scopes.targets": "packages.scopes.0.targets=[all]",
    "random.scopes.weight": "packages.scopes.0.weight=0",
    "random.starts": "packages.starts=calm",
    "random.tense_rate": "packages.tense_rate=1 per year",
    "random.to_calm": "packages.to_calm=20 per year",
    "random.to_tense": "packages.to_tense=0.1 per year",
    "scheduled.after": "new-reply.after=new-ban",
    "scheduled.allowed": "new-quota.allowed=80 %",
    "scheduled.allowed_t_per_yr": "new-tonnes.allowed_t_per_yr=1 t/yr",
    "scheduled.announced": "new-quota.announced=null",
    "scheduled.chance": "new-quota.chance=0",
    "scheduled.controller": "new-quota.controller=japan",
    "scheduled.delay": "new-quota.delay=60 days",
    "scheduled.duration": "new-quota.duration=200 days",
    "scheduled.eases.after": "new-licences.eases.after=100 days",
    "scheduled.eases.allowed": "new-ban.eases.allowed=90 %",
    "scheduled.eases.allowed_t_per_yr": "new-tonnes.eases.allowed_t_per_yr=12 t/yr",
    "scheduled.eases.form": "new-ban.eases.form=licensing; new-ban.eases.allowed=null; "
    "new-ban.eases.licence={wait: 9 days, approval: 1}",
    "scheduled.eases.from": "new-tonnes.eases.from=2027-06-01",
    "scheduled.eases.licence.approval": "new-licences.eases.licence.approval=100 %",
    "scheduled.eases.licence.wait": "new-licences.eases.licence.wait=5 days",
    "scheduled.exempt": "new-licences.exempt=null",
    "scheduled.form": "new-quota.form=ban; new-quota.allowed=null",
    "scheduled.leakage.delay": "new-quota.leakage.delay=20 days",
    "scheduled.leakage.premium": "new-quota.leakage.premium=90 %",
    "scheduled.leakage.share": "new-quota.leakage.share=90 %",
    "scheduled.licence.approval": "new-licences.licence.approval=10 %",
    "scheduled.licence.wait": "new-licences.licence.wait=90 days",
    "scheduled.products": "new-quota.products=[part, ore]",
    "scheduled.start": "new-quota.start=2026-04-01",
    "scheduled.suspended.from": "new-quota.suspended.0.from=2026-07-01",
    "scheduled.suspended.until": "new-quota.suspended.0.until=2026-10-01",
    "scheduled.targets": "new-quota.targets=[allies]",
    "standing.allowed": "old-quota.allowed=80 %",
    "standing.allowed_t_per_yr": "old-tonnes.allowed_t_per_yr=0.5 t/yr",
    "standing.chance": "old-quota.chance=0",
    "standing.controller": "old-quota.controller=china",
    "standing.delay": "old-quota.delay=20 days",
    "standing.duration": "old-quota.duration=200 days",
    "standing.eases.after": "old-licences.eases.after=100 days",
    "standing.eases.allowed": "old-ban.eases.allowed=90 %",
    "standing.eases.allowed_t_per_yr": "old-tonnes.eases.allowed_t_per_yr=1.5 t/yr",
    "standing.eases.form": "old-ban.eases.form=licensing; old-ban.eases.allowed=null; "
    "old-ban.eases.licence={wait: 9 days, approval: 1}",
    "standing.eases.from": "old-tonnes.eases.from=2027-06-01",
    "standing.eases.licence.approval": "old-licences.eases.licence.approval=100 %",
    "standing.eases.licence.wait": "old-licences.eases.licence.wait=5 days",
    "standing.exempt": "old-licences.exempt=null",
    "standing.form": "old-quota.form=ban; old-quota.allowed=null",
    "standing.in_force_at_start": "old-licences.in_force_at_start=false",
    "standing.leakage.delay": "old-quota.leakage.delay=20 days",
    "standing.leakage.premium": "old-quota.leakage.premium=90 %",
    "standing.leakage.share": "old-quota.leakage.share=90 %",
    "standing.licence.approval": "old-licences.licence.approval=10 %",
    "standing.licence.wait": "old-licences.licence.wait=90 days",
    "standing.products": "old-licences.products=[part, ore]",
    "standing.start": "old-quota.start=2025-12-01",
    "standing.suspended.from": "old-quota.suspended.0.from=2026-06-01",
    "standing.suspended.until": "old-quota.suspended.0.until=2026-09-01",
    "standing.targets": "old-quota.targets=[all]",
    "suppression.controller": "dumping.controller=japan",
    "suppression.depth": "dumping.depth=60 %",
    "suppression.duration": "dumping.duration=400 days",
    "suppression.product": "dumping.product=ore",
    "suppression.start": "dumping.start=2026-09-01",
    "suppression.when.milestone": "answer.when.milestone=commissioning",
    "suppression.when.project": "answer.when.project=other-yard",
    "suppression.when.rivals": "defence.when.rivals=90 %",
}
"""Under `disruptions`."""

PROJECT: Final = {
    "capacity": "capacity=30 t/yr",
    "capex": "capex=1e6 USD per t/yr",
    "commissioning": "commissioning=90 days",
    "construction": "construction=200 days",
    "experienced": "experienced=true",
    "financing": "financing=90 days",
    "kind": "kind=light_mine",
    "opex": "opex=120 USD/kg",
    "permitting": "permitting=90 days",
    "public_share": "public_share=60 %",
    "qualification": "qualification=300 days",
    "ramp": "ramp=300 days",
    "region": "region=china",
    "start": "start=2026-08-01",
    "support.per_kg": "support.per_kg=1 USD/kg",
    "support.years": "support.years=1 year",
}
"""Of any project, without the name of one."""

INSTRUMENTS: Final = {
    **{f"project.{key}": f"works.{edit}" for key, edit in PROJECT.items()},
    "project.kind": "works.kind=light_mine; works-floor.product=ore",
    "floor.budget": "works-floor.budget=1000 USD",
    "floor.cap": "works-floor.cap=2 t/yr",
    "floor.plants": "works-floor.plants=[yard]; yard-floor.regions=[japan]",
    "floor.product": "works.kind=light_mine; works-floor.product=ore",
    "floor.reference": "works-floor.reference=china",
    "floor.regions": "works-floor.plants=[yard]; yard-floor.regions=[japan]",
    "floor.start": "works-floor.start=2028-01-01",
    "floor.strike": "works-floor.strike=150 USD/kg",
    "floor.term": "works-floor.term=2 years",
    "floor.upside_share": "works-floor.upside_share=10 %",
    "stockpile.accessible_share": "parts.accessible_share=1 %",
    "stockpile.budget": "parts.budget=100000 USD",
    "stockpile.buy_from": "parts.buy_from=outside",
    "stockpile.holding": "parts.holding=10 % per year",
    "stockpile.owner": "parts.owner=allies",
    "stockpile.pace": "parts.pace=10 t/yr",
    "stockpile.place": "parts.place=china",
    "stockpile.price_ceiling": "parts.price_ceiling=1",
    "stockpile.product": "parts.product=ore",
    "stockpile.refill": "parts.refill=false",
    "stockpile.release.declared.from": "emergency.release.declared.0.from=2027-12-01",
    "stockpile.release.declared.until": "emergency.release.declared.0.until=2027-12-01",
    "stockpile.release.level": "parts.release.level=0.5",
    "stockpile.release.rate": "parts.release.rate=5 t/yr",
    "stockpile.release.tiers": "parts.release.tiers=[1, 2]",
    "stockpile.release.trigger": "parts.release.trigger=shortfall; parts.release.level=null",
    "stockpile.start": "parts.start=2026-08-01",
    "stockpile.target": "parts.target=20 t",
    "stockpile.until": "parts.until=2026-09-01",
    "stockpile.usable_share": "parts.usable_share=40 %",
    "tariff.from": "toll.from=[australia]",
    "tariff.products": "toll.products=[ore]",
    "tariff.rate": "toll.rate=40 %",
    "tariff.start": "toll.start=2027-02-01",
    "tariff.to": "toll.to=[united_states]",
    "tariff.until": "toll.until=2028-02-01",
}
"""Under `instruments` of a strategy."""

TRADE: Final = {
    "tariffs.from": "border.from=[china]",
    "tariffs.products": "border.products=[part]",
    "tariffs.rate": "border.rate=40 %",
    "tariffs.start": "border.start=2027-02-01",
    "tariffs.to": "border.to=[united_states]",
    "tariffs.until": "border.until=2028-02-01",
}

UNDER_WAY: Final = {key: f"yard.{edit}" for key, edit in PROJECT.items()} | {
    "kind": "yard.kind=light_mine; yard-floor.product=ore",
    "region": "yard.region=china; yard-floor.regions=[china]",
}
"""Under `under_way`."""

REFUSED: Final = {
    "disruptions.standing.after": (
        "old-quota.after=new-quota",
        "put it under 'scheduled'",
    ),
    "disruptions.standing.announced": (
        "old-quota.announced=30 days",
        "in force already when the run starts",
    ),
    "under_way.public_share": ("yard.public_share=60 %", "is taken from no budget"),
}
"""Keys that their place refuses: an edit, and words of the message."""

DEBTS: Final[dict[str, str]] = {}
"""Keys that change nothing yet, and why; each entry fails once its key does."""
