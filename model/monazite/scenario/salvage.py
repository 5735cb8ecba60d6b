"""What is left of a scenario when what is wrong is taken out, so that more can be checked."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from monazite.errors import Problem
from monazite.scenario.checks import disagreements
from monazite.scenario.part import NO_DISAGREEMENTS
from monazite.scenario.parts import Scenario
from monazite.scenario.text import Keys, dotted

_ROUNDS = 4
_STAND_INS: Mapping[str, Any] = {
    "schema": 1,
    "name": "unnamed",
    "title": "",
    "chain": "unknown",
    "report": ["nowhere"],
    "strategies": {"none": {}},
}
SURE = frozenset(("order", "duplicate", "group", "too-large"))
"""Codes of problems that hang on nothing but what they name."""


def further_problems(data: Mapping[str, Any], *, whole: bool = True) -> Iterator[Problem]:
    """Yield what is wrong beyond what the types show, as far as that can be said already.

    A part that only contradicts itself stays in; one with a wrong type is taken out, and then
    only those problems are told that do not hang on what was taken out.

    Args:
        data: what the file says.
        whole: whether all of it could be read.
    """
    rest = deepcopy(dict(data))
    shifted: tuple[str, ...] = ()
    for taken_out in range(_ROUNDS):
        try:
            scenario = Scenario.model_validate(rest, context=NO_DISAGREEMENTS)
        except ValidationError as error:
            details = sorted(error.errors(include_url=False), key=_last_first, reverse=True)
        else:
            for problem in disagreements(scenario):
                is_sure = problem.code in SURE and not problem.path.startswith(shifted)
                if is_sure or (whole and not taken_out):
                    yield problem
            return
        moved = [_take_out(rest, detail) for detail in details]
        shifted += tuple(path for path in moved if path is not None)


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
    if len(keys) == 1 and keys[0] in _STAND_INS:
        data[keys[0]] = deepcopy(_STAND_INS[str(keys[0])])
    elif path and isinstance(holder, dict):
        holder.pop(path[-1], None)
    elif isinstance(holder, list) and isinstance(last := path[-1], int):
        del holder[last : last + 1]
        return dotted(path[:-1]) + "."
    return None
