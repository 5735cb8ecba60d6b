"""What each record is for: the part of the model that reads it, in words.

`tests/world/test_records_used.py` holds these words to what a world really reads.
"""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from monazite.evidence.chain import Chain
from monazite.evidence.record import Record, records_in

_MARKET = "how prices, bids and habits move in the market of this chain, before the general record"

CHAIN_FEEDS = {
    "products.*.price": "the price at the start, from which all prices move; what a stockpile pays",
    "products.*.cover": "the stock that users and processors hold at the start and order up to",
    "products.*.cover_in.*": "the stock that users of this region hold and order up to",
    "products.*.accessible": "how much of the outside trade a stockpile may buy in a year",
    "products.*.usable_share": "which part of a released stock fits what its users lack",
    "processes.*.needs.*": "how much of the input each maker takes for a tonne; the balance",
    "processes.*.opex.*": "which part of the plants of today idles; none of a by-product does",
    "processes.*.scrap.end_of_life": "which part of its scrap falls with past use, not with making",
    "processes.*.scrap.recovered": "what a programme adds for each tonne that it collects",
    "processes.*.scrap.delay": "how late scrap of makers follows their output",
    "sectors.*.life": "when what was delivered becomes scrap",
    "sectors.*.life_shape": "how far lives spread around their mean",
    "makers.*.output": "output at the start, before it is balanced; over the utilisation, capacity",
    "makers.*.utilisation": "capacity: output over utilisation, where none is reported",
    "makers.*.capacity": "capacity of the maker",
    "sectors.*.elasticity": "how far use falls when the price rises: what is curtailed",
    "sectors.*.ceiling": "the most that substitution can take over",
    "sectors.*.lag": "how fast substitution rises and falls back",
    "sectors.*.adjustment": "over which time users smooth the price that they answer to",
    "sectors.*.value_added": "value added at risk for each tonne not served",
    "sectors.*.cover": "the stock that the tier holds for itself",
    "sectors.*.growth.*": "use in later years, where the scenario lets it grow",
    "use.*.total": "use of the region at the start, before it is balanced",
    "use.*.split.*": "which sectors the use of the region is for",
    "leads.*": "days under way on the routes that name it; what is in the pipeline at the start",
    "routes.*.share": "which part of the buyer's need comes this way at the start",
    "market.*": _MARKET,
}
"""By path below the chain."""

BEHAVIOUR_FEEDS = {
    "adjustment_time": "how fast orders close a gap in stock",
    "price_time": "how fast prices move",
    "price_cover_elasticity": "how far prices rise when stocks fall",
    "price_tightness_elasticity": "how far prices rise when capacity is used up",
    "price_floor_factor": "the lowest price",
    "price_cap_factor": "the highest price",
    "supplier_price_elasticity": "how strongly buyers turn to the cheaper supplier",
    "share_time": "how fast habits of buyers change",
    "default_weight_own": "how readily buyers turn to a new supplier of their own region",
    "default_weight_bloc": "how readily buyers turn to a new supplier of their bloc",
    "default_weight_other": "how readily buyers turn to any other new supplier",
    "home_first": "how far a short maker serves its own region first",
    "rush_factor": "how far targets of an announced control raise the stock they order up to",
    "leverage_response": "how much rarer random controls become where dependence falls",
    "leverage_horizon": "how far stock takes dependence away, where random controls answer to it",
    "substitution_trigger": "the price from which substitution rises",
    "substitution_release_slowdown": "how much slower substitution falls back",
    "discount_rate": "what later money is worth: budgets and costs",
    "holding_cost": "the yearly cost of a stockpile",
    "selling_cost": "what is lost when a stock is sold; salvage at the end",
    "plant_life": "what a plant is still worth at the end",
    "mothball_after": "how long a project plant bears losses",
    "restart_time": "how late a mothballed plant comes back",
    "restart_cost": "the margin that a mothballed plant waits for",
    "restart_payback": "the margin that a mothballed plant waits for",
    "closure_after": "when a mothballed plant is lost for good",
    "incumbent_cost_spread": "how few plants of today idle at a given loss, where they may",
    "incumbent_least_margin": "how far a price falls before the first plant of today idles",
    "scrap_cover": "scrap in hand of recyclers at the start",
    "scrap_kept": "scrap that recyclers keep before it is lost",
    "outage_up": "how seldom plants fail",
    "outage_down": "how long plants that failed stand still",
    "experienced_odds_factor": "odds of failure of a project by an experienced operator",
    "learning_time": "how much quicker further plants of a kind are built, where `learning` is on",
    "learning_cost": "how much cheaper further plants of a kind are built, where `learning` is on",
    "stalled_for_permit": "reasons for which projects stall",
    "stalled_for_finance": "reasons for which projects stall",
    "stalled_for_market": "reasons for which projects stall",
    "stalled_for_technology": "reasons for which projects stall",
    "stalled_for_feedstock": "reasons for which projects stall",
    "ended_for_permit": "reasons for which projects end",
    "ended_for_finance": "reasons for which projects end",
    "ended_for_market": "reasons for which projects end",
    "ended_for_technology": "reasons for which projects end",
    "ended_for_feedstock": "reasons for which projects end",
}

