"""What of the official lists is modelled, how well, and why the rest is not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from monazite.evidence.chain import ByName, Chain
from monazite.evidence.grades import ChainGrade, chain_grade
from monazite.evidence.reading import chain_names, read_chain
from monazite.evidence.seedfiles import part_of, seed_data
from monazite.scenario.part import Part, Several


class OfficialList(Part):
    """A list of minerals that a government calls critical."""

    title: str
    source: Several[str]
    where: str
    minerals: Several[str]


class Unmodelled(Part):
    """Minerals without a chain, for one reason."""

    minerals: Several[str]
    because: str


class Coverage(Part):
    """The official lists, which chain holds which mineral, and why the others have none."""

    lists: ByName[OfficialList]
    groups: ByName[Several[str]]
    chains: ByName[Several[str]]
    not_modelled: Several[Unmodelled]

    def opened(self, words: Iterable[str]) -> Iterator[str]:
        """Yield minerals, those of a group in place of its name."""
        for word in words:
            if word in self.groups:
                yield from self.opened(self.groups[word])
            else:
                yield word

    def listed_by(self, minerals: Iterable[str]) -> list[str]:
        """Return the lists that name one of some minerals, or a group that it is in."""
        wanted = set(minerals)
        return [
            name for name, part in self.lists.items() if wanted & set(self.opened(part.minerals))
        ]


@lru_cache(maxsize=1)
def coverage() -> Coverage:
    """Return the record of what is modelled and what is not."""
    return part_of(Coverage, seed_data("coverage.yaml"), "coverage.yaml")


@dataclass(frozen=True, slots=True)
class Modelled:
    """A chain, as the coverage tells of it.

    Attributes:
        chain: its name.
        lists: official lists that name what it holds.
        grade: how far its numbers can be trusted.
        kinds: how many numbers of each kind.
        missing: what its evidence lacks, in words.
    """

    chain: str
    lists: list[str]
    grade: ChainGrade
    kinds: dict[str, int]
    missing: list[str]


def modelled() -> list[Modelled]:
    """Return every chain with its grade and its gaps."""
    known = coverage()
    found = []
    for name in chain_names():
        chain = read_chain(name)
        kinds = dict(Counter(str(record.kind) for record in chain.records().values()))
        lists = known.listed_by(known.chains.get(name, ()))
        found.append(Modelled(name, lists, chain_grade(chain), kinds, list(gaps(chain))))
    return found


def unmodelled() -> list[tuple[str, list[str], str]]:
    """Return every mineral of the lists that has no chain, the lists that name it, and why."""
    known, there = coverage(), chain_names()
    missing = [
        (mineral, f"The chain '{chain}' is not there")
        for chain, minerals in known.chains.items()
        if chain not in there
        for mineral in minerals
    ]
    reasons = [(m, part.because) for part in known.not_modelled for m in part.minerals]
    return [(mineral, known.listed_by([mineral]), why) for mineral, why in missing + reasons]


def gaps(chain: Chain) -> Iterator[str]:
    """Yield what the evidence of a chain lacks."""
    unsourced = [p for p in chain.products if not any(m.output.source for m in chain.makers_of(p))]
    if unsourced:
        yield f"no source for any output of {', '.join(unsourced)}"
    seconds = {opinion.product for opinion in chain.second_opinions}
    alone = [product for product in chain.products if product not in seconds]
    if len(alone) == len(chain.products):
        yield "no second opinion on any output"
    elif alone:
        yield f"no second opinion on {', '.join(alone)}"
    if not any(maker.capacity for maker in chain.makers):
        yield "no reported capacity"
    if not any(use.total.source for use in chain.use.values()):
        yield "no source for any use by region"
    if not any(sector.elasticity.source for sector in chain.sectors.values()):
        yield "no source for any elasticity"
    records = chain.records().values()
    bare = sum(not record.source for record in records)
    yield f"{100 * bare / len(records):.0f} % of the numbers cite no source"
