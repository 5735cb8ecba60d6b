"""The tables that the rules read and write.

Each thing of the model (pool, route, maker, use, ...) is a row of a structured array;
constants of the world and the running state stand side by side in the row. One layout
serves chains of any size, so the rules are compiled once. Tonnes, days, USD; rates are
per day unless the name says otherwise.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monazite.rules.addressed import Addressed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[np.uint64]
"""Row numbers. Unsigned, as are those in the tables: an index below 0 need not be looked for."""

Table = Any
"""A structured array of one of the types below; numba knows its fields, mypy does not."""

Row = Any
"""One row of such an array."""

OPEN, TIER1, STRATEGIC = 0, 1, 2
"""Kinds of pool: open to all, a tier-1 user's own, a strategic stockpile."""

BAN, QUOTA, LICENSING = 0, 1, 2
"""Forms of control."""

NEVER, SHORTFALL, COVER, PRICE, CONTROL, DECLARED = 0, 1, 2, 3, 4, 5
"""Triggers of a release."""

BY_NEED, BY_FEES, BY_RANK = 0, 1, 2
"""How owners share what does not reach for all."""

ALONE, BY_PRIORITY, BY_GAP, BY_COVER, BY_HERFINDAHL, ALIKE = 0, 1, 2, 3, 4, 5
"""What a strategy buys next where it has several stockpiles and not the money for all."""

WORKING, MOTHBALLED, CLOSED = 0, 1, 2
"""States of a plant once it is there."""

F, I, U = "f8", "i4", "u4"  # noqa: E741

POOL = np.dtype(
    [
        ("product", U), ("region", U), ("kind", I),
        ("first_route", U), ("end_route", U),  # those that can be used in this run
        ("stockpile", I),
        ("live", I), ("stuck", I),  # ordering in this class; no open route with room is left
        ("area", U),             # market area of its region for its product
        ("depth", I),            # of origin rules: 0 none, 1 last step, 2 every step
        ("cover_d", F),          # target stock in days of reference use
        ("obliged_d", F),        # days beyond that which holders must keep now
        ("rush", F),             # multiple of that ahead of an announced control, else 1
        ("use_per_d", F),        # reference use now, growth and added plants included
        ("slope_per_d", F),      # growth of the reference use [t/d per d]
        ("extra_per_d", F),      # stock building that growth asks for downstream [t/d]
        ("planned_per_d", F),    # planned use of plants added since the start
        ("lead_d", F),           # mean lead time at today's habitual shares
        ("queue_d", F),          # mean licence wait at today's habitual shares
        ("free", F),             # part of habitual shares that needs no licence
        ("stock_t", F), ("clean_t", F),      # in hand; the part no tier is barred from
        ("way_t", F), ("queued_t", F),       # shipped and under way; waiting for a licence
        ("demand_t", F), ("first_t", F),     # final demand now; that of tier 1
        ("want_t", F),           # input that makers in the region want now
        ("taken_t", F),          # input that accepted orders take now
        ("bid_use_t", F), ("bid_gap_t", F),  # bids: current use; rebuilding and growth
        ("bid_t", F),            # both, applications for licences included
        ("applied_t", F),        # those applications
        ("left_t", F),           # part of the bid of one class not yet accepted
        ("unserved_use_t", F), ("unserved_gap_t", F),
        ("tier_t", F, 3),        # what users of each tier still lack here; then the part served
        ("pull_t", F),           # what makers could take from this pool now
        ("mix", F),              # clean share of what is not reserved for tier 1
        ("reserved_t", F),       # clean input that tier-1 orders take
        ("offered_t", F), ("drawn_t", F),    # strategic input offered here, drawn here
        ("offered_clean_t", F),  # of what is offered, the part no tier is barred from
        ("apart_t", F),          # of what is drawn, clean input for tier-1 orders
        ("before_t", F), ("used_t", F),      # content before the review; drawn by users
        ("sold_t", F),           # what strategic stocks sold here
        ("sent_t", F),           # shipped here
        ("landed", F),           # pull of the price here on sellers of other areas
    ],
    align=True,
)  # fmt: skip

