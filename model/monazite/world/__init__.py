"""Scenario and evidence joined, as arrays, in balance at the start."""

from monazite.world.prepare import Prepared, prepare

__all__ = ["Prepared", "prepare"]
