"""What a fragment is for: a product and a process of a chain, checked where the chain is known."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from monazite.errors import DataError, Problem
from monazite.evidence import Chain, read_chain
from monazite.scenario.hints import did_you_mean, listed


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a fragment belongs.

    Attributes:
        product: the product that the amounts are of.
        process: the process whose makers they are of; None for a second opinion.
        lead: the lead of the routes, where the chain has none for a pair.
        chain: the chain; None where it is not written yet.
        imported: part of the need of a region that it imports.
    """

    product: str
    process: str | None = None
    lead: str | None = None
    chain: Chain | None = None
    imported: float = 1.0

    def regions(self) -> Collection[str] | None:
        """Return the regions that the chain names, or None where all of the model may stand."""
        return None if self.chain is None else set(self.chain.regions())

    def own_output(self, region: str) -> float | None:
        """Return what the chain itself records as output of the product in a region [t/yr]."""
        if self.chain is None:
            return None
        makers = [m for m in self.chain.makers_of(self.product) if m.region == region]
        mine = [m for m in makers if self.process in (None, m.process)]
        return sum(m.output.central for m in mine) if mine else None

    def lead_between(self, seller: str, buyer: str) -> str | None:
        """Return the lead of a pair: as the chain has it, else as the user says."""
        routes = self.chain.routes if self.chain else ()
        for route in routes:
            if (route.product, route.seller, route.buyer) == (self.product, seller, buyer):
                return route.lead
        return self.lead


def aim_at(
    product: str,
    process: str | None = None,
    lead: str | None = None,
    chain: str | None = None,
    imported: float = 1.0,
) -> Aim:
    """Return what a fragment is for.

    Raises:
        DataError: naming every word that the chain does not know, with the likely fix.
    """
    aim = Aim(product, process, lead, None if chain is None else read_chain(chain), imported)
    if problems := list(_unknown(aim)):
        raise DataError(problems)
    return aim


def _unknown(aim: Aim) -> Iterator[Problem]:
    if aim.chain is None:
        return
    words = (
        ("product", aim.product, aim.chain.products),
        ("process", aim.process, aim.chain.processes),
        ("lead", aim.lead, aim.chain.leads),
    )
    for kind, word, known in words:
        if word is not None and word not in known:
            hint = did_you_mean(word, known) or f"; it has {listed(known)}"
            yield Problem(
                "", f"--{kind} {word}: chain '{aim.chain.chain}' has no such {kind}{hint}"
            )
