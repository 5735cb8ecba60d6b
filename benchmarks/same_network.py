"""Node-periods a second on one network: ours, SupplyNetPy's and stockpyl's."""

from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from time import perf_counter

from benchmarks.networks import NODES, REGIONS, WEEKS, ours, stockpyl, supplynetpy
from benchmarks.show import show
from benchmarks.timing import in_turn, least_and_middle
from monazite.simulation import run as simulation

QUIET, DISTURBED = "monazite", "monazite, controls and outages"
AIMS = {"SupplyNetPy": 150, "stockpyl": 1000}
STOCKPYL_WEEKS = 52


def our_work(name: str, disturbed: bool) -> Callable[[], dict[str, float]]:
    """Return a work that runs our network for 15 years, events and books included."""
    prepared = ours(disturbed)
    world = simulation.draw_world(prepared, 0)
    edges_d = simulation.edges_by(prepared, "quarter")
    run = simulation.simulate(world, "none", edges_d)  # compiles
    moved = abs(run.price - 1.0).max() > 1e-9
    assert moved == disturbed, "no price moves in the quiet network, some do in the other"

    def work() -> dict[str, float]:
        begun = perf_counter()
        simulation.simulate(world, "none", edges_d)
        return {name: perf_counter() - begun}

    return work


def supplynetpy_work() -> dict[str, float]:
    """Return the time of 15 years."""
    import SupplyNetPy.Components as scm

    net = supplynetpy()
    begun = perf_counter()
    scm.simulate_sc_net(net, sim_time=WEEKS, logging=False)
    spent = perf_counter() - begun
    assert net["fulfillment_received_by_customers"][1] > 0.9 * net["demand_by_customers"][1]
    return {"SupplyNetPy": spent}


def stockpyl_work() -> dict[str, float]:
    """Return the time of 15 years at the pace of the first of them."""
    from stockpyl.sim import simulation as simulate

    net = stockpyl()
    begun = perf_counter()
    simulate(net, STOCKPYL_WEEKS, rand_seed=1, progress_bar=False, consistency_checks="N")
    return {"stockpyl": (perf_counter() - begun) * WEEKS / STOCKPYL_WEEKS}


def main(repeats: int = 3) -> None:
    """Print how many node-periods a second each one gets through."""
    works = [our_work(QUIET, False), our_work(DISTURBED, True)]
    peers = {"SupplyNetPy": supplynetpy_work, "stockpyl": stockpyl_work}
    there = {name: work for name, work in peers.items() if find_spec(name) is not None}
    absent = [name for name in peers if name not in there]
    times = in_turn([*works, *there.values()], repeats)
    best = {name: least_and_middle(seconds)[0] for name, seconds in times.items()}
    rows = []
    for name, seconds in best.items():
        called = name if name not in there else f"{name} {version(name)}"
        quiet, disturbed = (seconds / best[mine] for mine in (QUIET, DISTURBED))
        aim = f"{AIMS[name]}" if name in AIMS else ""
        rows.append(
            (called, f"{NODES * WEEKS / seconds:,.0f}", f"{quiet:,.1f}", f"{disturbed:,.1f}", aim)
        )
    show(
        "The same network in three libraries: 4 stages x 8 regions, weekly, 15 years",
        ("", "node-periods\na second", "times\nmonazite", "times, if\ndisturbed", "aim"),
        rows,
        f"A node is one stage in one region, with its maker and its stock: {NODES} in all "
        f"three, each with {len(REGIONS)} sources, constant use, one process, least of {repeats}. "
        "Users and sources of raw material are no nodes. Building is not timed, nor is our "
        "drawing of a world.",
        "SupplyNetPy: only the first stage makes, the others are stocks; an order goes whole to "
        "one source by lot. stockpyl: fixed shares of sources, one lead time for all; "
        f"{STOCKPYL_WEEKS} weeks run, scaled to {WEEKS}. In neither do moving prices, tiers, "
        "habits, clean origin, licences or books by quarter exist, which ours keeps here; nor are "
        "capacities set.",
        *(f"{name} is not installed: pip install 'monazite[bench]'" for name in absent),
    )  # fmt: skip


if __name__ == "__main__":
    main()
