"""What a comparison says, in a few sentences for each region: the best, by how much, how sure."""

from collections.abc import Mapping, Sequence

from monazite.report.comparison import MAIN, SHOWN, Held, Row, against, half, stake
from monazite.report.money import money, settled
from monazite.report.rounding import about as roughly
from monazite.report.rounding import is_small, percent, plain, scale, with_error, worlds
from monazite.report.summary import Finished, measure_in_words, needs

Pairs = Mapping[tuple[str, str], Row]
"""Rows of one region and measure by strategy and the one it is compared with."""


def findings(results: Finished, baseline: str | None = None) -> list[str]:
    """Return the sentences that matter: for each region, then about the money.

    Args:
        results: a finished run.
        baseline: the strategy to compare with; None for the scenario's own.
    """
    about = results.about
    versus = about.baseline if baseline is None else baseline
    rows = results.compare(versus)
    if not rows:
        return []
    held, need_t = against(rows, versus), needs(results, versus)
    found = []
    for group in about.groups:
        here = [row for row in rows if row["region"] == group]
        found += [
            line
            for _, measure, tier in SHOWN
            if (measure, tier) != MAIN and (line := _nothing(held, need_t, (group, measure, tier)))
        ]
        found.append(f"{group}: {_best(here, versus, held, need_t)}")
    mixed = [group for group in about.groups if about.adds_minerals(group)]
    if mixed:
        found.append(
            f"Under {_listed(mixed)} tonnes of several minerals are added up, which do not "
            "compare: look at dollars there, and at each mineral by itself."
        )
    return [*found, *settled(results), *money(results)]


def _nothing(
    held: Held, need_t: Mapping[tuple[str, str], float], what: tuple[str, str, str]
) -> str:
    """Return a line on a measure that no strategy changes; empty where one does."""
    group, measure, tier = what
    rows = [row for key, row in held.items() if (key[0], *key[2:]) == what]
    head, first = f"{group}, {measure_in_words(measure, tier)}: ", rows[0]
    if all(row["zero_by"] == "construction" for row in rows):
        return f"{head}0 by construction: nothing is asked for, or nothing can cause any."
    if all(row["zero_by"] for row in rows):
        said = f"{head}no strategy makes a difference in any world; "
        if first["versus_mean"]:
            return f"{said}it is {_plain(first['versus_mean'], first['unit'])} with each."
        price = _given_up(held, group, tier) if measure == "shortfall" else ""
        return f"{said}it is 0 in all worlds by result, not by construction{price}."
    if all(row["zero_by"] or _small(row, held, need_t) for row in rows):
        said = f"{head}no strategy changes it by a 10,000th of the need"
        if is_small(first["versus_mean"], 0.0, stake(held, need_t, first)):
            return f"{said}; nor is the whole of it that much."
        return f"{said}; it is {_plain(first['versus_mean'], first['unit'])}."
    return ""


def _small(row: Row, held: Held, need_t: Mapping[tuple[str, str], float]) -> bool:
    return is_small(row["avoided"], half(row), stake(held, need_t, row))


def _given_up(held: Held, group: str, tier: str) -> str:
    """Say where the unmet need of a tier without shortfall goes."""
    lost = next(
        row["versus_mean"]
        for key, row in held.items()
        if (key[0], *key[2:]) == (group, "not_served", tier)
    )
    if not lost:
        return ": all that is wanted is served"
    return f": what tier {tier} goes without, {_plain(lost, 't')}, is given up because of the price"


def _best(
    rows: Sequence[Row], versus: str, held: Held, need_t: Mapping[tuple[str, str], float]
) -> str:
    """Return the sentences on what is not served in one region."""
    pairs = _pairs(rows, MAIN)
    ranked = _ranked(pairs)
    to_base = [pairs[name, versus] for name in ranked if name != versus]
    if all(row["zero_by"] == "construction" for row in to_base):
        return "all strategies are equal by construction: nothing can be lost."
    if all(row["zero_by"] for row in to_base):
        count = worlds(to_base[0]["replications"])
        return f"what is not served is the same with every strategy in all {count}."
    best, second = ranked[:2]
    row = pairs[(second, versus) if best == versus else (best, versus)]
    said = [_beside_baseline(row, best == versus)]
    if versus not in (best, second) and (best, second) in pairs:
        said.append(_beside_next(pairs[best, second]))
    said += _other_order(rows, best)
    worse = [
        f"{row['strategy']} by {_amount(row)}"
        for row in to_base
        if row["avoided"] < 0 and row["resolved"] == "yes" and row["strategy"] != second
        if not _small(row, held, need_t)
    ]
    return " ".join([*said, *([f"Worse than {versus}: {_listed(worse)}."] if worse else [])])


