"""Controls that follow others: whether each follows something, and no circle of them exists."""

from collections.abc import Iterator

from monazite.errors import Problem
from monazite.scenario.disruptions import Disruptions
from monazite.scenario.hints import did_you_mean
from monazite.scenario.quantity import Quantity


def followings(disruptions: Disruptions) -> Iterator[Problem]:
    """Yield every control that follows nothing that can have a day, or itself in a circle."""
    leaders = {part.name: part.after for part in disruptions.scheduled}
    stands = {part.name for part in disruptions.standing}
    chance = {part.name for part in disruptions.random}
    told: set[str] = set()
    for i, part in enumerate(disruptions.scheduled):
        if part.after is None:
            continue
        path = f"disruptions.scheduled.{i}"
        if part.start is not None:
            text = "give this or 'start', not both"
            yield Problem(f"{path}.after", text, code="order")
        if part.after in stands:
            text = f"'{part.after}' stands when the run starts already; give 'start'"
            yield Problem(f"{path}.after", text, code="order")
        elif part.after in chance:
            text = (
                f"'{part.after}' comes by chance; write random controls with 'escalation' after it"
            )
            yield Problem(f"{path}.after", text, code="order")
        elif part.after not in leaders:
            text = f"no scheduled control '{part.after}'{did_you_mean(part.after, leaders)}"
            yield Problem(f"{path}.after", text, code="unknown-name")
        circle = _circle(part.name, leaders)
        if circle and part.name not in told:
            told.update(circle)
            text = f"an escalation loop: {' follows '.join(circle)}; give one of them a 'start'"
            yield Problem(f"{path}.after", text, code="loop")
        lead, wait = part.announced, part.delay
        if isinstance(lead, Quantity) and (0.0 if wait is None else wait.low) < lead.high:
            text = f"may come before '{part.after}' is in force; make it no longer than 'delay'"
            yield Problem(f"{path}.announced", text, code="order")


def _circle(name: str, leaders: dict[str, str | None]) -> list[str]:
    """Return the names from a control round to itself again; nothing where it leads elsewhere."""
    found, leader = [name], leaders[name]
    while leader in leaders and leader not in found:
        found.append(leader)
        leader = leaders[leader]
    return [*found, name] if leader == name else []
