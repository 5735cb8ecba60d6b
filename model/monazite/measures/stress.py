"""What a ban by one supplier did to everybody else."""

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from monazite.trajectories import Floats, Trajectories

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Loss:
    """What users of some products in some regions lose in one run.

    Attributes:
        use_t_per_yr: what they use in a year when nothing happens.
        shortfall_t: wanted at the going price and not served.
        given_up_t: given up because of the price.
        substituted_t: not needed because of substitution.
        value_added_lost_usd: value added of what is short or given up.
        first_short_d: day of the first shortage, inf where there is none.
        last_short_d: end of the last one; inf where it outlasts the run, NaN where there is none.
    """

    use_t_per_yr: float
    shortfall_t: float
    given_up_t: float
    substituted_t: float
    value_added_lost_usd: float
    first_short_d: float
    last_short_d: float

    @property
    def shortfall_share(self) -> float:
        """Shortfall over a year's use."""
        return self.shortfall_t / self.use_t_per_yr

    @property
    def given_up_share(self) -> float:
        """What is given up over a year's use."""
        return self.given_up_t / self.use_t_per_yr

    @property
    def not_served_share(self) -> float:
        """Shortfall and what is given up over a year's use."""
        return self.shortfall_share + self.given_up_share


@dataclass(frozen=True, slots=True)
class Stress:
    """One ban on one product, and what it did outside the controller.

    Attributes:
        chain: name of the chain.
        product: what is banned.
        controller: who bans it.
        output_share: the controller's part of the world's output of the product.
        outside_share: the part of its use elsewhere that the controller supplied.
        loss: what users elsewhere lose of what is made of the product.
        price_multiple: highest price of the product elsewhere, over the reference price.
        price_capped: whether the cap held that price down.
    """

    chain: str
    product: str
    controller: str
    output_share: float
    outside_share: float
    loss: Loss
    price_multiple: float
    price_capped: bool


def loss(run: Trajectories, products: Collection[str], regions: Collection[str]) -> Loss:
    """Return what users of these products in these regions lose in a run without growth."""
    mine = [u for u, use in enumerate(run.layout.uses) if use[1] in regions and use[2] in products]
    span_d = float(run.edges_d[-1] - run.edges_d[0])
    lost_t = (run.shortfall_t[:, mine] + run.curtailed_t[:, mine]).sum(axis=0)
    last_d = float(run.last_short_d[:, mine].max(initial=-math.inf))
    return Loss(
        use_t_per_yr=float(run.reference_t[:, mine].sum()) / span_d * DAYS_PER_YEAR,
        shortfall_t=float(run.shortfall_t[:, mine].sum()),
        given_up_t=float(run.curtailed_t[:, mine].sum()),
        substituted_t=float(run.substituted_t[:, mine].sum()),
        value_added_lost_usd=float(lost_t @ run.value_added_usd_per_t[mine]),
        first_short_d=float(run.first_short_d[:, mine].min(initial=math.inf)),
        last_short_d=_ended(last_d, float(run.edges_d[-1])),
    )


def _ended(last_d: float, end_d: float) -> float:
    if last_d == -math.inf:
        return math.nan
    return math.inf if last_d >= end_d else last_d


def prices_of(run: Trajectories, product: str, regions: Collection[str]) -> Floats:
    """Return the price of a product in some regions over its reference, shape (B, regions)."""
    p = run.layout.products.index(product)
    columns = [r for r, region in enumerate(run.layout.regions) if region in regions]
    return run.price[:, p, columns]


def is_capped(price: Floats, log_cap: float, step: float) -> bool:
    """Return whether a price was ever drawn to its cap.

    A log price closes the part `step` of the way to its target in each review, so its
    target can be read back from two prices.

    Args:
        price: over the reference at the end of each review, shape (B, regions), 1 before.
        log_cap: natural log of the highest target.
        step: part of the gap that a review closes.

    >>> is_capped(np.array([[1.5], [2.0]]), np.log(6.0), 0.5)
    False
    >>> is_capped(np.array([[6.0**0.5], [6.0**0.75]]), np.log(6.0), 0.5)
    True
    """
    log_price = np.log(np.concatenate([np.ones((1, price.shape[1])), price]))
    target = log_price[:-1] + np.diff(log_price, axis=0) / step
    return bool(target.max(initial=-math.inf) >= log_cap - 1e-6)
