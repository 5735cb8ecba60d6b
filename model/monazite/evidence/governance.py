"""How regions are governed: a file of `import governance`, and the risk that it stands for."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import Field

from monazite.errors import SeedError
from monazite.evidence.regions import regions
from monazite.evidence.seedfiles import part_of
from monazite.evidence.supply import REST, Supply
from monazite.scenario.hints import did_you_mean
from monazite.scenario.part import Part, Slug
from monazite.scenario.text import read_bytes


class Scale(Part):
    """The ends of the scale of an indicator."""

    worst: float
    best: float

    def disagreements(self) -> Iterable[tuple[str, str]]:
        """Yield what contradicts itself."""
        if self.worst >= self.best:
            yield "worst", f"{self.worst:g} is not below best, {self.best:g}"


class Governance(Part):
    """One indicator of one year by region."""

    indicator: Slug
    year: int
    source: str
    scale: Scale
    regions: dict[str, float] = Field(min_length=1)
    """Regions without a value are left out."""

    def disagreements(self) -> Iterable[tuple[str, str]]:
        """Yield regions that the model does not know, or that stand for many countries."""
        known = [region for region in regions() if region != REST]
        for region in self.regions:
            if region not in known:
                yield "regions", f"no value can be of '{region}'{did_you_mean(region, known)}"

    def risk(self, region: str) -> float | None:
        """Return the risk of a region, 0 to 1, or None where it has no value.

        Values beyond the ends of the scale count as the ends.
        """
        if region not in self.regions:
            return None
        ends = self.scale
        return min(1.0, max(0.0, (ends.best - self.regions[region]) / (ends.best - ends.worst)))


def governance_in(path: Path) -> Governance:
    """Read a file that `import governance` wrote.

    Raises:
        SeedError: if there is none, or with what is wrong in it.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SeedError(f"{path}: cannot be read ({error.strerror})") from None
    text = read_bytes(raw, str(path))
    if text.problems:
        raise SeedError("\n".join(str(problem) for problem in text.problems))
    return part_of(Governance, text.data, str(path))


def weighted_hhi(supply: Supply, risks: Mapping[str, float]) -> tuple[float, float] | None:
    """Return concentration weighted by risk, 0 to 10,000: squared shares in per cent times risk.

    Makers without a risk count with the mean of the others, each with the same weight. None
    where no maker has one. As in `Supply.hhi`, the first takes the rest of the world as many
    small makers, the second as one.

    >>> weighted_hhi(Supply({"china": 60.0, "japan": 40.0}, {}, {}), {"china": 0.5, "japan": 0.25})
    (2200.0, 2200.0)
    """
    known = [risks[region] for region in supply.output if region in risks]
    if not known:
        return None
    mean = sum(known) / len(known)
    parts = {r: (100 * supply.share(r)) ** 2 * risks.get(r, mean) for r in supply.output}
    named = sum(part for region, part in parts.items() if region != REST)
    return named, named + parts.get(REST, 0.0)