ROUTE = np.dtype(
    [
        ("maker", "u2"), ("pool", "u2"),
        ("home", "u1"),          # seller and buyer share a region
        ("barred", "u1"),        # the buyer may not use this origin
        ("licensed", "u1"),      # a licence regime holds
        ("order_t", F),          # in the round of orders at hand
        ("share", F),            # habitual share now
        ("habit", F),            # what the buyer's shares drift toward
        ("pull", F),             # where orders go that find their habitual seller closed
        ("open_share", F), ("open_pull", F),  # both while it takes orders in this review, else 0
        ("lead_d", F),
    ],
    align=True,
)  # fmt: skip
"""Who sells to whom. Of 64 bytes on purpose: the rounds of orders go over it again and again."""

LANE = np.dtype(
    [
        ("licence", I),          # row of its queue, or -1
        ("weight", F),           # calibrated weight of the incumbents in this buyer's habits
        ("newcomer", F),         # weight of a seller without history
        ("cut", F),              # least part that the caps of one round leave; 1 between rounds
        ("approval", F), ("wait_d", F), ("waiting_d", F),  # licence regime in force
        ("general", F),          # part of the reference flow that needs no licence of its own
        ("approved_t", F), ("approved_quarter_t", F),
        ("leaked", F),           # part of what is sent that comes round a cap; 0 between uses
    ],
    align=True,
)  # fmt: skip
"""What few rules ask of a route: the weight of its seller with its buyer, and licences."""

MAKER = np.dtype(
    [
        ("first_need", U), ("end_need", U), ("product", "u2"), ("region", "u2"),
        ("area", "u2"),          # market area of its region for its product
        ("controlled", "u1"),    # origin that some tier is barred from
        ("home_first", F),       # 0 shares alike with exports, 1 serves home first
        ("kept_first", F),       # the same, while the owner of a released stock is served
        ("capacity_per_d", F),   # incumbents now, outages off
        ("reference_per_d", F),  # incumbents now, nothing out of order
        ("start_per_d", F),      # incumbents at the start
        ("added_per_d", F),      # plants added since the start, running, qualified part
        ("capacity_t", F), ("room_t", F), ("clean_room_t", F),
        ("limit_t", F),          # what input would allow if capacity did not bind
        ("accepted_t", F), ("tier1_t", F), ("turned_t", F),
        ("takes", F, 2),         # 1 while it has room for any order; for one that must be clean
        ("asked_t", F, 2),       # proposed at once by pools that take any origin; only clean ones
        ("orders_t", F, 2),      # of one round: from away, from home; then the parts served
        ("clean_share", F),
        ("pull", F), ("fresh", F),  # capacity behind habits: incumbents; plants added
        ("known_pull", F), ("known_fresh", F),  # both, as its routes were told last
        ("landed", F),           # pull of its price within its market area
        ("cost", F),             # cost through input prices, as a multiple of the start
        ("works", F), ("lost", F),  # parts of the incumbents: not idle; closed for good
        ("cheapest_usd_per_t", F),  # opex of the cheapest of them, and how far the dearest
        ("spread_usd_per_t", F),    # lies above; 0 where they do not answer to the price
    ],
    align=True,
)  # fmt: skip
"""Who makes what. Of 256 bytes, which rows are found by sooner than by other sizes."""

NEED = np.dtype(
    [
        ("maker", U), ("pool", U), ("input_per_t", F), ("cost_share", F),
        ("reach", F),            # output that a tonne in the pool gives this maker, others beside
    ]
)  # fmt: skip

USE = np.dtype(
    [
        ("pool", U), ("open_pool", U), ("tier", I), ("region", U), ("product", U),
        ("elasticity", F), ("ceiling", F), ("rise", F), ("fall", F), ("smooth", F),
        ("reference_t", F), ("log_price", F), ("substituted", F),
        ("spared", F),           # substituted share of what was wanted in this review
        ("alike", U), ("kept", F),  # use before it that answers alike, or itself; part that
                                 # the price leaves
        ("demand_t", F), ("served_t", F), ("released_t", F), ("short_t", F),
        ("thrift", I),           # row of the programme that it takes part in, or -1
        ("quick", F),            # its rise under that programme
    ],
    align=True,
)  # fmt: skip

CONTROL_ROW = np.dtype(
    [
        ("active", I), ("form", I), ("first", U), ("end", U), ("controller", I),
        ("capped", I),           # whether it cut the reach of prices in the last review
        ("allowed", F), ("allowed_per_d", F),  # share of reference; tonnage, or -1
        ("leak", F), ("premium", F),           # part of what it stops that comes round; at what
        ("wait_d", F), ("wait_row", U),        # mean licence time; first row of those drawn
        ("office", I), ("shipment_t", F),      # row of its desks, or -1; size of an application
        ("general", I),                        # whether it gives general licences
        ("direct_t", F),                       # what may pass in this review, none round it
        ("most_t", F), ("room_t", F),          # with what comes round; what of it still may
        ("scale", F), ("product", I),
        ("next_cap", I),         # next cap in force on the same product, or -1
    ],
    align=True,
)  # fmt: skip

