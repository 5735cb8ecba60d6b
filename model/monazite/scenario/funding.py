"""In which form the public money of a project comes, as a file gives it."""

from collections.abc import Iterator

from monazite.scenario.fields import FixedDuration, FixedRate, FixedShare
from monazite.scenario.part import Part
from monazite.scenario.quantity import Quantity

NOTHING = Quantity.fixed(0.0, "share")
_AT_ONCE = Quantity.fixed(0.0, "d")


class PublicLoan(Part):
    """Public money that a plant pays back out of what it earns."""

    share: FixedShare
    """Part of the capital cost that is lent."""
    rate: FixedRate
    """Yearly interest, from first output on."""
    term: FixedDuration
    """Time over which it is paid back, in level payments."""
    grace: FixedDuration = _AT_ONCE
    """Time from first output to the first payment; interest is added meanwhile."""

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the loan."""
        if self.share.central == 0:
            yield "share", "a loan of nothing does nothing; give a share above 0, or leave it out"
        if self.term.central == 0:
            yield "term", "a loan is paid back over some time; give a term above 0"


class Funding(Part):
    """The public money in a project: given, lent, or in exchange for a part of what it earns."""

    grant: FixedShare = NOTHING
    """Part of the capital cost that is given."""
    loan: PublicLoan | None = None
    """What is lent, and how it comes back."""
    equity: FixedShare = NOTHING
    """Part of the capital cost that is paid in as equity; it earns that part of the margin."""

    @property
    def lent(self) -> float:
        """Part of the capital cost that is lent."""
        return 0.0 if self.loan is None else self.loan.share.central

    @property
    def share(self) -> float:
        """Part of the capital cost that is public, in whatever form."""
        return self.grant.central + self.lent + self.equity.central

    def disagreements(self) -> Iterator[tuple[str, str]]:
        """Yield what contradicts itself in the funding."""
        if self.share > 1 + 1e-12:
            yield "", f"grant, loan and equity add up to {self.share:.4g} of the cost, above 1"
        if self.share == 0:
            yield "", "funds nothing; give a grant, a loan or equity, or 'public_share: 0' instead"
