"""Where a review spends its time: a clock between its passes, in compiled code.

The timed review is made from the text of `rules/review.py`, so it has the passes of the
rules as they are, in their order. `python -m benchmarks.passes`
"""

import ast
import ctypes
import inspect
import textwrap
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.show import show
from benchmarks.worlds import scenario
from monazite.rules import review
from monazite.simulation import run as simulation
from monazite.world import prepare

import numba  # isort: skip  (after the rules have set its cache)

MONOTONIC = time.CLOCK_MONOTONIC
clock_gettime = ctypes.CDLL(None).clock_gettime
clock_gettime.argtypes, clock_gettime.restype = (ctypes.c_int, ctypes.c_size_t), ctypes.c_int
COMPILED = {"error_model": "numpy", "_nrt": False}


@numba.njit(**COMPILED)
def lap(i: int, now: Any, address: int, spent_ns: Any) -> None:
    """Add the time since the last lap to pass i."""
    before = now[0] * 1_000_000_000 + now[1]
    clock_gettime(MONOTONIC, address)
    spent_ns[i] += now[0] * 1_000_000_000 + now[1] - before


def timed_rules() -> tuple[list[str], Callable[..., None]]:
    """Return the names of the passes, and `run_reviews` with a clock after each."""
    once, names = _with_laps(review.review, first=1)
    many, outer = _with_laps(review.run_reviews, first=1 + len(names), inside="for")
    clocks = ", now_ns, address, spent_ns"
    many = many.replace("review(model, now, day)", f"review(model, now, day{clocks})")
    space = dict(vars(review)) | {"lap": lap}
    exec(once, space)
    space["review"] = numba.njit(inline="always", **COMPILED)(space["review"])
    exec(many, space)
    names = ["(clock)", *names, *outer]
    return names, numba.njit(**COMPILED)(space["run_reviews"])


def _with_laps(rule: Any, first: int, inside: str = "") -> tuple[str, list[str]]:
    """Return the text of a rule with a lap after every call it makes, and their names."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(rule.py_func)))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.decorator_list = []
    function.returns = None
    for argument in function.args.args:
        argument.annotation = None
    function.args.args += [ast.arg(name) for name in ("now_ns", "address", "spent_ns")]
    body = next(s for s in function.body if isinstance(s, ast.For)).body if inside else (
        function.body
    )  # fmt: skip
    names: list[str] = []
    for at in range(len(body) - 1, -1, -1):
        call = body[at].value if isinstance(body[at], ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            if call.func.id == "review":
                continue
            names.insert(0, call.func.id)
            body.insert(at + 1, ast.parse(f"lap(-{len(names)}, now_ns, address, spent_ns)").body[0])
    body.insert(0, ast.parse("lap(0, now_ns, address, spent_ns)").body[0])
    text = ast.unparse(ast.fix_missing_locations(tree))
    for k in range(len(names), 0, -1):
        text = text.replace(f"lap(-{k},", f"lap({first + len(names) - k},")
    return text, names


@numba.njit(**COMPILED)
def laps(count: int, now: Any, address: int, spent_ns: Any) -> None:
    """Do nothing but laps."""
    for _ in range(count):
        lap(0, now, address, spent_ns)


class Clocked:
    """The rules with a clock between their passes."""

    def __init__(self) -> None:
        self.names, self.rules = timed_rules()
        self.now_ns, self.spent_ns = np.zeros(2, np.int64), np.zeros(len(self.names), np.int64)
        self.clock = (self.now_ns, self.now_ns.ctypes.data, self.spent_ns)
        self.reviews = 0

    def run_reviews(self, model: Any, books: Any, first: int, until: int) -> None:
        """Do what the rules do, and count."""
        self.reviews += until - first
        self.rules(model, books, first, until, *self.clock)

    def per_review_us(self) -> dict[str, float]:
        """Return the time of each pass in a review, without that of the clock."""
        spent_ns = self.spent_ns.copy()
        laps(2, *self.clock)
        self.spent_ns[0] = 0
        laps(100_000, *self.clock)
        lap_ns = self.spent_ns[0] / 100_000
        own = [(ns / self.reviews - lap_ns) / 1e3 for ns in spent_ns[1:]]
        return dict(zip(self.names[1:], own, strict=True))


def main(worlds: int = 4) -> None:
    """Print the time of each pass over some worlds of the main scenario."""
    prepared = prepare(scenario())
    clocked = Clocked()
    edges_d = simulation.edges_by(prepared, "quarter")
    for replication in range(worlds):
        world = simulation.draw_world(prepared, replication)
        for strategy in prepared.strategies:
            plain = simulation.simulate(world, strategy, edges_d)
            with patch.object(review, "run_reviews", clocked.run_reviews):
                timed = simulation.simulate(world, strategy, edges_d)
            assert np.array_equal(plain.price, timed.price), "the timed rules differ"
    spent = clocked.per_review_us()
    whole = sum(spent.values())
    rows = [(name, f"{us:.2f}", f"{100 * us / whole:.1f}") for name, us in spent.items()]
    network = prepared.network
    show(
        "Where a review spends its time",
        ("pass, in the order of the review", "µs", "%"),
        [*rows, ("all", f"{whole:.2f}", "100.0")],
        f"{prepared.scenario.name}: {len(prepared.strategies)} strategies x {worlds} worlds; "
        f"{len(network.products)} products, {len(network.pools)} pools, {len(network.makers)} "
        f"makers, {network.shape.route_maker.size} routes.",
    )


if __name__ == "__main__":
    main()