GRANT = np.dtype([("approval", F), ("general", F)])
"""What a regime grants on one of its routes: part of applications; part that needs none."""

STOCKPILE = np.dtype(
    [
        ("active", I), ("buying", I), ("pool", I), ("product", I), ("place", I),
        ("instrument", I), ("target_t", F), ("target_d", F),
        ("pace_per_d", F), ("accessible_per_d", F), ("ceiling", F),
        ("usable_share", F), ("usable_t", F), ("held_usd", F), ("holding_per_d", F),
        ("trigger", I), ("level", F), ("rate_per_d", F), ("tiers", I),
        ("declared", I),         # whether a declaration holds
        ("refill", I), ("peak_t", F), ("bid_t", F),
        ("called", I), ("releasing", I),  # whether its release rule holds, and there is some to use
        ("bought_t", F), ("drawn_t", F), ("final", I), ("has_released", I),
        ("contract_t", F), ("contract_usd", F),  # bought under offtakes; at their price
        ("claimed", I),          # whether owners have claims of different size or rank
        ("share_by", I),         # how they share what does not reach for all
        ("lends", I),            # whether what is drawn must be given back
        ("owed_t", F), ("owed_usd", F),      # lent, and what it cost
        ("due_t", F), ("back_t", F), ("returned_t", F),  # to be bought back; bid for it; bought
        ("loan_fee_per_d", F),   # on what is lent
        ("turn", I),             # priority among purchases, the least comes first
        ("herfindahl", F),       # concentration of output by region at the start
        ("score", F), ("need_usd", F), ("allot_usd", F),  # of purchases, where a rule sets it aside
        ("ageing_per_d", F), ("rotation", F),  # part whose time is over; cost of fresh for it
        ("lost_t", F), ("moved_t", F),       # spoilt; gone to other reserves or swapped
    ],
    align=True,
)  # fmt: skip

CLAIM = np.dtype(
    [
        ("right", F),            # part of the reserve that the owner may draw
        ("paid", F),             # what it counts for where shares go by fees
        ("rank", F),
        ("fee_per_d", F),        # on its part of what the reserve cost
        ("reviews", I), ("at_end", I),       # to give back in; all at the end of them
        ("owed_t", F), ("due_t", F), ("drawn_t", F),
        ("lack_t", F), ("open_t", F), ("given_t", F), ("next_t", F),
    ],
    align=True,
)  # fmt: skip
"""What owners in one region may draw of one stockpile, and what they owe it."""

SWAP = np.dtype(
    [
        ("open", I), ("instrument", I), ("gives", U), ("takes", U),
        ("left_t", F), ("ratio", F), ("freight_usd_per_t", F),
        ("slot", I), ("late", F),            # whole reviews on the way; part that comes one later
    ],
    align=True,
)  # fmt: skip

OBLIGATION = np.dtype(
    [
        ("active", I), ("pool", U), ("instrument", I),
        ("days", F), ("first_d", F), ("phase_d", F), ("now_d", F),
        ("trigger", I), ("declared", I),     # what lets holders run it down
        ("holding_per_d", F), ("public_share", F),
    ],
    align=True,
)  # fmt: skip

PROJECT = np.dtype(
    [
        ("maker", I), ("instrument", I), ("on", I),
        ("nameplate_per_d", F), ("plateau", F),
        ("output_d", F), ("ramp_d", F), ("qualified_d", F), ("qualify_d", F),
        ("opex_usd_per_t", F), ("support_usd_per_t", F), ("support_until_d", F),
        ("capacity_per_d", F), ("made_t", F), ("running", I), ("pay_usd_per_t", F),
        ("state", I),            # working, mothballed or closed
        ("loss_d", F), ("good_d", F), ("idle_d", F),  # in loss; covered again; mothballed
        ("restart_usd_per_t", F),  # margin that pays for a restart
        ("floor", I),            # row of the floor that covers it, or -1
        ("floor_usd_per_t", F),  # what that pays on a tonne, below 0 what it takes
        ("floor_part", F),       # part of the output that counts on it
        ("contract_t", F),       # of what was made, what an offtake takes into a stockpile
        ("margin_usd_per_t", F),  # what price, floor and support leave over its cost
        ("repaid", I),           # whether public money in it is to come back
        ("loan_usd_per_d", F),   # level payments, and the days on which they are due
        ("loan_first_d", F), ("loan_until_d", F),
        ("paid_back_usd", F),    # so far
        ("equity", F),           # public part of what it earns
        ("credit_usd_per_t", F), ("programme", I),  # of recycling: pays so much; its instrument
    ],
    align=True,
)  # fmt: skip

