"""Which controls are known before the run begins."""

from monazite.scenario import read_scenario
from monazite.world import prepare


def test_a_control_that_may_not_come_or_has_no_sure_date_is_not_foreseen() -> None:
    known = prepare(read_scenario("ree-magnets")).foreseen
    assert {"licences_magnets", "licences_heavy", "japan_2026"} <= known
    assert "package_of_october_2025" not in known
    late = ["disruptions.scheduled.0.delay={low: 0, mode: 1, high: 2, unit: months}"]
    assert "japan_2026" not in prepare(read_scenario("ree-magnets", late)).foreseen
