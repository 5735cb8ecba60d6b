"""How many plants are under construction at a time, and who waits for whom."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

from monazite.scenario.backing import fits
from monazite.trajectories import Event

if TYPE_CHECKING:
    from monazite.simulation.run import Run

TURN = simpy.events.EventPriority(2)
"""Priority of handing out places: after all that comes to ask on that day, before the review."""


class Sites:
    """The places under each limit of a scenario, and the projects that wait for one."""

    def __init__(self, env: simpy.Environment, run: "Run") -> None:
        prepared = run.world.prepared
        scenario, limits = prepared.scenario, prepared.scenario.limits
        self.env, self.run = env, run
        self.free = [limit.at_once for limit in limits]
        self.waiting: dict[int, simpy.Event] = {}
        self.told: set[int] = set()
        self.under = [
            [k for k, limit in enumerate(limits) if fits(limit, plan.part, scenario)]
            for plan in prepared.projects
        ]

    def take(self, number: int) -> Generator[simpy.Event, Any, None]:
        """Wait until a project has a place under each limit on it.

        One that has its construction behind it needs none.
        """
        if self.run.fates[number].lengths_d["construction"] <= 0.0:
            self.under[number] = []
        if self.under[number]:
            self.waiting[number] = self.env.event()
            self._hand_out()
            yield self.waiting[number]

    def leave(self, number: int) -> None:
        """Give the places of a project to those who wait."""
        if self.under[number]:
            for k in self.under[number]:
                self.free[k] += 1
            self._hand_out()

    def _hand_out(self) -> None:
        late = simpy.Event(self.env)
        late._ok, late._value = True, None
        late.callbacks.append(self._give)
        self.env.schedule(late, priority=TURN)

    def _give(self, _: simpy.Event) -> None:
        """Give places by rank; who lacks one of several takes none, and others may go before."""
        plans = self.run.world.prepared.projects
        for number in sorted(self.waiting, key=lambda number: plans[number].rank):
            if all(self.free[k] for k in self.under[number]):
                for k in self.under[number]:
                    self.free[k] -= 1
                self.waiting.pop(number).succeed()
            elif number not in self.told:
                self.told.add(number)
                name = plans[number].part.name
                self.run.events.append(Event(self.env.now, "project-waits", name, "limits"))