FLOOR = np.dtype(
    [
        ("active", I), ("open", I), ("instrument", I), ("product", I),
        ("reference", I),        # region whose price counts, or -1 for that of each plant
        ("strike_usd_per_t", F), ("upside", F), ("cap_per_d", F),
        ("first_d", F), ("until_d", F),
        ("could_per_d", F),      # what its plants could make, incumbents included
        ("offtake", I),          # a volume that is taken, its plants first
        ("stockpile", I),        # that takes what the market leaves of it, or -1
        ("take_or_pay", F),      # part that is paid also where it is not taken
        ("stockpiled", I),       # 1 where what goes into strategic stock counts as sold
        ("border", I),           # row of the tariffs that lifts imports to the strike, or -1
        ("incumbents", I),       # 1 where it covers the incumbents of its regions too
    ],
    align=True,
)  # fmt: skip

TARIFF = np.dtype([("instrument", I)])
"""A duty at some border; `instrument` -1 where no strategy levies it."""

DUTY = np.dtype([("rate", F), ("preference", F)])
"""All duties in force on a route, as a part of the price; what they leave of its pull."""

BORDER = np.dtype(
    [
        ("paid", F), ("used", F),  # by users now: duty on what they use, and use [t/d]
        ("log", F),              # what duties add to the log price
    ]
)  # fmt: skip
"""What duties do to the price of one product in one region."""

HOLD = 1e300
"""Stands for a price that nothing moves."""

INSTRUMENT = np.dtype(
    [("left_pv_usd", F), ("spent_usd", F), ("recovered_usd", F), ("private_usd", F)]
)

THRIFT = np.dtype(
    [
        ("active", I), ("open", I), ("instrument", I),
        ("first_d", F), ("until_d", F), ("cost_usd_per_d", F),
        ("more", F), ("log_trigger", F),  # what it adds to ceilings; log price from which it acts
    ],
    align=True,
)  # fmt: skip

SWITCH = np.dtype([("of", U), ("to", U), ("ratio", F)])
"""A use whose substituted tonnes are needed, times the ratio, by another use."""

YARD = np.dtype(
    [
        ("maker", U),            # recycler that works up what lies here
        ("product", U),          # what it makes
        ("first_worn", U), ("end_worn", U),      # rows of what wears out
        ("first_offcut", U), ("end_offcut", U),  # rows of what makers leave
        ("collection", F), ("collection_now", F),  # part of worn-out goods collected: start, now
        ("goal", F), ("first_d", F), ("rise_d", F),  # what a programme reaches, from when, how soon
        ("programme", I),        # its instrument, or -1
        ("cost_usd_per_t", F), ("credit_usd_per_t", F),  # for what it adds; to plants that recycle
        ("low_per_d", F), ("high_per_d", F),     # worn out at the borders of this cohort
        ("young_per_d", F),      # worn out of what this cohort delivered
        ("worn_per_d", F),       # all that wears out now
        ("offcut_per_d", F), ("offcut_step", F),  # manufacturing scrap that comes in; its delay
        ("hand_t", F), ("asked_usd", F),
        ("most_d", F),           # what may lie here, in days of capacity
        ("start_per_d", F),      # flow of scrap at the start
        ("part_start", F), ("part", F),  # part of the product's supply: at the start, now
        ("grown", F),            # growth of the recycler, had its scrap grown with its product
        ("collected_t", F), ("offcut_t", F), ("lost_t", F),  # of this review, for the books
    ],
    align=True,
)  # fmt: skip
"""Scrap in hand of one recycler, in tonnes of what can be made of it."""

WORN = np.dtype([("use", U), ("life", U), ("recovered", F), ("young", F)], align=True)
"""A use whose goods wear out: its row of lives, what can be made of a tonne, and of new goods."""

