"""Reading a scenario: everything wrong, at once, each with its place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from monazite.errors import Place, Problem, ScenarioError
from monazite.scenario.building import with_built_strategies
from monazite.scenario.checks import disagreements
from monazite.scenario.files import located
from monazite.scenario.layers import read_layers, with_sets, without_nothing
from monazite.scenario.parts import Scenario
from monazite.scenario.salvage import SURE, further_problems
from monazite.scenario.scalars import core_scalar
from monazite.scenario.text import Keys, Mark, dotted, flatten
from monazite.scenario.words import problems_of

_AT_THE_KEY = frozenset(("unknown-key", "instrument", "name"))


def read_scenario(path_or_name: str | Path, sets: Sequence[str] = ()) -> Scenario:
    """Read and check a scenario.

    Args:
        path_or_name: a file, or the name of a shipped scenario, such as `ree-magnets`.
        sets: changes as `--set` takes them, such as `seed=3`.

    Raises:
        ScenarioError: listing every problem found, each with its file, line and column.
    """
    path = located(path_or_name)
    problems: list[Problem] = []
    root = read_layers(path, problems)
    if root is None:
        raise ScenarioError(_in_order(problems))
    root = with_sets(root, sets, problems)
    named = dict(root.keys or {})
    root = without_nothing(with_built_strategies(root, problems))
    data, marks = flatten(root)
    for name, (place, value) in named.items():
        marks.setdefault((name,), Mark(place, value.place))
    scenario, wrong = _checked(data, whole=not problems)
    told = {problem.path for problem in problems if problem.path}
    if any(problem.code == "extends" for problem in problems):
        wrong = [problem for problem in wrong if problem.code != "missing"]  # may stand there
    at_values = {dotted(keys): _place(keys, mark, data) for keys, mark in marks.items()}
    at_keys = {dotted(keys): mark.key for keys, mark in marks.items()}
    for problem in wrong:
        places = at_keys if problem.code in _AT_THE_KEY else at_values
        if problem.path not in told:
            problems.append(_with_place(problem, places, str(path)))
    if problems or scenario is None:
        raise ScenarioError(_in_order(problems))
    scenario._places.update(at_values)
    return scenario


def _checked(data: Mapping[str, Any], *, whole: bool) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario, if it is well-formed, and what is wrong with it.

    Where the data is not whole, because a value could not be read, what hangs on that is left out.
    """
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        wrong = _without_echoes(problems_of(error, Scenario))
        return None, wrong + list(further_problems(data, whole=whole))
    return scenario, [p for p in disagreements(scenario) if whole or p.code in SURE]


def _without_echoes(problems: Iterable[Problem]) -> list[Problem]:
    """Drop a missing key where it stands there misspelt, which is told already."""
    problems = list(problems)
    unknown = [problem for problem in problems if problem.code == "unknown-key"]

    def is_echo(problem: Problem) -> bool:
        above, _, key = problem.path.rpartition(".")
        meant = f"did you mean '{key}'?"
        return problem.code == "missing" and any(
            other.path.rpartition(".")[0] == above and meant in other.message for other in unknown
        )

    return [problem for problem in problems if not is_echo(problem)]


def _place(keys: Keys, mark: Mark, data: Any) -> Place | None:
    """Return where a value stands; a block or list is shown at its key."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else data[key]
    return mark.key if isinstance(data, list | dict) else mark.value


def _with_place(problem: Problem, places: Mapping[str, Place | None], file: str) -> Problem:
    """Return a problem with the place of its path, or of the nearest part around it."""
    path = problem.path
    while path and path not in places:
        path = path.rpartition(".")[0]
    place = places.get(path)
    if place is None and path:
        return replace(problem, message=f"{problem.message} (given by --set)")
    return replace(problem, place=place or Place(file, 1, 1))


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems by file and line, those without a place last, none twice."""

    def order(problem: Problem) -> tuple[bool, Place, str]:
        return problem.place is None, problem.place or Place("", 0, 0), problem.path

    return sorted(dict.fromkeys(problems), key=order)


def resolved_text(scenario: Scenario) -> str:
    """Return a scenario as a file with every default written out, which reads back equal."""
    data = scenario.model_dump(mode="json", by_alias=True)
    data.pop("extends")
    for strategy in data["strategies"].values():
        strategy.pop("extends")
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


class _Dumper(yaml.SafeDumper):
    """Writes what reads back equal under YAML 1.2, each value where it is used."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    try:
        style = None if core_scalar(text) == text else "'"
    except ValueError:
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _text)
