import numpy as np
import pytest
from small_world import SmallScenario, small_model

from monazite import experiments
from monazite.errors import ResultsError, ScenarioError
from monazite.experiments.flips import thirds


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flips") / "run"
    return experiments.run(SmallScenario(replications=200), folder, model=small_model())


def test_thirds_hold_every_world_once_and_never_part_equal_ones():
    covariate = np.array([5.0, 1.0, 1.0, 2.0, np.nan, 9.0, 1.0, 5.0, np.nan])
    parts = thirds(covariate)
    assert sum(inside for _, inside in parts).tolist() == [1] * 9
    assert [inside.sum() for _, inside in parts] == [3, 3, 3]
    assert [(head["above"], head["up_to"]) for head, _ in parts] == [
        (None, 1.0),
        (1.0, 5.0),
        (5.0, None),
    ]
    assert parts[2][1][[4, 5, 8]].all()


@pytest.mark.parametrize(
    ("covariate", "sizes"),
    [
        ([1.0, 2.0, 3.0, 4.0, *[np.nan] * 6], [2, 2, 6]),
        ([*[0.0] * 8, 1.0, 2.0, 3.0, 4.0], [8, 2, 2]),
    ],
)
def test_many_equal_worlds_are_a_part_of_their_own(covariate, sizes):
    assert [inside.sum() for _, inside in thirds(np.array(covariate))] == sizes


@pytest.mark.parametrize(
    "covariate", [[3.0] * 30, [np.nan] * 30, [1.0, 2.0, 3.0], [0.0] * 29 + [1]]
)
def test_worlds_that_are_alike_have_no_thirds(covariate):
    assert thirds(np.array(covariate)) == []


def test_a_third_compares_the_same_worlds_as_the_replications(done):
    worlds = [
        row
        for row in done.rows("replications")
        if (row["region"], row["tier"]) == ("allies", "all")
    ]
    for row in done.flips():
        if (row["region"], row["by"], row["third"]) != ("allies", "days_under_control", 2):
            continue
        if (row["strategy"], row["versus"]) != ("processing", "none"):
            continue
        lost = {
            name: [
                w["not_served_t"]
                for w in worlds
                if w["strategy"] == name and w["days_under_control_d"] > row["above"]
            ]
            for name in ("processing", "none")
        }
        assert row["worlds"] == len(lost["none"])
        expected = np.mean(lost["none"]) - np.mean(lost["processing"])
        assert row["avoided"] == pytest.approx(expected)
        break
    else:
        pytest.fail("no such row")


def test_unequal_budgets_and_a_damaged_file_have_no_thirds(tmp_path):
    budgets = {"none": 0.0, "stockpile": 1e9, "processing": 2e9}
    scenario = SmallScenario(budgets=budgets, replications=9)
    results = experiments.run(scenario, tmp_path / "unequal", model=small_model())
    with pytest.raises(ScenarioError, match="only equal budgets are compared"):
        results.flips()
    other = experiments.run(SmallScenario(replications=9), tmp_path / "x", model=small_model())
    path = other.tables["replications"]
    path.write_text(path.read_text().replace("first_control_d", "first_control"))
    with pytest.raises(ResultsError, match="not as it was written"):
        other.flips()