OFFCUT = np.dtype([("maker", U), ("part", F)], align=True)
"""A maker that leaves scrap, and how much can be made of it for a tonne of its output."""

MARKET = np.dtype(
    [
        ("there_t", F), ("normal_t", F),      # stock and under way; what is normal of both
        ("bids_t", F), ("bids_ref", F),       # bid for in this review; by reference [t/d]
        ("reach", F), ("reach_ref", F),       # what sellers in reach can make now; by reference
        ("cost", F), ("weight", F),           # reference flows, weighted by cost and bare
        ("target", F),                        # log price that this tends to
    ],
    align=True,
)  # fmt: skip
"""What the price of one product depends on in one market area; used for one after another."""

PRODUCT = np.dtype(
    [
        ("price_step", F), ("share_step", F),  # parts of their gaps closed in one review
        ("cover_power", F), ("tight_power", F), ("supplier_power", F),
        ("log_floor", F), ("log_cap", F),
        ("first_cap", I),        # first cap in force on it, or -1
    ],
    align=True,
)  # fmt: skip
"""How the market of one product moves; the products of a chain share their numbers."""

SETTINGS = np.dtype(
    [
        ("review_d", F), ("step_d", F), ("start_year", F),
        ("fresh", I),            # whether controls and rules may have changed since the last review
        ("close", F),            # part of a stock gap closed in one review
        ("log_trigger", F),
        ("discount_per_d", F),   # continuous rate
        ("pot_pv_usd", F),       # what is left of the strategy's budget
        ("promised_pv_usd", F),  # of it, what holding and this review's bids will take
        ("selling", I), ("ageing", I),       # whether stocks are sold; whether some do not keep
        ("buy_rule", I),         # what is bought next where money does not reach for all
        ("selling_cost", F), ("end_d", F), ("capped", I),  # whether caps hold
        ("released", I), ("offered", I),  # whether input is being released, now; when last offered
        ("mothball_d", F), ("restart_d", F), ("closure_d", F),  # what plants bear
        ("idling", I), ("idle_step", F), ("back_step", F), ("lost_step", F),  # of incumbents
        ("first_cap", I),        # first cap in force on the product at hand, or -1
        ("first_pool", U), ("end_pool", U),  # pools that order now
        ("offices", I), ("general", I), ("leaks", I),  # whether any office can be busy, any
                                 # general licence holds, anything may come round a control
        ("quarter", I), ("quarter_d", F),    # of approvals, and the days of it so far
        ("cohort", I), ("cohort_reviews", I),  # of deliveries that wear out; reviews in each
        ("fault", I), ("fault_pool", I), ("fault_t", F),  # review + 1 that broke mass balance
    ],
    align=True,
)  # fmt: skip

USE_BOOK = np.dtype(
    [
        ("reference_t", F), ("delivered_t", F), ("substituted_t", F), ("curtailed_t", F),
        ("shortfall_t", F), ("released_t", F), ("days_short_d", F),
        ("first_short_d", F), ("last_short_d", F),
    ],
    align=True,
)  # fmt: skip

MONEY_BOOK = np.dtype(
    [
        ("spent_usd", F), ("recovered_usd", F), ("spent_pv_usd", F), ("recovered_pv_usd", F),
        ("committed_usd", F),    # promised for good: phases in full, the rest as it is paid
        ("private_usd", F),      # what others put into the same things
    ],
    align=True,
)  # fmt: skip

SCRAP_BOOK = np.dtype(
    [("worn_t", F), ("collected_t", F), ("offcut_t", F), ("lost_t", F), ("scrap_t", F)]
)


