"""How markets, plants and governments behave: the records that are not of one chain."""

from collections.abc import Iterator, Mapping

from monazite.errors import SeedError
from monazite.evidence.chain import ByName
from monazite.evidence.record import (
    Days,
    Factor,
    Number,
    Rate,
    ShareOf,
    UsdPerKg,
    UsdPerTYr,
)
from monazite.evidence.seedfiles import name_records, override, part_of, seed_data
from monazite.scenario.hints import did_you_mean
from monazite.scenario.part import Part

BEHAVIOUR_FILES = ("behaviour", "phases", "hazard")


class Behaviour(Part):
    """How stocks, prices, shares and plants move."""

    adjustment_time: Days
    """Time over which a gap in stock or pipeline is closed by orders."""
    price_time: Days
    """Time constant of prices."""
    price_cover_elasticity: Number
    """How much the log price rises for a fall of the log of cover."""
    price_tightness_elasticity: Number
    """How much the log price rises for a rise of the log of utilisation."""
    price_floor_factor: Factor
    """Lowest price, as a multiple of the reference."""
    price_cap_factor: Factor
    """Highest price, as a multiple of the reference."""
    supplier_price_elasticity: Number
    """How strongly buyers move to the cheaper supplier."""
    share_time: Days
    """Time constant of habitual shares of suppliers."""
    default_weight_own: Number
    """Preference for a new supplier of the own region, against a habitual one at 1."""
    default_weight_bloc: Number
    """Preference for a new supplier of the own bloc."""
    default_weight_other: Number
    """Preference for any other new supplier."""
    home_first: ShareOf
    """How far a short dominant producer serves itself first, 0 to 1."""
    substitution_trigger: Factor
    """Price multiple above which substitution rises."""
    substitution_release_slowdown: Factor
    """How many times slower substitution falls back than it rises."""
    heavy_thrift: ShareOf
    """Part of the Dy and Tb in a magnet that thrift can remove."""
    heavy_thrift_lag: Days
    """Time constant of that thrift."""
    rush_factor: Factor
    """Multiple of the target stock that importers order up to before an announced control; the
    record is of exports in those weeks."""
    leverage_response: Number
    """Change of the log of the hazard of controls for a change of weighted dependence by 1."""
    leverage_horizon: Days
    """Time that a stock must last to do away with dependence."""
    discount_rate: Rate
    """Real discount rate of public money."""
    holding_cost: Rate
    """Yearly cost of a stock over its value, without the cost of capital."""
    selling_cost: ShareOf
    """Part of the value lost when a stock is sold."""
    plant_life: Days
    """Life over which a plant is written off."""
    mothball_after: Days
    """How long a plant that loses on every tonne works on before it is mothballed."""
    restart_time: Days
    """How long the price must have covered all costs before a mothballed plant works again."""
    restart_cost: ShareOf
    """Cost of a restart, as a part of the capital cost."""
    restart_payback: Days
    """Time in which the margin must pay for a restart."""
    closure_after: Days
    """How long a plant stays mothballed before it is closed for good."""
    incumbent_cost_spread: ShareOf
    """Half the width over which the costs of one maker's plants spread, over their mean."""
    incumbent_least_margin: ShareOf
    """What the dearest plant that works at the start earns, over the price."""
    scrap_cover: Days
    """Scrap that recyclers hold, in days of what they work up."""
    scrap_kept: Days
    """The most scrap that they keep, in days of capacity; what comes beyond is lost."""
    outage_up: Days
    """Mean time between outages of a plant."""
    outage_down: Days
    """Mean length of an outage."""
    experienced_odds_factor: Factor
    """By what an experienced operator's odds of failure are multiplied."""
    learning_time: ShareOf
    """Part of the construction time that a doubling of plants alike takes away."""
    learning_cost: ShareOf
    """Part of the capital cost that a doubling of plants alike takes away."""
    stalled_for_permit: ShareOf
    """Weight of this among the reasons for which a project stalls."""
    stalled_for_finance: ShareOf
    """Weight of this among the reasons for which a project stalls."""
    stalled_for_market: ShareOf
    """Weight of this among the reasons for which a project stalls."""
    stalled_for_technology: ShareOf
    """Weight of this among the reasons for which a project stalls."""
    stalled_for_feedstock: ShareOf
    """Weight of this among the reasons for which a project stalls."""
    ended_for_permit: ShareOf
    """Weight of this among the reasons for which a project ends."""
    ended_for_finance: ShareOf
    """Weight of this among the reasons for which a project ends."""
    ended_for_market: ShareOf
    """Weight of this among the reasons for which a project ends."""
    ended_for_technology: ShareOf
    """Weight of this among the reasons for which a project ends."""
    ended_for_feedstock: ShareOf
    """Weight of this among the reasons for which a project ends."""


