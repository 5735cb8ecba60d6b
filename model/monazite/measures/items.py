"""What is measured, with unit and meaning, in the order of the result files."""

from dataclasses import dataclass

TIERS = ("1", "2", "3", "all")
ONSET = "control-in-force"
"""The kind of event whose first day starts the clock of the time to survive."""
ONSETS = (ONSET, "control-reimposed")
"""The kinds of event after which a control binds that did not before."""
LIFTED = "control-lifted"
"""The kind of event that ends a control."""
ENDS = (LIFTED, "control-suspended")
"""The kinds of event after which a control does not bind, for good or for a time."""
ANY = 1e-9
"""Less than this (a milligram, a nanodollar) is rounding and counts as none."""


@dataclass(frozen=True, slots=True)
class Item:
    """One measure: its stable name, its unit, and what it means."""

    name: str
    unit: str
    meaning: str


NEED = (
    ("reference", "gross need: demand at reference prices without substitution"),
    ("commercial", "of it delivered from commercial supply"),
    ("gap", "gross gap: reference less commercial"),
    ("substituted", "offset: not needed because of substitution"),
    ("curtailed", "offset: given up because of the price"),
    ("released", "offset: served from strategic stock; what it sells to the market is commercial"),
    ("shortfall", "net gap: wanted at the going price and not served"),
    ("not_served", "shortfall and curtailed together"),
    ("delivered", "from commercial and strategic stock together"),
)
LOST = (
    Item("value_added_lost", "USD", "shortfall times value added per tonne of the use"),
    Item("value_added_lost_not_served", "USD", "not served times value added per tonne"),
)
DAYS = Item("days_short", "d", "days on which the worst-hit use of the group went short")

YEARLY = (
    *(Item(name, "t", meaning) for name, meaning in NEED),
    *(Item(name, "USD", f"{meaning}; at reference prices") for name, meaning in NEED),
    *LOST,
    DAYS,
)
"""What is measured per group, tier and calendar year."""

HEADLINE = (
    *(Item(name, "t", meaning) for name, meaning in NEED),
    *LOST,
    DAYS,
    Item("shortfall_share", "share", "shortfall over reference"),
    Item("not_served_share", "share", "not served over reference"),
    Item("any_shortfall", "share", "1 where there was any shortfall, so its mean is a probability"),
    Item("worst_quarter", "t", "shortfall in the worst quarter"),
    Item("worst_quarter_share", "share", "highest shortfall over reference of any quarter"),
    Item(
        "time_to_survive",
        "d",
        "from the first control in force to the first shortfall; only where both happen",
    ),
    Item(
        "time_to_recover",
        "d",
        "from that shortfall to the last one before a whole quarter without, or to the end",
    ),
)
"""What is measured per group and tier over the whole run."""

COSTS = (
    Item("spent", "USD", "public outlay"),
    Item("recovered", "USD", "receipts"),
    Item("spent_discounted", "USD", "public outlay discounted to the start"),
    Item("recovered_discounted", "USD", "receipts discounted to the start"),
    Item("committed", "USD", "public money bound: phases in full as they begin, the rest as paid"),
    Item("private", "USD", "what others pay for what the instrument builds"),
)
"""What is measured per instrument and calendar year."""

MARKETS = ("home", "outside", "world")
"""Where prices are measured: in regions that control a product, in all others, and in both."""
BOUND = Item(
    "at_bound", "d", "days that any region's price spent at its floor or cap; in the world"
)
PRICES = (
    Item("volume_weighted", "USD/kg", "mean over what was shipped, at the price of its buyer"),
    Item("quote", "USD/kg", "mean over the year in the dearest region, as headlines quote it"),
    Item("peak", "USD/kg", "mean over the dearest quarter of any region"),
    BOUND,
)
"""What is measured per product, market and calendar year."""

WORLD = (
    Item(
        "first_control",
        "d",
        "days from the start to the first control that was not certain at the start; "
        "only where one comes",
    ),
    Item("days_under_control", "d", "days with any control in force that began after the start"),
)
"""What is measured of the controls of a world; the same for all strategies unless they answer."""

TOTALS = (
    Item("spent_discounted", "USD", "public outlay of all instruments, discounted"),
    Item("recovered_discounted", "USD", "receipts of all instruments, discounted"),
    Item("salvage_discounted", "USD", "worth at the end of what is left, discounted"),
)
"""What is measured once per run."""
