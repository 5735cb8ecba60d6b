"""What parts of a well-formed scenario say against each other.

What needs the chain (an unknown region or product, a control that touches no flow) is checked
where the chain is known, in `world`.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from monazite.errors import Problem
from monazite.scenario.contracts import Floor, Offtake
from monazite.scenario.disruptions import Control, RandomControls
from monazite.scenario.follows import followings
from monazite.scenario.held import held, met
from monazite.scenario.hints import did_you_mean
from monazite.scenario.instruments import Instrument, Programme, Project, Stockpile, kind_of
from monazite.scenario.lives import contradictions, easing_nothing
from monazite.scenario.overlaps import clashes
from monazite.scenario.parts import Scenario, Strategy
from monazite.scenario.programme_checks import programmes
from monazite.scenario.reserve_checks import reserves
from monazite.scenario.scaling import unscalable
from monazite.scenario.shocks import Shock
from monazite.scenario.trade import Bloc, Procurement, Tariff

MOST_YEARS = 200


def disagreements(scenario: Scenario) -> Iterator[Problem]:
    """Yield every place where two parts of the scenario contradict each other."""
    yield from _chains(scenario)
    yield from _time(scenario)
    yield from _groups(scenario)
    yield from _controls(scenario)
    yield from _answers(scenario)
    yield from _suppression(scenario)
    yield from _shocks(scenario)
    yield from _too_short(scenario)
    yield from _under_way(scenario)
    yield from _trade(scenario)
    named = [(f"switches.{i}", part.name) for i, part in enumerate(scenario.switches)]
    yield from _same_names(named, "switch")
    yield from _strategies(scenario)
    yield from _assertions(scenario)


def _chains(scenario: Scenario) -> Iterator[Problem]:
    for name in _repeated(scenario.chains):
        yield Problem("chain", f"'{name}' is named twice", code="duplicate")


def _time(scenario: Scenario) -> Iterator[Problem]:
    start, end, review_d = scenario.start, scenario.end, scenario.review.central
    horizon_d = (end - start).days
    if horizon_d <= 0:
        yield Problem("end", f"{end} is not after start {start}", code="order")
        return
    if horizon_d > MOST_YEARS * 365.25:
        yield Problem("end", f"more than {MOST_YEARS} years after start; refused", code="too-large")
    if not 1 <= review_d <= 31:
        message = f"must be 1 to 31 days; found {review_d:g} days"
        yield Problem("review", message, code="value")
    elif horizon_d < review_d:
        days = "1 day" if horizon_d == 1 else f"{horizon_d} days"
        yield Problem("review", f"longer than the run of {days}", code="order")


def _groups(scenario: Scenario) -> Iterator[Problem]:
    groups = scenario.groups
    for name, members in groups.items():
        path = f"groups.{name}"
        if not members:
            yield Problem(path, "an empty group; name its regions", code="group")
        if name == "all":
            message = "'all' means everyone but the controller in 'targets'; take another name"
            yield Problem(path, message, code="group")
        for member in _repeated(members):
            yield Problem(path, f"'{member}' is named twice", code="duplicate")
        for i, member in enumerate(members):
            if member in groups:
                message = f"'{member}' is a group; a group holds regions"
                yield Problem(f"{path}.{i}", message, code="group")
    for name in _repeated(scenario.report):
        yield Problem("report", f"'{name}' is named twice", code="duplicate")


def _controls(scenario: Scenario) -> Iterator[Problem]:
    found = scenario.disruptions
    named: list[tuple[str, Control | RandomControls]] = [
        *((f"disruptions.standing.{i}", control) for i, control in enumerate(found.standing)),
        *((f"disruptions.scheduled.{i}", control) for i, control in enumerate(found.scheduled)),
        *((f"disruptions.random.{i}", control) for i, control in enumerate(found.random)),
    ]
    names = [control.name for _, control in named]
    yield from _same_names([(path, control.name) for path, control in named], "control")
    for path, control in named:
        for i, name in enumerate(getattr(control, "exempt", ())):
            if name not in names:
                message = f"no control '{name}'{did_you_mean(name, names)}"
                yield Problem(f"{path}.exempt.{i}", message, code="unknown-name")
    for i, standing in enumerate(found.standing):
        if standing.start is not None and standing.start > scenario.start:
            message = f"{standing.start} is after the run starts; put it under 'scheduled'"
            yield Problem(f"disruptions.standing.{i}.start", message, code="order")
    for i, control in enumerate(found.scheduled):
        yield from _scheduled(f"disruptions.scheduled.{i}", control, scenario)
    yield from followings(found)
    for path, control in named:
        if isinstance(control, Control):
            yield from contradictions(path, control, scenario.start, scenario.end)
        else:
            yield from easing_nothing(f"{path}.eases", control)
    dated = [(path, control) for path, control in named if isinstance(control, Control)]
    yield from clashes(dated, scenario)


def _scheduled(path: str, control: Control, scenario: Scenario) -> Iterator[Problem]:
    if control.start is None:
        if control.after is None:
            message = "required for a scheduled control that follows no other ('after'); "
            message += "one in force already is 'standing'"
            yield Problem(f"{path}.start", message, code="missing")
    elif control.start < scenario.start:
        message = f"{control.start} is before the run starts on {scenario.start}"
        message += "; put a control in force already under 'standing'"
        yield Problem(f"{path}.start", message, code="order")
    elif control.start >= scenario.end:
        message = f"{control.start} is not before the run ends on {scenario.end}"
        yield Problem(f"{path}.start", message, code="order")


def _bans_only(source: RandomControls) -> bool:
    return source.form == "ban" and source.eases is None


def _answers(scenario: Scenario) -> Iterator[Problem]:
    """Yield what random controls cannot answer: unknown names, or leverage with nothing to move."""
    found = scenario.disruptions
    names = [one.name for one in (*found.standing, *found.scheduled)]
    names += [source.name for source in found.random]
    for i, source in enumerate(found.random):
        for k, part in enumerate(source.escalation):
            for n, name in enumerate(part.after):
                if name not in names:
                    message = f"no control '{name}'{did_you_mean(name, names)}"
                    path = f"disruptions.random.{i}.escalation.{k}.after.{n}"
                    yield Problem(path, message, code="unknown-name")
    leverage, path = found.behaviour.leverage, "disruptions.behaviour.leverage"
    if leverage is None:
        return
    if not found.random:
        message = "no random controls that could answer; add them, or remove this"
        yield Problem(path, message, code="touches-no-flow")
    elif leverage.depth is not None and all(map(_bans_only, found.random)):
        message = (
            "a ban lets nothing pass whatever the leverage; write 'form: quota', or remove this"
        )
        yield Problem(f"{path}.depth", message, code="touches-no-flow")


def _suppression(scenario: Scenario) -> Iterator[Problem]:
    parts = scenario.disruptions.suppression
    paths = [f"disruptions.suppression.{i}" for i in range(len(parts))]
    names = [(path, part.name) for path, part in zip(paths, parts, strict=True)]
    yield from _same_names(names, "suppression")
    projects = {part.name for part in scenario.under_way}
    for strategy in scenario.strategies.values():
        projects |= {part.name for _, part in strategy.plants()}
    for path, part in zip(paths, parts, strict=True):
        name = None if part.when is None else part.when.project
        if name is not None and name not in projects:
            message = f"no project '{name}' in a strategy or under way"
            message += did_you_mean(name, sorted(projects))
            yield Problem(f"{path}.when.project", message, code="unknown-name")
        if part.start is None:
            continue
        if part.start < scenario.start:
            message = f"{part.start} is before the run starts on {scenario.start}"
            yield Problem(f"{path}.start", message, code="order")
        elif part.start >= scenario.end:
            message = f"{part.start} is not before the run ends on {scenario.end}"
            yield Problem(f"{path}.start", message, code="order")


def _shocks(scenario: Scenario) -> Iterator[Problem]:
    known = scenario.disruptions
    parts = [(f"disruptions.{path}", part) for path, part in known.shocks()]
    taken = {part.name for part in (*known.standing, *known.scheduled)}
    taken |= {part.name for part in known.random} | {part.name for part in known.suppression}
    for path, part in parts:
        if part.name in taken:
            message = f"another disruption is called '{part.name}' too; names must differ"
            yield Problem(f"{path}.name", message, code="duplicate")
        taken.add(part.name)
        if part.start is not None:
            yield from _shock_in_time(path, part, part.start, scenario)
    yield from _hosts(scenario)


def _too_short(scenario: Scenario) -> Iterator[Problem]:
    """Yield what only reviews see and is over before the next one may come."""
    found, review_d = scenario.disruptions, scenario.review.central
    for key in ("scheduled", "random", "suppression", "closures", "production_quotas"):
        for i, part in enumerate(getattr(found, key)):
            if part.duration is not None and 0 < part.duration.high < review_d:
                message = f"over before the next review, {review_d:g} days on, may see it; "
                message += "give a longer time, or a shorter 'review'"
                yield Problem(f"disruptions.{key}.{i}.duration", message, code="order")


def _hosts(scenario: Scenario) -> Iterator[Problem]:
    """Yield every path of a host without a year, and every year that is none of the run."""
    for host, levels in scenario.disruptions.host_activity.items():
        path = f"disruptions.host_activity.{host}"
        if not levels:
            yield Problem(path, "names no year, such as '2030: 0.9'", code="missing")
        for year in levels:
            if not (len(year) == 4 and year.isascii() and year.isdigit() and year > "0000"):
                message = f"'{year}' is no year, such as 2030"
                yield Problem(f"{path}.{year}", message, code="value")
            elif not scenario.start < date(int(year), 1, 1) < scenario.end:
                message = f"1 January {year} is not within the run"
                yield Problem(f"{path}.{year}", message, code="order")


def _shock_in_time(path: str, part: Shock, start: date, scenario: Scenario) -> Iterator[Problem]:
    if start >= scenario.end:
        message = f"{start} is not before the run ends on {scenario.end}"
        yield Problem(f"{path}.start", message, code="order")
    length, before_d = part.duration, (scenario.start - start).days
    if length is not None and length.is_fixed and before_d > 0 and length.central <= before_d:
        message = f"it is over before the run starts on {scenario.start}"
        yield Problem(f"{path}.duration", message, code="order")


def _under_way(scenario: Scenario) -> Iterator[Problem]:
    for i, project in enumerate(scenario.under_way):
        path, words = f"under_way.{i}", "what is under way is taken from no budget"
        if project.start < scenario.start:
            message = f"{project.start} is before the run starts on {scenario.start}"
            message += "; give this day, and of each phase what is left of it"
            yield Problem(f"{path}.start", message, code="order")
        if project.overrun_borne != "shared":
            yield Problem(f"{path}.overrun_borne", f"{words}; remove this", code="value")
        if project.funding is not None:
            message = f"{words}; write 'public_share: 0' in its place"
            yield Problem(f"{path}.funding", message, code="value")
        elif project.funded.share > 0:
            message = f"{words}; write 'public_share: 0'"
            yield Problem(f"under_way.{i}.public_share", message, code="value")


def _trade(scenario: Scenario) -> Iterator[Problem]:
    tariffs, blocs = scenario.trade.tariffs, scenario.trade.blocs
    paths = [f"trade.tariffs.{i}" for i in range(len(tariffs))]
    for path, part in zip(paths, tariffs, strict=True):
        yield from _dates(path, part, scenario)
    yield from _same_names([(p, t.name) for p, t in zip(paths, tariffs, strict=True)], "tariff")
    rules = {f"trade.procurement.{i}": part for i, part in enumerate(scenario.trade.procurement)}
    for path, rule in rules.items():
        yield from _dates(path, rule, scenario)
    yield from _same_names([(path, r.name) for path, r in rules.items()], "procurement rule")
    paths = [f"trade.blocs.{i}" for i in range(len(blocs))]
    yield from _same_names([(p, b.name) for p, b in zip(paths, blocs, strict=True)], "bloc")
    for path, bloc in zip(paths, blocs, strict=True):
        yield from _bloc(path, bloc, scenario)
        if bloc.cost is not None:
            message = "what all strategies meet is taken from no budget; remove this"
            yield Problem(f"{path}.cost", message, code="value")


def _bloc(path: str, bloc: Bloc, scenario: Scenario) -> Iterator[Problem]:
    """Yield a bloc that is called like a group or does nothing, and days outside the run."""
    if bloc.preference.central > 0 and not _levied(scenario):
        message = "a preference is a part of a tariff, and nobody levies any; add one, or a floor "
        yield Problem(f"{path}.preference", f"{message}with 'border_adjustment'", code="value")
    idle = bloc.preference.central == bloc.supply_priority.central == 0
    if idle and bloc.name not in _named_by(scenario):
        message = "does nothing; give 'preference' or 'supply_priority', or name it in a tariff"
        yield Problem(path, f"{message} or as the owner of a stockpile", code="value")
    if bloc.name in scenario.groups:
        message = f"a group is called '{bloc.name}' too; names must differ"
        yield Problem(f"{path}.name", message, code="duplicate")
    for i, member in enumerate(bloc.members):
        where = f"{path}.members.{i}"
        if member.first is not None and member.first >= scenario.end:
            message = f"{member.first} is not before the run ends on {scenario.end}"
            yield Problem(f"{where}.from", message, code="order")
        if member.until is not None and member.until <= scenario.start:
            message = f"{member.until} is not after the run starts on {scenario.start}"
            yield Problem(f"{where}.until", message, code="order")


def _levied(scenario: Scenario) -> bool:
    """Return whether anybody levies a tariff, or what works like one."""
    lifted = any(part.border_adjustment for _, _, part in held(scenario, Floor))
    return lifted or any(True for _ in met(scenario, "tariffs", Tariff))


def _named_by(scenario: Scenario) -> set[str]:
    """Return every word that a tariff or the owner of a stockpile gives."""
    owners = {part.owner for _, _, part in held(scenario, Stockpile)}
    tariffs = (part for _, _, part in met(scenario, "tariffs", Tariff))
    return owners | {word for part in tariffs for word in (*part.origins, *part.to)}


def _strategies(scenario: Scenario) -> Iterator[Problem]:
    baselines = [name for name, strategy in scenario.strategies.items() if strategy.baseline]
    for name in baselines[1:]:
        message = f"'{baselines[0]}' is the baseline already; one is enough"
        yield Problem(f"strategies.{name}.baseline", message, code="duplicate")
    for name, strategy in scenario.strategies.items():
        path = f"strategies.{name}"
        named = [
            (f"{path}.instruments.{i}.{kind_of(instrument)}", instrument.name)
            for i, instrument in enumerate(strategy.instruments)
        ]
        offered = [
            (f"{path}.{where}", part.name)
            for where, part in strategy.plants()
            if "candidates" in where
        ]
        yield from _same_names([*named, *offered], "instrument")
        if strategy.instruments and scenario.budget_of(name) is None:
            message = "its instruments spend, but there is no budget; give one here or for all"
            yield Problem(path, message, code="no-budget")
        yield from _budget(path, strategy, scenario, name)
        for (where, _), instrument in zip(named, strategy.instruments, strict=True):
            yield from _dates(where, instrument, scenario)
        yield from programmes(path, strategy)
        yield from unscalable(path, strategy)
        yield from reserves(path, strategy, scenario)
        yield from _floors(path, strategy, scenario)


def _budget(path: str, strategy: Strategy, scenario: Scenario, name: str) -> Iterator[Problem]:
    """Yield a problem when the instruments are given more than the strategy has."""
    budget = scenario.budget_of(name)
    if budget is None:
        return
    given = 0.0
    for instrument in strategy.instruments:
        own = getattr(instrument, "budget", None)
        if own is not None:
            given += own.central * (budget.central if own.unit == "share" else 1.0)
    if given > budget.central * (1 + 1e-9):
        message = f"budgets add up to {given:.10g} USD, above the {budget.central:.10g} USD"
        yield Problem(f"{path}.instruments", f"{message} of the strategy", code="budget")


def _floors(path: str, strategy: Strategy, scenario: Scenario) -> Iterator[Problem]:
    """Yield every plant under a contract that is none, or that another one covers too."""
    own = [part.name for part in strategy.instruments if isinstance(part, Project)]
    known = [*own, *(part.name for part in scenario.under_way)]
    offered = [part.name for _, part in strategy.plants() if part.name not in known]
    covered: dict[str, str] = {}
    for i, part in enumerate(strategy.instruments):
        if not isinstance(part, Floor | Offtake):
            continue
        kind = kind_of(part)
        if isinstance(part, Floor) and part.incumbents and not scenario.incumbents_idle:
            message = "plants of today stop for no price in this scenario, so that it saves none"
            where = f"{path}.instruments.{i}.floor.incumbents"
            yield Problem(where, f"{message}; set 'incumbents_idle: true'", code="touches-no-flow")
        for k, name in enumerate(part.plants):
            where = f"{path}.instruments.{i}.{kind}.plants.{k}"
            if name in offered:
                message = f"'{name}' may not be built; write 'regions' in place of 'plants'"
                yield Problem(where, message, code="unknown-name")
            elif name not in known:
                message = f"no project '{name}' here or under way{did_you_mean(name, known)}"
                yield Problem(where, message, code="unknown-name")
            elif name in covered:
                message = f"the {covered[name]} covers '{name}' already"
                yield Problem(where, message, code="duplicate")
            covered[name] = f"{kind} '{part.name}'"
        if isinstance(part, Offtake) and part.stockpile is not None:
            yield from _takes(f"{path}.instruments.{i}.offtake.stockpile", part, strategy)


def _takes(where: str, part: Offtake, strategy: Strategy) -> Iterator[Problem]:
    """Yield a problem where the stockpile of an offtake is none, or of something else."""
    piles = {one.name: one for one in strategy.instruments if isinstance(one, Stockpile)}
    name = str(part.stockpile)
    if name not in piles:
        message = f"no stockpile '{name}' in this strategy{did_you_mean(name, piles)}"
        yield Problem(where, message, code="unknown-name")
    elif piles[name].product != part.product:
        message = f"'{name}' holds {piles[name].product}, not {part.product}"
        yield Problem(where, message, code="value")


def _dates(path: str, instrument: Instrument, scenario: Scenario) -> Iterator[Problem]:
    if isinstance(instrument, Bloc):
        yield from _bloc(path, instrument, scenario)
        return
    if isinstance(instrument, Programme):
        for k, candidate in enumerate(instrument.candidates):
            yield from _dates(f"{path}.candidates.{k}", candidate, scenario)
        return
    if instrument.start is not None and instrument.start >= scenario.end:
        message = f"{instrument.start} is not before the run ends on {scenario.end}"
        yield Problem(f"{path}.start", message, code="order")
    if instrument.start is not None and instrument.start < scenario.start:
        message = f"{instrument.start} is before the run starts on {scenario.start}"
        if isinstance(instrument, Tariff):
            message += "; what is older is in the trade of the start"
        yield Problem(f"{path}.start", message, code="order")
    until = getattr(instrument, "until", None)
    if until is not None and until <= scenario.start:
        message = f"{until} is not after the run starts on {scenario.start}"
        yield Problem(f"{path}.until", message, code="order")
    elif isinstance(instrument, Procurement):
        yield from _phase_in(path, instrument, scenario)


def _phase_in(path: str, part: Procurement, scenario: Scenario) -> Iterator[Problem]:
    """Yield a rule that ends before it asks for all that it says."""
    if part.phase_in is not None and part.until is not None:
        risen = (part.start or scenario.start) + timedelta(days=part.phase_in.central)
        if risen >= part.until > (part.start or scenario.start):
            message = f"ends on {risen}, but the rule ends on {part.until} and never asks for all"
            yield Problem(f"{path}.phase_in", message, code="order")


def _assertions(scenario: Scenario) -> Iterator[Problem]:
    for i, assertion in enumerate(scenario.assertions):
        for key in ("strategy", "better_than"):
            name = getattr(assertion, key)
            if name is not None and name not in scenario.strategies:
                message = f"no strategy '{name}'{did_you_mean(name, scenario.strategies)}"
                yield Problem(f"assert.{i}.{key}", message, code="unknown-name")
        if assertion.region not in scenario.reported:
            hint = did_you_mean(assertion.region, scenario.reported)
            message = f"'{assertion.region}' is not in 'report'"
            message += hint or "; add it there, or write 'assert: []' for none of these checks"
            yield Problem(f"assert.{i}.region", message, code="unknown-name")


def _same_names(named: Iterable[tuple[str, str]], what: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, name in named:
        if name in seen:
            message = f"another {what} is called '{name}' too; names must differ"
            yield Problem(f"{path}.name", message, code="duplicate")
        seen.add(name)


def _repeated(words: tuple[str, ...]) -> list[str]:
    return sorted({word for word in words if words.count(word) > 1})
