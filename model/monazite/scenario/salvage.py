"""What is left of a scenario when what is wrong is taken out, so that more can be checked."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from monazite.errors import Problem
from monazite.scenario.checks import disagreements
from monazite.scenario.parts import Scenario
from monazite.scenario.text import Keys, dotted

_ROUNDS = 4
_SURE = frozenset(("order", "duplicate", "too-large"))


def further_problems(data: Mapping[str, Any], error: ValidationError) -> Iterator[Problem]:
    """Yield what is wrong beyond what the types show, as far as that can be said already.

    Args:
        data: what the file says.
        error: what is wrong with the types in it.
    """
    rest = deepcopy(dict(data))
    shifted: list[str] = []
    for _ in range(_ROUNDS):
        details = sorted(error.errors(include_url=False), key=_last_first, reverse=True)
        shifted += [path for detail in details if (path := _take_out(rest, detail)) is not None]
        try:
            scenario = Scenario.model_validate(rest)
        except ValidationError as again:
            error = again
            continue
        for problem in disagreements(scenario):
            if problem.code in _SURE and not problem.path.startswith(tuple(shifted)):
                yield problem
        return


def _last_first(detail: ErrorDetails) -> tuple[tuple[int, str], ...]:
    return tuple((key, "") if isinstance(key, int) else (0, key) for key in detail["loc"])


def _take_out(data: Any, detail: ErrorDetails) -> str | None:
    """Remove what a complaint is about; return the list whose entries that moves, if any.

    Where a key is missing, the entry that lacks it goes.
    """
    keys: Keys = detail["loc"]
    is_above = detail["type"] == "missing" or bool(keys and keys[-1] == "[key]")
    path = keys[:-1] if is_above else keys
    holder = data
    for key in path[:-1]:
        try:
            holder = holder[key]
        except (KeyError, IndexError, TypeError):
            return None
    if path and isinstance(holder, dict):
        holder.pop(path[-1], None)
    elif isinstance(holder, list) and isinstance(last := path[-1], int):
        del holder[last : last + 1]
        return dotted(path[:-1]) + "."
    return None
