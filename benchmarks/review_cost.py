"""What a review costs: bare rules first, then each layer of a run around them."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.show import show
from benchmarks.timing import Part, Stopwatch, in_turn, least_and_middle
from benchmarks.worlds import scenario
from monazite import experiments, measures
from monazite.experiments import running, shards, work
from monazite.rules import review
from monazite.rules.records import Books, Model
from monazite.simulation import run as simulation
from monazite.world import Prepared, prepare

CALM = "bare rules, one call, nothing happens"
RULES = "bare rules, in the same worlds"
SIMPY = "+ SimPy processes and results"
DRAWN = "+ a world drawn for five strategies"
MEASURED = "+ measures"
KEPT = "+ shards on disk"
WHOLE = "the whole run, with once-a-run work"

IN_RULES = ("rules", review, "run_reviews")
IN_BLOCKS = ("blocks: the rest", running, "run_blocks")
PARTS = (
    IN_RULES,
    IN_BLOCKS,
    ("SimPy: processes, copies, events", simulation, "simulate"),
    ("SimPy: switching controls", simulation, "switch"),
    ("results out of the books", simulation, "results_of"),
    ("world: drawing inputs", simulation, "draw_inputs"),
    ("world: drawing controls", simulation, "draw_dated"),
    ("world: drawing controls", simulation, "draw_regimes"),
    ("world: drawing controls", simulation, "draw_packages"),
    ("world: drawing outages", simulation, "draw_outages"),
    ("world: drawing projects", simulation, "draw_fates"),
    ("world: building its tables", Prepared, "model"),
    ("world: licences and queues", simulation, "fill_controls"),
    ("world: licences and queues", simulation, "back_cast"),
    ("measures", work, "measure"),
    ("shards", shards.Shards, "write"),
    ("once: warming up the rules", simulation, "warm_up"),
    ("once: statistics over replications", running, "reduce_strategy"),
    ("once: CSV files", running, "_write_files"),
    ("once: evidence, checks, folder", experiments, "run"),
)
"""Parts of a whole run, each counted without those inside it."""


class Work:
    """The same worlds and strategies, run with more and more around the rules."""

    def __init__(self, replications: int) -> None:
        self.scenario = scenario()
        self.prepared = prepare(self.scenario)
        self.replications = replications
        self.strategies = self.prepared.strategies
        self.edges_d = simulation.edges_by(self.prepared, "quarter")
        simulation.warm_up(self.prepared)
        for strategy in self.strategies:  # whatever else compiles at its first call
            simulation.simulate(self.world(0), strategy, self.edges_d)
        self.worlds = [self.world(k) for k in range(replications)]

    def world(self, replication: int) -> simulation.World:
        """Return one drawn world."""
        return simulation.draw_world(self.prepared, replication)

    @property
    def reviews(self) -> int:
        """Number of reviews in all."""
        runs = self.replications * len(self.strategies)
        return runs * self.prepared.clock.reviews

    def calm(self) -> dict[str, float]:
        """Return the time of one call for each run; what stands at the start stays."""
        spent = 0.0
        for world in self.worlds:
            for strategy in self.strategies:
                model, books = fresh(world, self)
                model.pools["end_route"] = self.prepared.end_route[strategy]
                begun = perf_counter()
                review.run_reviews(model, books, 0, self.prepared.clock.reviews)
                spent += perf_counter() - begun
        return {CALM: spent}

    def simpy(self) -> dict[str, float]:
        """Return the time of whole simulations, and of the rules inside them."""
        with Stopwatch().on([IN_RULES]) as watch:
            begun = perf_counter()
            for world in self.worlds:
                for strategy in self.strategies:
                    simulation.simulate(world, strategy, self.edges_d)
            spent = perf_counter() - begun
        calling = watch.calls["rules"] * empty_call(self)
        return {RULES: watch.whole["rules"] - calling, SIMPY: spent}

    def drawn(self) -> dict[str, float]:
        """Return the time with drawing a world for all strategies."""
        begun = perf_counter()
        for k in range(self.replications):
            simulation.run_world(self.prepared, k, self.strategies)
        return {DRAWN: perf_counter() - begun}

    def measured(self) -> dict[str, float]:
        """Return the time with turning each run into its measures."""
        prepared = self.prepared
        looked_up = measures.plan(
            prepared.layout, prepared.groups, prepared.start, prepared.end_d, prepared.controllers
        )
        begun = perf_counter()
        for k in range(self.replications):
            world = simulation.run_world(prepared, k, self.strategies)
            faced = measures.faced(world.world_events, prepared.end_d, prepared.foreseen)
            for run in world.trajectories.values():
                measures.measure(run, looked_up, faced).flat()
        return {MEASURED: perf_counter() - begun}

    def whole(self, parts: Sequence[Part] = (IN_BLOCKS,)) -> tuple[dict[str, float], Stopwatch]:
        """Return the time of `experiments.run` in this process, and of parts of it."""
        folder = Path(tempfile.mkdtemp())
        try:
            with Stopwatch().on(parts) as watch:
                begun = perf_counter()
                experiments.run(self.scenario, folder / "run", replications=self.replications)
                spent = perf_counter() - begun
        finally:
            shutil.rmtree(folder)
        return {KEPT: watch.whole[IN_BLOCKS[0]], WHOLE: spent}, watch


def fresh(world: simulation.World, work: Work) -> tuple[Model, Books]:
    """Return tables as a run begins with them, controls that stand switched on."""
    model = simulation.own_tables(world)
    standing = {i for i, h in enumerate(world.happenings) if h.onset_d < 0.0 < h.end_d}
    simulation.switch(model, world.facing(standing))
    return model, simulation.empty_books(model, work.edges_d)


def empty_call(work: Work, calls: int = 2000) -> float:
    """Return the time of handing all tables to compiled code, for nothing [s]."""
    model, books = fresh(work.worlds[0], work)
    begun = perf_counter()
    for _ in range(calls):
        review.run_reviews(model, books, 0, 0)
    return (perf_counter() - begun) / calls


def main(replications: int = 10, repeats: int = 5) -> float:
    """Print the cost of a review by layer, then where the time of a whole run goes.

    Returns:
        What bare rules cost [µs a review].
    """
    work = Work(replications)
    works = (work.calm, work.simpy, work.drawn, work.measured, lambda: work.whole()[0])
    times = in_turn(works, repeats)
    least = {name: least_and_middle(seconds) for name, seconds in times.items()}
    base = least[RULES]
    rows = []
    for name in (CALM, RULES, SIMPY, DRAWN, MEASURED, KEPT, WHOLE):
        low, middle = (1e6 * s / work.reviews for s in least[name])
        times_rules = f"{least[name][0] / base[0]:.2f}"
        rows.append((name, f"{low:.1f}", f"{middle:.1f}", times_rules))
    show(
        "What a review costs, in one process",
        ("", "least\nµs", "median\nµs", "times\nrules"),
        rows,
        f"{work.scenario.name}: {len(work.strategies)} strategies x {replications} worlds x "
        f"{work.prepared.clock.reviews} reviews, {repeats} repeats in turn. In the same worlds "
        "means under their controls and outages, without what the calls cost. Once-a-run work "
        "(evidence, CSVs) is spread over these few replications; the table of memory has 1,000.",
    )
    where_it_goes(work)
    return 1e6 * base[0] / work.reviews


def where_it_goes(work: Work) -> None:
    """Print the parts of one whole run."""
    times, watch = work.whole(PARTS)
    calling = watch.calls["rules"] * empty_call(work)
    own = dict(watch.own)
    own["rules"] -= calling
    own["handing tables to the rules"] = calling
    rows = [
        (name, f"{seconds * 1e3:.0f}", f"{1e6 * seconds / work.reviews:.2f}",
         f"{100 * seconds / times[WHOLE]:.1f}")
        for name, seconds in sorted(own.items(), key=lambda item: -item[1])
    ]  # fmt: skip
    show(
        f"Where the time of a whole run of {work.replications} replications goes",
        ("part, without those named beside it", "ms", "µs a\nreview", "%"),
        rows,
    )


if __name__ == "__main__":
    main()
