"""The description beside the files: Frictionless Data Package, version 1."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from monazite.experiments.about import About
from monazite.experiments.columns import COLUMNS, TITLES, Column
from monazite.experiments.files import sha256


def describe(folder: Path, about: About) -> dict[str, Any]:
    """Return the description of every CSV file of a run."""
    return {
        "profile": "tabular-data-package",
        "name": f"{about.scenario}-{about.run}".lower(),
        "title": f"{about.scenario}: {about.replications} worlds, seed {about.seed}",
        "version": about.version,
        "resources": [_resource(folder, name, columns) for name, columns in COLUMNS.items()],
    }


def _resource(folder: Path, name: str, columns: Sequence[Column]) -> dict[str, Any]:
    path = folder / f"{name}.csv"
    return {
        "name": name.replace("_", "-"),
        "path": path.name,
        "profile": "tabular-data-resource",
        "title": TITLES[name],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "schema": {"fields": [_field(column) for column in columns], "missingValues": [""]},
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "description": column.meaning,
    }
    return field | ({"unit": column.unit} if column.unit else {})
