"""What the terms of reserves say against their strategy, its groups and the time of the run."""

from collections.abc import Iterator

from monazite.errors import Problem
from monazite.scenario.hints import did_you_mean
from monazite.scenario.instruments import Stockpile
from monazite.scenario.parts import Scenario, Strategy
from monazite.scenario.reserves import Declaration, Obligation, Swap
from monazite.scenario.trade import Bloc


def reserves(path: str, strategy: Strategy, scenario: Scenario) -> Iterator[Problem]:
    """Yield every contradiction in the stockpiles and obligations of a strategy."""
    seen: set[tuple[str, str]] = set()
    for i, part in enumerate(strategy.instruments):
        if isinstance(part, Stockpile):
            where = f"{path}.instruments.{i}.stockpile"
            yield from _owners(where, part, owners_of(part.owner, strategy, scenario))
            yield from _declared(f"{where}.release", part.release.declared, scenario)
        elif isinstance(part, Obligation):
            where = f"{path}.instruments.{i}.obligation"
            yield from _declared(where, part.declared, scenario)
            for region in scenario.regions_of(*part.regions):
                if (part.product, region) in seen:
                    message = f"{region} is obliged to hold {part.product} already"
                    yield Problem(f"{where}.regions", message, code="duplicate")
                seen.add((part.product, region))
        elif isinstance(part, Swap):
            yield from _swap(f"{path}.instruments.{i}.swap", part, strategy)


def _swap(path: str, part: Swap, strategy: Strategy) -> Iterator[Problem]:
    """Yield what is no stockpile, and terms of the other kind of swap."""
    known = {one.name: one for one in strategy.instruments if isinstance(one, Stockpile)}
    ends = {"gives": part.gives, "takes": part.takes}
    for key, name in ends.items():
        if name not in known:
            message = f"no stockpile '{name}' in this strategy{did_you_mean(name, known)}"
            yield Problem(f"{path}.{key}", message, code="unknown-name")
    if not set(ends.values()) <= set(known):
        return
    gives, takes = known[part.gives], known[part.takes]
    if gives.product == takes.product:
        if part.ratio is not None:
            message = f"both hold {gives.product}, tonne for tonne; remove it"
            yield Problem(f"{path}.ratio", message, code="value")
        return
    if part.ratio is None:
        message = f"required: {gives.product} is given for {takes.product}"
        yield Problem(f"{path}.ratio", message, code="missing")
    for key in ("lead", "freight"):
        if getattr(part, key) is not None:
            message = "goes with two places of one product; what comes for another is bought"
            yield Problem(f"{path}.{key}", message, code="value")
    if takes.members or takes.release.loan is not None:
        message = f"'{takes.name}' has borrowers already; swap into a stockpile without"
        yield Problem(f"{path}.takes", message, code="value")


def owners_of(name: str, strategy: Strategy, scenario: Scenario) -> tuple[str, ...]:
    """Return the regions behind the owner of a stockpile: a region, a group or a bloc."""
    blocs = [*scenario.trade.blocs, *strategy.instruments]
    for bloc in blocs:
        if isinstance(bloc, Bloc) and bloc.name == name:
            return tuple(member.region for member in bloc.members)
    return scenario.regions_of(name)


def _owners(path: str, part: Stockpile, owners: tuple[str, ...]) -> Iterator[Problem]:
    """Yield every member and every rank that is no owner."""
    alone = ""
    if owners == (part.owner,) and {part.owner} != {one.region for one in part.members}:
        alone = f"; '{part.owner}' is no group or bloc of this scenario"
    named = [(f"members.{k}.region", one.region) for k, one in enumerate(part.members)]
    named += [(f"release.order.{k}", one) for k, one in enumerate(part.release.order)]
    for key, region in named:
        if region not in owners:
            message = f"'{region}' is no owner{did_you_mean(region, owners)}{alone}"
            yield Problem(f"{path}.{key}", message, code="unknown-name")
    if part.defection is not None:
        draws = {member.region for member in part.members} or set(owners)
        if part.place not in draws:
            message = f"'{part.place}' may not draw and keeps nothing; place it with one who may"
            message += alone
            yield Problem(f"{path}.defection", message, code="value")
        elif len(draws) == 1:
            message = f"only '{part.place}' may draw; there is nobody to keep it from, remove it"
            yield Problem(f"{path}.defection", message, code="value")


def _declared(path: str, spells: tuple[Declaration, ...], scenario: Scenario) -> Iterator[Problem]:
    """Yield every declaration of an emergency that lies outside the run or in another one."""
    for i, spell in enumerate(spells):
        where = f"{path}.declared.{i}"
        if spell.day >= scenario.end:
            message = f"{spell.day} is not before the run ends on {scenario.end}"
            yield Problem(f"{where}.from", message, code="order")
        if spell.until <= scenario.start:
            message = f"{spell.until} is not after the run starts on {scenario.start}"
            yield Problem(f"{where}.until", f"{message}; it would change nothing", code="order")
        if any(other.day <= spell.day < other.until for other in spells[:i]):
            message = "lies in an earlier spell; write one spell"
            yield Problem(f"{where}.from", message, code="order")
