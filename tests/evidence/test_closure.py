"""The figures of a chain, taken from different sources, must nearly fit together."""

from dataclasses import dataclass

import pytest

from monazite.evidence import Chain, chain_names, read_chain

WITHIN = 0.35
NO_NEED_T = 1e-9
"""What a region must need to be asked where it buys; less is what shares that add up to 1 leave."""


@dataclass(frozen=True)
class Row:
    product: str
    need_t: float
    fixed_t: float
    balancing_t: float

    @property
    def moved(self) -> float:
        return (self.need_t - self.fixed_t) / self.balancing_t - 1


def closure(chain: Chain) -> list[Row]:
    """Walk from use up to the mines, and see what the balancing makers would have to make."""
    need = dict.fromkeys(chain.products, 0.0)
    for region, use in chain.use.items():
        for name, sector in chain.sectors.items():
            need[sector.product] += use.total.central * chain.share_of(region, name)
    rows = []
    for product in downstream_first(chain):
        makers = chain.makers_of(product)
        fixed = sum(m.output.central for m in makers if not m.balances)
        balancing = sum(m.output.central for m in makers if m.balances)
        row = Row(product, need[product], fixed, balancing)
        rows.append(row)
        for maker in makers:
            made = maker.output.central * (1 + row.moved if maker.balances else 1)
            for feed, per_tonne in chain.processes[maker.process].needs.items():
                need[feed] += made * per_tonne.central
    return rows


def downstream_first(chain: Chain) -> list[str]:
    order: list[str] = []
    while len(order) < len(chain.products):
        for product in chain.products:
            users = [p.makes for p in chain.processes.values() if product in p.needs]
            if product not in order and all(user in order for user in users):
                order.append(product)
    return order


@pytest.mark.parametrize("name", chain_names())
def test_what_the_balancing_makers_must_make_is_near_what_is_recorded(name: str) -> None:
    rows = closure(read_chain(name))
    table = "\n".join(
        f"{r.product:18s} need {r.need_t:9,.0f}  fixed {r.fixed_t:8,.0f}"
        f"  balancing {r.balancing_t:9,.0f}  moved {r.moved:+.1%}"
        for r in rows
    )
    print(f"\n{name}\n{table}")  # noqa: T201
    for row in rows:
        assert row.fixed_t < row.need_t, f"{row.product}: makers that do not balance exceed need"
        assert abs(row.moved) <= WITHIN, table


@pytest.mark.parametrize("name", chain_names())
def test_known_routes_add_up_to_the_need_of_each_buyer(name: str) -> None:
    """A region that needs none of a product is not asked where it would buy it."""
    chain = read_chain(name)
    needs = {pair: need for pair, need in needs_by_region(chain).items() if need > NO_NEED_T}
    bought: dict[tuple[str, str], float] = {}
    for route in chain.routes:
        if route.share is not None:
            pair = (route.product, route.buyer)
            bought[pair] = bought.get(pair, 0.0) + route.share.central
    wrong = {pair: share for pair, share in bought.items() if share > 1.02}
    wrong |= {pair: bought.get(pair, 0.0) for pair in needs if bought.get(pair, 0.0) < 0.98}
    assert wrong == {}


@pytest.mark.parametrize("name", chain_names())
def test_known_routes_carry_about_what_each_seller_makes(name: str) -> None:
    chain = read_chain(name)
    needs = needs_by_region(chain)
    for product in chain.products:
        sold: dict[str, float] = {}
        for route in chain.routes:
            if route.product == product and route.share is not None:
                flow = route.share.central * needs.get((product, route.buyer), 0.0)
                sold[route.seller] = sold.get(route.seller, 0.0) + flow
        for maker in chain.makers_of(product):
            if sold.get(maker.region, 0.0) < 100:
                continue
            made = sum(
                m.output.central for m in chain.makers_of(product) if m.region == maker.region
            )
            ratio = sold[maker.region] / made
            assert 0.5 < ratio < 1.6, f"{product} of {maker.region}: {ratio:.2f} of output"


def needs_by_region(chain: Chain) -> dict[tuple[str, str], float]:
    needs: dict[tuple[str, str], float] = {}
    for region, use in chain.use.items():
        for name, sector in chain.sectors.items():
            amount = use.total.central * chain.share_of(region, name)
            needs[sector.product, region] = needs.get((sector.product, region), 0.0) + amount
    for maker in chain.makers:
        for feed, per_tonne in chain.processes[maker.process].needs.items():
            amount = maker.output.central * per_tonne.central
            needs[feed, maker.region] = needs.get((feed, maker.region), 0.0) + amount
    return needs


def test_the_world_split_of_magnets_is_near_what_is_known_of_it() -> None:
    chain = read_chain("ndfeb")
    total = sum(use.total.central for use in chain.use.values())
    share = {
        sector: sum(u.total.central * chain.share_of(r, sector) for r, u in chain.use.items())
        / total
        for sector in chain.sectors
    }
    assert share["ev"] == pytest.approx(0.22, abs=0.03)
    assert share["wind"] == pytest.approx(0.115, abs=0.03)
    assert 0.25 <= share["electronics"] <= 0.35
    assert share["defence"] < 0.003
    assert share["industry"] > 0.2