class ReferenceClass(Part):
    """A kind of project, with what the record of real ones says of it."""

    title: str
    process: str
    permitting: Days
    financing: Days
    construction: Days
    commissioning: Days
    ramp: Days
    """From first output to 80 % of nameplate."""
    qualification: Days
    """From first output to the first customer's approval."""
    stall_chance: ShareOf
    """Chance to stop for a time before construction ends."""
    stall: Days
    """How long it stops."""
    cancel_chance: ShareOf
    """Chance never to produce."""
    never_chance: ShareOf
    """Chance to stay for ever below nameplate."""
    plateau: ShareOf
    """Part of nameplate that such a plant reaches."""
    capex: UsdPerTYr
    """Planned cost for each tonne a year of nameplate."""
    overrun: Factor
    """Final cost over planned cost."""
    development_share: ShareOf
    """Part of the cost that is spent before construction."""
    opex: UsdPerKg
    """Conversion cost, without inputs."""


class Phases(Part):
    """The reference classes of projects."""

    classes: ByName[ReferenceClass]

    def __getitem__(self, kind: str) -> ReferenceClass:
        """Return one reference class."""
        return self.classes[kind]


class Hazard(Part):
    """How often, how hard and how long export controls strike a class of minerals."""

    title: str
    calm_rate: Rate
    """New packages of controls a year while relations are calm."""
    tense_rate: Rate
    """New packages a year while they are tense."""
    to_tense: Rate
    """Rate of the switch from calm to tense."""
    to_calm: Rate
    """Rate of the switch back."""
    hits: ShareOf
    """Chance that a package touches this chain."""
    severity: ShareOf
    """Part of the flow that is lost at the trough."""
    allowed: ShareOf
    """Part of the reference flow that may still go: one less the severity."""
    duration: Days
    """Length of the acute phase."""
    licence_wait: Days
    """From application to decision."""
    licence_approval: ShareOf
    """Part of the reference flow that is approved once the regime has settled."""
    leakage_country: ShareOf
    """Part of what a ban on one country takes that comes through third countries."""
    leakage_world: ShareOf
    """The same where the regime binds the world."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield when what is allowed is not what the severity leaves."""
        set_by_user = "scenario" in (self.allowed.kind, self.severity.kind)
        if not set_by_user and abs(self.allowed.central + self.severity.central - 1) > 1e-9:
            yield "allowed", "is not one less the severity"


def _read(file: str, overrides: Mapping[str, object] | None) -> dict[str, object]:
    raw = seed_data(f"{file}.yaml")
    records = name_records(raw, file)
    mine = {n: v for n, v in (overrides or {}).items() if n.split(".")[0] == file}
    override(records, mine)
    return dict(raw)


def read_behaviour(overrides: Mapping[str, object] | None = None) -> Behaviour:
    """Read how stocks, prices, shares and plants move.

    >>> round(read_behaviour().discount_rate.central, 3)
    0.03
    """
    return part_of(Behaviour, _read("behaviour", overrides), "behaviour.yaml")


def read_phases(overrides: Mapping[str, object] | None = None) -> Phases:
    """Read the reference classes of projects.

    >>> read_phases()["magnet_plant"].process
    'magnet_making'
    """
    return part_of(Phases, {"classes": _read("phases", overrides)}, "phases.yaml")


def read_hazards(overrides: Mapping[str, object] | None = None) -> dict[str, Hazard]:
    """Read the hazard of every class of minerals, by the name of the class."""
    raw = _read("hazard", overrides)
    return {name: part_of(Hazard, part, f"hazard.yaml: {name}") for name, part in raw.items()}


def read_hazard(class_: str, overrides: Mapping[str, object] | None = None) -> Hazard:
    """Read the hazard of one class of minerals, such as `low_volume_high_criticality`.

    Raises:
        SeedError: if there is no such class, with the likely fix.
    """
    hazards = read_hazards(overrides)
    if class_ not in hazards:
        raise SeedError(f"no hazard class '{class_}'{did_you_mean(class_, hazards)}")
    return hazards[class_]
