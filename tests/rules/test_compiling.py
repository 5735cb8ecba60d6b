"""Compiling in two processes: each rule is somebody's, and nothing depends on the second."""

import pickle
import subprocess
import sys

import pytest

from monazite.rules import compiling
from monazite.rules.orders import place_orders
from monazite.rules.records import Model
from monazite.scenario import read_scenario
from monazite.simulation.run import draw_world, warm_up
from monazite.world import prepare


@pytest.fixture(scope="module")
def model() -> Model:
    ready = prepare(read_scenario("ree-magnets"))
    warm_up(ready)
    return draw_world(ready, 0).model


def test_the_order_pass_is_one_of_the_rules_that_a_review_calls() -> None:
    called = compiling._called()
    assert place_orders in called
    assert len(called) > 30


def test_the_second_process_compiles_the_order_pass(model: Model) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", compiling.__name__],
        input=pickle.dumps(model._numba_type_),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("command", ["/nowhere/python", "false"])
def test_without_a_second_process_all_is_compiled_here(
    model: Model, command: str, monkeypatch, capfd
) -> None:
    compiled = []
    monkeypatch.setattr(compiling, "is_compiled", lambda rule: False)
    monkeypatch.setattr(compiling, "_compile", lambda rule, tables: compiled.append(rule))
    monkeypatch.setattr(sys, "executable", command)
    compiling.compile_in_two(model)
    assert len(compiled) == len(compiling._called()) - 1
    assert capfd.readouterr() == ("", "")


def test_nothing_is_done_twice(model: Model, monkeypatch) -> None:
    monkeypatch.setattr(compiling, "_beside", lambda tables: pytest.fail("was compiled"))
    compiling.compile_in_two(model)