@dataclass(frozen=True, eq=False)
class Model(Addressed):
    """World and state of one run; axes as in the row types above.

    P products (mines first), R regions, Y years, L slots, Q licence rows, K reviews.
    """

    settings: Table  # (1,)
    products: Table  # (P,)
    pools: Table
    routes: Table
    lanes: Table  # one for each route
    sent_t: Floats  # (X,) shipped in this review
    lead: Floats  # (X,) lead time in reviews
    allowed: Floats  # (X,) part of the reference flow that caps leave
    premium: Floats  # (X,) extra cost of what comes, as far as it comes round a cap
    makers: Table
    needs: Table
    uses: Table
    own_use: Rows  # uses that have a stock of their own
    open_use: Rows  # all others
    use_pool: Rows  # pools that those draw on
    controls: Table
    stockpiles: Table
    release_order: Rows  # (S,) those with the fewest owners first
    projects: Table
    floors: Table
    within: Ints  # (F, R) 1 for the regions of a floor
    tariffs: Table  # (T,)
    instruments: Table
    thrifts: Table
    switches: Table  # a use stands in `to` before it stands in `of`
    yards: Table  # sorted by maker
    worn: Table
    offcuts: Table
    pool_start: Rows  # (P + 1,) pools are sorted by product
    kind_start: Rows  # (3 P + 1,) and within a product by kind
    maker_start: Rows  # (P + 1,) makers are sorted by product too
    route_start: Rows  # (P + 1,) and routes
    tight: Ints  # (P,) classes of bids that found too little room last time, a bit each
    tariff_rate: Floats  # (T, X) part of the price that each takes now
    duties: Table  # (X,), or none without tariffs
    borders: Table  # (P, R)
    control_route: Rows  # routes of all controls, one run each
    claims: Table  # (S R,) of each region on each stockpile
    returns_t: Floats  # (S R, K + 1) planned returns by review; (0, 0) where nothing is lent
    obligations: Table
    swaps: Table
    grants: Table  # what licensing grants on each of those routes
    desk_d: Floats  # (offices, D) day on which each desk is free; inf where there is none
    entitled: Ints  # (S, R) 1 where the owner of a stockpile may draw
    offer_t: Floats  # (S, H) strategic input offered to a pool in this review
    way_t: Floats  # (H, L) arrivals by slot
    way_clean_t: Floats  # (H, L)
    way_more_t: Floats  # (S, L) usable beyond the share of what is bought; (0, L) without swaps
    queue_route: Rows  # (Q,) route of each queue
    queue_start: Rows  # (P + 1,) queues are sorted by product too
    queue_t: Floats  # (Q, L) approvals by slot
    wait_d: Floats  # (rows, K) licence times by application
    log_price: Floats  # (P, R) ln(price / reference)
    multiple: Floats  # (P, R) price / reference
    landed: Floats  # (P, R) what this price does to a seller's pull
    price_target: Floats  # (P, R) where it tends to
    pressed: Floats  # (P,) what sales below the price of others add to that, at most 0
    area: Ints  # (P, R) market area of a region, counted from 0 for each product
    markets: Table  # (R,) as many as there can be areas
    price_usd_per_t: Floats  # (P,) at the start
    made_from: Ints  # (P, P) 1 where the second is an input, at any step, of the first
    content: Floats  # (P, P) tonnes of the second in a tonne of the first, makers' mean
    under_control: Ints  # (P, R) 1 where a control holds against the region
    year_d: Floats  # (Y + 1,) borders of the tables below, days since the start
    demand_year: Floats  # (Y + 1, U) t/d
    use_year: Floats  # (Y + 1, H) t/d
    flow_year: Floats  # (Y + 1, X) t/d
    flow_per_d: Floats  # (K, X) the same in each review
    capacity_year: Floats  # (Y + 1, M) t/d
    extra_year: Floats  # (Y + 1, H) t/d of stock building
    plain_year: Floats  # (Y + 1, yards) growth of recyclers, had scrap grown with use
    past_year: Floats  # (C + 1, yards) what wears out of deliveries before the start [t/d]
    dies: Floats  # (lives, C) part of a delivery that wears out at each age, in cohorts
    delivered: Floats  # (C, worn) deliveries of each cohort since the start [t]
    up: Floats  # (K, M) part of each maker that is not out of order, by review
    curb: Floats  # (K, M) part of it, added plants included, that may run; no rows without curbs
    most_per_d: Floats  # (K, M) t/d that it may make; no rows either
    surge: Floats  # (K, U) demand over its reference path; no rows without surges


@dataclass(frozen=True, eq=False)
class Books(Addressed):
    """What is recorded, by time bin; filled once, at the end of a review."""

    edges_d: Floats  # (B + 1,)
    uses: Table  # (B, U)
    money: Table  # (B, I)
    shipped_t: Floats  # (B, X)
    leaked_t: Floats  # (B, X) of it, what came round a control
    made_t: Floats  # (B, M)
    stock_t: Floats  # (B, H)
    bought_t: Floats  # (B, S)
    drawn_t: Floats  # (B, S)
    price_d: Floats  # (B, P, R) price multiple x days
    at_bound_d: Floats  # (B, P)
    plant_state: Table  # (K, projects) state of each plant in each review
    scrap: Table  # (B, yards)
