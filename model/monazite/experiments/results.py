"""A finished run as a reader has it: its folder, its facts, its tables."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monazite.errors import MonaziteError, ResultsError
from monazite.experiments import comparison, flips, folder, losses
from monazite.experiments.about import About, check_budgets, choose
from monazite.experiments.columns import COLUMNS

_READ: dict[str, Callable[[str], Any]] = {
    "number": float,
    "integer": int,
    "boolean": lambda text: text == "true",
}


@dataclass(frozen=True, slots=True)
class Results:
    """A finished run.

    Attributes:
        folder: where its files are.
        manifest: what it was made from and on.
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def about(self) -> About:
        """The facts of the run."""
        return About.from_plain(self.manifest["about"])

    @property
    def tables(self) -> dict[str, Path]:
        """The CSV files by their names."""
        return {name: self.folder / f"{name}.csv" for name in COLUMNS}

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return one table as mappings; an empty number is None.

        Raises:
            ResultsError: for a table that is not there or cannot be read.
        """
        path = self._path(name)
        types = {column.name: column.type for column in COLUMNS[name]}
        try:
            with path.open(encoding="utf-8", newline="") as file:
                lines = csv.reader(file)
                header = next(lines)
                return [_row(header, line, types) for line in lines]
        except (OSError, ValueError, KeyError, StopIteration, csv.Error) as error:
            raise ResultsError(f"{path}: not as it was written ({error})") from error

    def compare(self, baseline: str | None = None) -> list[dict[str, Any]]:
        """Return the paired comparison, with this or the scenario's own baseline."""
        return compare(self, baseline)

    def flips(self) -> list[dict[str, Any]]:
        """Return the comparison among worlds that are alike: a row for each pair and third.

        Raises:
            ScenarioError: where budgets differ.
            ResultsError: where the files are not as they were written.
        """
        about, path = self.about, self.tables["replications"]
        check_budgets(about)
        values, _ = losses.from_file(path, about)
        return flips.rows(about, values, losses.worlds_from_file(path, about))

    def to_pandas(self, name: str) -> Any:
        """Return one table as a pandas data frame.

        Raises:
            MonaziteError: where pandas is not installed.
        """
        path = self._path(name)
        try:
            import pandas as pd  # type: ignore[import-untyped,import-not-found,unused-ignore]
        except ImportError as error:
            raise MonaziteError(
                "to_pandas needs pandas: pip install pandas. Without it, "
                f"read {path} or use .rows('{name}')"
            ) from error
        words = {column.name: str for column in COLUMNS[name] if column.type == "string"}
        return pd.read_csv(
            path,
            dtype=words,
            keep_default_na=False,
            na_values={column.name: [""] for column in COLUMNS[name] if column.type != "string"},
        )

    def _path(self, name: str) -> Path:
        if name not in COLUMNS:
            raise ResultsError(f"no table '{name}'; there are: {', '.join(COLUMNS)}")
        return self.tables[name]


def open_results(path: str | Path) -> Results:
    """Return the finished run in a folder, or the latest of a folder of runs.

    Raises:
        ResultsError: where there is none, or it is not finished.
    """
    found = folder.find(path)
    manifest = folder.read_manifest(found)
    if not manifest["complete"]:
        raise ResultsError(f"{found}: the run is not finished; monazite resume {found}")
    return Results(found, manifest)


def compare(results: Results, baseline: str | None = None) -> list[dict[str, Any]]:
    """Return the paired comparison of all strategies, first with the baseline.

    Args:
        results: a finished run.
        baseline: the strategy to compare with; None for the scenario's own.

    Returns:
        Rows with the columns of comparison.csv.

    Raises:
        ScenarioError: where budgets differ, or there is no such strategy.
        ResultsError: where the files are not as they were written.
    """
    about = results.about
    check_budgets(about)
    chosen = about.baseline if baseline is None else choose(about.strategies, [baseline])[0]
    values, money = losses.from_file(results.tables["replications"], about)
    return comparison.rows(about, values, money, chosen)


def _row(header: Sequence[str], line: Sequence[str], types: Mapping[str, str]) -> dict[str, Any]:
    if len(line) != len(header):
        raise ValueError(f"a row of {len(line)} where the heading has {len(header)}")
    return {key: _value(types[key], text) for key, text in zip(header, line, strict=True)}


def _value(kind: str, text: str) -> Any:
    if kind not in _READ:
        return text
    return _READ[kind](text) if text else None