def _beside_baseline(row: Row, baseline_best: bool) -> str:
    one, versus = row["strategy"], row["versus"]
    if baseline_best:
        said = f"no strategy leaves less unserved than {versus}. The next, {one}, "
        if row["zero_by"]:
            return f"{said}does the same in every world."
        if row["resolved"] == "yes":
            often = percent(row["probability_worse"])
            return f"{said}leaves {_amount(row)} more, worse in {often} % of worlds."
        return f"{said}cannot be told from it: {missing(row)}."
    if row["zero_by"]:
        return (
            f"no strategy leaves less unserved than {versus}; {one} does the same in every world."
        )
    share = f"{plain(100 * row['avoided'] / row['versus_mean'], 2)} %"
    said = f"{one} leaves least unserved, {_amount(row)} less than {versus} ({share})"
    if row["resolved"] != "yes":
        return f"{said}, but that is not resolved; {missing(row)}."
    often, best = percent(row["probability_better"]), percent(row["probability_best"])
    return f"{said}: better in {often} % of worlds, best of all in {best} %."


def _beside_next(row: Row) -> str:
    if row["zero_by"]:
        return f"{row['versus']} does the same in every world."
    said = f"It is ahead of {row['versus']} by {_amount(row)}, "
    if row["resolved"] == "yes":
        return f"{said}better in {percent(row['probability_better'])} % of worlds."
    return f"{said}which is not resolved; {missing(row)}."


def _other_order(rows: Sequence[Row], best: str) -> list[str]:
    """Return a sentence where another strategy keeps more value added."""
    pairs = _pairs(rows, ("value_added_lost", "all"))
    first = _ranked(pairs)[0]
    if first == best or (first, best) not in pairs or pairs[first, best]["zero_by"]:
        return []
    row = pairs[first, best]
    sure = "" if row["resolved"] == "yes" else f", which is not resolved; {missing(row)}"
    return [f"By value added kept, {first} is ahead of {best} by {_amount(row)}{sure}."]


def missing(row: Row) -> str:
    """Return what it takes to resolve a difference."""
    if row["replications"] < 2:
        return "one world cannot tell"
    if row["replications_needed"] is None:
        return "too close for any number of replications"
    needed = max(row["replications_needed"], row["replications"] + 1)
    return f"needs about {roughly(needed)} replications (there are {row['replications']:,})"


def turned(row: Row) -> Row:
    """Return the same pair seen from the other side."""
    low, high = row["avoided_low"], row["avoided_high"]
    return {
        **row,
        "strategy": row["versus"],
        "versus": row["strategy"],
        "strategy_mean": row["versus_mean"],
        "versus_mean": row["strategy_mean"],
        "avoided": -row["avoided"],
        "avoided_low": None if high is None else -high,
        "avoided_high": None if low is None else -low,
        "probability_better": row["probability_worse"],
        "probability_worse": row["probability_better"],
    }


def _pairs(rows: Sequence[Row], measure: tuple[str, str]) -> Pairs:
    """Return every pair from both sides."""
    chosen = [row for row in rows if (row["measure"], row["tier"]) == measure]
    both = [*chosen, *map(turned, chosen)]
    return {(row["strategy"], row["versus"]): row for row in both}


def _ranked(pairs: Pairs) -> list[str]:
    """Return the strategies, the one that loses least first."""
    mean = {row["strategy"]: row["strategy_mean"] for row in pairs.values()}
    return sorted(mean, key=lambda name: mean[name])


def _amount(row: Row) -> str:
    size, unit = scale([row["avoided"], half(row)], row["unit"])
    return f"{with_error(abs(row['avoided']) / size, half(row) / size)} {unit}"


def _plain(value: float, unit: str) -> str:
    size, in_unit = scale([value], unit)
    return f"{plain(value / size, 2)} {in_unit}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
