"""What a user can mend: every error that ends in one message and no trace."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a file, counted from 1 as editors do."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and the likely fix.

    Attributes:
        path: dotted path of the value, such as `strategies.oxide.instruments.0.target`.
        message: what was found, what was expected, and the fix where one is likely.
        place: the spot in the file, or None where there is no file (a `--set` text).
        code: a stable short word for the kind of problem, such as `unknown-key`.
    """

    path: str
    message: str
    place: Place | None = None
    code: str = "invalid"

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        path = f"{self.path}: " if self.path else ""
        return f"{where}{path}{self.message}"


class MonaziteError(Exception):
    """Anything that the user can mend; a command prints it and ends with status 2."""


class ScenarioError(MonaziteError):
    """A scenario that is refused, with every problem found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SeedError(MonaziteError):
    """A record under `seeds/` that is wrong; names the record and what is wrong.

    Attributes:
        problems: what is wrong; the path of an override is that of the scenario.
    """

    def __init__(self, said: str | Iterable[Problem]) -> None:
        self.problems = (Problem("", said),) if isinstance(said, str) else tuple(said)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DataError(MonaziteError):
    """A user's copy of a data set that cannot be taken, with the problems found in it."""

    MOST = 20
    """How many problems are listed; a file that is wrong throughout has thousands."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        lines = [str(problem) for problem in self.problems[: self.MOST]]
        if (more := len(self.problems) - self.MOST) > 0:
            lines.append(f"... and {more} more of the kind")
        super().__init__("\n".join(lines))


class BalanceError(MonaziteError):
    """Evidence that cannot be brought into balance; names the product and the region."""


class ResultsError(MonaziteError):
    """A results folder that cannot be read, written or resumed."""


class BrokenInvariantError(Exception):
    """The model broke one of its own promises: our bug, never the user's."""
