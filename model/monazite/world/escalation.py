"""Whether controls that call forth further controls would ever come to an end."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from monazite.world.inputs import Floats
from monazite.world.plan import DAYS_PER_YEAR

if TYPE_CHECKING:
    from monazite.world.prepare import Prepared


def followers(prepared: "Prepared") -> Floats:
    """Return how many packages of each source one of each other calls forth, shape (I, I).

    At central values in tense times: what the factor adds to the hazard, over the time that it
    lasts, of packages that touch the chain. The row calls forth the column.
    """
    sources, values = prepared.controls.sources, prepared.central()
    names = [source.part.name for source in sources]
    found = np.zeros((len(sources), len(sources)))
    for j, source in enumerate(sources):
        columns = source.columns
        a_day = values[columns["tense_rate"]] * source.touches(values, "tense_rate") / DAYS_PER_YEAR
        for i, part in enumerate(source.part.escalation):
            more = max(0.0, values[columns[f"escalation.{i}.factor"]] - 1.0) * a_day
            for name in {*part.after} & {*names}:
                found[names.index(name), j] += more * values[columns[f"escalation.{i}.lasts"]]
    return found


def loops(prepared: "Prepared") -> Iterator[tuple[str, str]]:
    """Yield every circle of sources whose packages call forth one more each, or more."""
    calls, sources = followers(prepared), prepared.controls.sources
    reach = np.linalg.matrix_power((calls > 0) + np.eye(len(sources)), max(1, len(sources))) > 0
    told: set[int] = set()
    for i, source in enumerate(sources):
        circle = [j for j in range(len(sources)) if reach[i, j] and reach[j, i]]
        growth = float(np.abs(np.linalg.eigvals(calls[np.ix_(circle, circle)])).max())
        if i in told or growth < 1.0:
            continue
        told.update(circle)
        names = [sources[j].part.name for j in circle]
        circled = "" if len(names) == 1 else f" ({' and '.join(names)} raise each other)"
        yield (
            f"{source.path}.escalation",
            f"an escalation loop: in tense times each package calls forth {growth:.2g} more while "
            f"the factor lasts{circled}, and each of these again; lower the factor or the time "
            "until it is less than 1",
        )