PHASES_FEED = "projects of this class in a scenario, for what the scenario does not state itself"
RATES_FEED = "random controls on chains of this class, for rates that the scenario does not state"
LEAKAGE_FEED = "leakage of controls on chains of this class, where the scenario states no share"
LEAKAGE = ("leakage_country", "leakage_world")
RATES = ("calm_rate", "tense_rate", "to_tense", "to_calm")

_STATED = (
    "no rule reads it: a scenario states this for each of its controls, and this is the range "
    "that the record of controls supports"
)
WAITING = {
    "behaviour.heavy_thrift": "no rule reads it yet: thrift of Dy and Tb in magnets",
    "behaviour.heavy_thrift_lag": "no rule reads it yet: thrift of Dy and Tb in magnets",
    "hazard.*.hits": _STATED,
    "hazard.*.severity": _STATED,
    "hazard.*.allowed": _STATED,
    "hazard.*.duration": _STATED,
    "hazard.*.licence_wait": _STATED,
    "hazard.*.licence_approval": _STATED,
}
"""Records that are kept although no rule reads them, by pattern, each with the reason."""


def feeds(name: str) -> str | None:
    """Return what a record is for; None where nothing in the model reads it.

    >>> feeds("ndfeb.makers.magnet_making.japan.utilisation")
    'capacity: output over utilisation, where none is reported'
    >>> feeds("behaviour.heavy_thrift") is None
    True
    """
    first, _, rest = name.partition(".")
    match first:
        case "behaviour":
            return BEHAVIOUR_FEEDS.get(rest)
        case "phases":
            return PHASES_FEED
        case "hazard":
            last = rest.rpartition(".")[2]
            if last in LEAKAGE:
                return LEAKAGE_FEED
            return RATES_FEED if last in RATES else None
        case _:
            found = (what for path, what in CHAIN_FEEDS.items() if fnmatchcase(rest, path))
            return next(found, None)


def waits_for(name: str) -> str | None:
    """Return why a record is kept that nothing reads, None where no reason is stated.

    >>> waits_for("behaviour.heavy_thrift")
    'no rule reads it yet: thrift of Dy and Tb in magnets'
    """
    return next((why for path, why in WAITING.items() if fnmatchcase(name, path)), None)


def used_nowhere(names: Iterable[str]) -> list[str]:
    """Return the records that nothing reads and that nothing is stated for.

    >>> used_nowhere(["behaviour.price_time", "behaviour.price_of_tea"])
    ['behaviour.price_of_tea']
    """
    return [name for name in names if feeds(name) is None and waits_for(name) is None]


def idle_in(chain: Chain) -> list[str]:
    """Return the records of a chain that nothing else in it refers to, so that no world reads them.

    Such as a lead time that no route to a user names, a sector that no region uses, or a share of
    a route that ends where nobody needs the product.
    """
    return [*_idle_leads(chain), *_idle_sectors(chain), *_idle_routes(chain), *_idle_cover(chain)]


def _idle_leads(chain: Chain) -> list[str]:
    holders = {product: set(_holders(chain, product)) for product in chain.products}
    named = {route.lead for route in chain.routes if route.buyer in holders[route.product]}
    return [record.name for lead, record in chain.leads.items() if lead not in named]


def _idle_sectors(chain: Chain) -> Iterator[str]:
    """Yield the records of sectors that no region uses, and cover that no region holds."""
    used = {s for use in chain.use.values() for s in (*use.split, use.remainder)}
    held = {cover.name for region in chain.use for cover in _own_covers(chain, region)[:1]}
    for name, sector in chain.sectors.items():
        if name not in used:
            yield from records_in(sector)
        elif sector.cover is not None and sector.cover.name not in held:
            yield sector.cover.name


def _own_covers(chain: Chain, region: str) -> list[Record]:
    """Return the tier's own stocks in a region; a world takes the first."""
    use = chain.use[region]
    sectors = (chain.sectors[name] for name in (*use.split, use.remainder))
    return [sector.cover for sector in sectors if sector.cover is not None]


def _idle_routes(chain: Chain) -> Iterator[str]:
    makes = {(chain.processes[m.process].makes, m.region) for m in chain.makers}
    holders = {product: set(_holders(chain, product)) for product in chain.products}
    for route in chain.routes:
        no_seller = (route.product, route.seller) not in makes
        if route.share is not None and (no_seller or route.buyer not in holders[route.product]):
            yield route.share.name


def _idle_cover(chain: Chain) -> Iterator[str]:
    for name, product in chain.products.items():
        holders = set(_holders(chain, name))
        yield from (r.name for region, r in product.cover_in.items() if region not in holders)
        if holders and holders <= set(product.cover_in):
            yield product.cover.name


def _holders(chain: Chain, product: str) -> Iterator[str]:
    """Yield the regions that process or use a product, and so hold a stock of it."""
    for maker in chain.makers:
        if product in chain.processes[maker.process].needs:
            yield maker.region
    for region, use in chain.use.items():
        if any(chain.sectors[s].product == product for s in (*use.split, use.remainder)):
            yield region
