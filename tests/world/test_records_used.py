"""What is said to feed the model does, and what is said to wait is not read."""

from pathlib import Path

import pytest

from monazite.evidence import all_records, chain_names, read_chain, read_phases, records_of
from monazite.evidence.feeds import feeds, waits_for
from monazite.evidence.supply import supplies
from monazite.scenario import read_scenario
from monazite.world import prepare

STOCK = """
      - stockpile:
          name: store_{product}
          product: {product}
          place: {place}
          owner: {place}
          target: 90 days of use
          release: {{trigger: shortfall, tiers: [1, 2, 3]}}"""
PLANT = """
      - project:
          name: plant_{kind}
          kind: {kind}
          region: {place}
          capacity: 10 t/yr
          start: 2026-01-01
          public_share: 40 %"""
SCENARIO = """
schema: 1
name: everything
title: Everything that a chain has is used
chain: {chain}
start: 2026-01-01
end: 2036-01-01
replications: 2
seed: 1
budget: 1 billion USD
incumbents_idle: true
learning: true
report: [{place}]
groups:
  others: [{others}]
disruptions:
  outages: true
  behaviour: {{leverage: {{}}}}
  scheduled:
    - name: announced
      controller: {controller}
      products: [{product}]
      targets: [all]
      form: ban
      announced: 60 days
      start: 2030-01-01
      leakage: {{delay: 60 days}}
    - name: on_all_others_by_name
      controller: {controller}
      products: [{product}]
      targets: [others]
      form: ban
      start: 2030-01-01
      leakage: {{delay: 60 days}}
  random:
    - name: packages
      controller: {controller}
      starts: calm
      hits: 0.5
      form: ban
      duration: 1 year
      scopes:
        - {{products: [{product}], targets: [all], weight: 1}}
strategies:
  none: {{title: Nothing, baseline: true}}
  all:
    title: All
    instruments:{instruments}
"""


def everything(name: str) -> str:
    """Return a scenario with a stock of every product and a plant of every kind."""
    chain = read_chain(name)
    made = supplies(chain)
    traded = next(
        (product, part.largest)
        for product, part in made.items()
        if len(part.use) > 1 and any(r.product == product and r.seller == part.largest
                                     and r.buyer != part.largest for r in chain.routes)
    )  # fmt: skip
    stocks = [STOCK.format(product=p, place=max(s.use, key=s.use.__getitem__))
              for p, s in made.items()]  # fmt: skip
    plants = [
        PLANT.format(kind=kind, place=made[chain.processes[part.process].makes].largest)
        for kind, part in read_phases().classes.items()
        if part.process in chain.processes
    ]
    return SCENARIO.format(
        chain=name,
        place=next(iter(chain.use)),
        controller=traded[1],
        product=traded[0],
        others=", ".join(region for region in chain.regions() if region != traded[1]),
        instruments="".join([*stocks, *plants]),
    )


def waiting_for_a_plant(name: str) -> set[str]:
    """Return the lead times of which every route begins where nothing is made yet."""
    chain = read_chain(name)
    made = {(chain.processes[m.process].makes, m.region) for m in chain.makers}
    now = {route.lead for route in chain.routes if (route.product, route.seller) in made}
    return {record.name for lead, record in chain.leads.items() if lead not in now}


def cost_of_no_plant(name: str) -> set[str]:
    """Return the opex of by-products, which answer to no price, and of regions without a maker."""
    chain = read_chain(name)
    asked = {
        chain.processes[m.process].opex_in(m.region).name
        for m in chain.makers
        if chain.processes[m.process].by_product_of is None
    }
    every = {record.name for part in chain.processes.values() for record in part.opex.values()}
    return every - asked


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Names of all numbers that a world reads, by chain."""
    folder: Path = tmp_path_factory.mktemp("everything")
    found = {}
    for name in chain_names():
        file = folder / f"{name}.yaml"
        file.write_text(everything(name), encoding="utf-8")
        found[name] = set(prepare(read_scenario(file)).inputs.names)
    return found


@pytest.mark.parametrize("chain", chain_names())
def test_a_world_reads_every_record_of_its_chain_that_is_said_to_feed_it(
    chain: str, read: dict[str, set[str]]
) -> None:
    said = {name for name in records_of(chain) if feeds(name) is not None}
    assert said - read[chain] - waiting_for_a_plant(chain) - cost_of_no_plant(chain) == set()


def test_a_world_reads_what_behaviour_phases_and_hazard_say_they_feed(
    read: dict[str, set[str]],
) -> None:
    every = set().union(*read.values())
    market = {name.split(".market.")[1] for name in every if ".market." in name}
    for first in ("behaviour", "phases", "hazard"):
        said = {name for name in records_of(first) if feeds(name) is not None}
        unread = {name for name in said - every if name.rpartition(".")[2] not in market}
        assert unread == set(), first


def test_no_world_reads_what_is_said_to_wait(read: dict[str, set[str]]) -> None:
    waiting = {name for name in all_records() if waits_for(name) is not None}
    assert waiting & set().union(*read.values()) == set()
