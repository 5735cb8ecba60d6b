"""From a scenario file to numbers: run, compare, check and trace, as a user meets them."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monazite.cli.app import main
from monazite.cli.starting import starter

TWO_YEARS = starter("mine", "stockpile").replace("end: 2036-01-01", "end: 2030-07-01")
FEW = ("--replications", "4", "--jobs", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a scenario file that was run once, which is the current folder."""
    place = tmp_path_factory.mktemp("user")
    (place / "mine.yaml").write_text(TWO_YEARS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert main(["run", "mine.yaml", "--out", "once", "--quiet", *FEW]) == 0
        yield place


@pytest.fixture
def said(folder: Path, capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    """What the command says, in the folder of the user."""
    capsys.readouterr()
    return capsys


def _summary(place: str | Path) -> list[dict[str, str]]:
    with Path(place, "summary.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_pipe_gets_figures_and_last_the_folder(said: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mine.yaml", *FEW]) == 0
    *rows, last = said.readouterr().out.splitlines()
    assert rows[0].split("\t")[:3] == ["strategy", "region", "tier"]
    assert re.fullmatch(r"results/mine/[0-9a-f]{8}", last)
    assert (Path(last) / "manifest.json").is_file()
    assert {row.split("\t")[0] for row in rows[1:]} == {"none", "oxide", "magnets"}


def test_a_person_gets_a_table_that_fits_80_columns(
    said: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["run", "mine.yaml", *FEW, "--out", "person"]) == 0
    lines = said.readouterr().out.splitlines()
    assert "means over 4 worlds" in " ".join(lines)
    assert max(map(len, lines)) <= 80
    assert lines[-1] == "person"
    text = " ".join(" ".join(lines[lines.index("Compared with 'none'") : -1]).split())
    assert re.search(r"united_states: \w+ leaves least unserved|no strategy leaves less", text)
    assert re.search(
        r"Money: of [\d.]+ \w+ USD allotted, spent \(discounted\): oxide [\d.]+ \(", text
    )


def test_quiet_leaves_only_the_folder(said: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mine.yaml", *FEW, "--out", "quiet", "--quiet"]) == 0
    assert said.readouterr() == ("quiet\n", "")


def test_json_has_the_folder_and_the_summary(said: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mine.yaml", *FEW, "--out", "json", "--json"]) == 0
    data = json.loads(said.readouterr().out)
    assert data["folder"] == "json"
    assert data["summary"]["rows"]


def test_results_are_overwritten_only_when_asked(said: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mine.yaml", *FEW, "--out", "once"]) == 2
    assert "--overwrite" in said.readouterr().err
    assert main(["run", "mine.yaml", *FEW, "--out", "once", "--overwrite"]) == 0


def test_only_the_strategies_asked_for_are_run(said: pytest.CaptureFixture[str]) -> None:
    words = ["--strategies", "none,magnets", "--out", "two", "--quiet"]
    assert main(["run", "mine.yaml", *FEW, *words]) == 0
    assert {row["strategy"] for row in _summary("two")} == {"none", "magnets"}


def test_a_strategy_that_is_not_there_is_named(said: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mine.yaml", *FEW, "--strategies", "magnetz"]) == 2
    assert "did you mean 'magnets'?" in said.readouterr().err


@pytest.mark.parametrize("words", [["--seed", "7"], ["--set", "disruptions.outages=false"]])
def test_seed_and_set_are_other_runs(words: list[str], said: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mine.yaml", *FEW, "--out", words[1], "--quiet", *words]) == 0
    manifests = [
        json.loads(Path(p, "manifest.json").read_text("utf-8")) for p in ("once", words[1])
    ]
    assert manifests[0]["about"]["run"] != manifests[1]["about"]["run"]
    assert _summary("once") != _summary(words[1])


def test_a_dry_run_says_the_cost_and_leaves_nothing(
    folder: Path, said: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.rglob("*"))
    assert main(["run", "mine.yaml", "--replications", "1000", "--dry-run"]) == 0
    rows = dict(line.split("\t") for line in said.readouterr().out.splitlines())
    assert rows["random worlds"] == "1000"
    assert rows["strategies in each"] == "3"
    assert {"expected time", "output"} <= rows.keys()
    assert sorted(folder.rglob("*")) == before


def test_several_files_are_run_and_one_that_cannot_be_does_not_stop_the_rest(
    folder: Path, said: pytest.CaptureFixture[str]
) -> None:
    (folder / "other.yaml").write_text(TWO_YEARS.replace("name: mine", "name: other"), "utf-8")
    (folder / "results").mkdir(exist_ok=True)
    (folder / "results" / "other").write_text("a file in the way", encoding="utf-8")
    words = ["run", "other.yaml", "mine.yaml", *FEW, "--seed", "3"]
    assert main(words) == 3
    spoken = said.readouterr()
    assert "Not done: other." in spoken.err
    assert "results/mine/" in spoken.out


def test_several_files_do_not_share_one_folder(said: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mine.yaml", "mine.yaml", "--out", "both"]) == 2
    assert "--out names the folder of one run" in said.readouterr().err


def test_strategies_that_name_none_are_refused(said: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mine.yaml", *FEW, "--strategies", ","]) == 2
    wanted = "--strategies names none; write names as in a,b, or leave it out\n"
    assert said.readouterr().err == wanted


def test_a_folder_without_a_run_is_not_said_to_be_finished(
    said: pytest.CaptureFixture[str],
) -> None:
    assert main(["resume", "nofolder"]) == 2
    assert said.readouterr().err == "nofolder: no results here (manifest.json is missing)\n"
    assert main(["resume", "mine.yaml"]) == 2
    assert said.readouterr().err == "mine.yaml: a file, not a results folder\n"


def test_a_finished_run_is_resumed_to_itself(said: pytest.CaptureFixture[str]) -> None:
    before = Path("once/summary.csv").read_bytes()
    assert main(["resume", "once", "--quiet"]) == 0
    assert said.readouterr().out == "once\n"
    assert Path("once/summary.csv").read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent in another way there")
@pytest.mark.parametrize(("jobs", "times"), [("1", 1), ("2", 1), ("2", 3)])
def test_ctrl_c_ends_with_130_and_says_how_to_go_on(folder: Path, jobs: str, times: int) -> None:
    """However often it is pressed, by all processes of the group."""
    words = ["run", "mine.yaml", "--replications", "100000", "--jobs", jobs]
    words += ["--out", f"cut{jobs}{times}"]
    with subprocess.Popen(
        [sys.executable, "-m", "monazite", *words],
        stderr=subprocess.PIPE, text=True, cwd=folder, start_new_session=True,
    ) as process:  # fmt: skip
        _wait_for_the_first_shard(folder / f"cut{jobs}{times}", process)
        for _ in range(times):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.1)
        _, spoken = process.communicate(timeout=60)
    assert process.returncode == 130, spoken
    assert re.search(r"interrupted; \d+ of 100000 replications are kept", spoken)
    assert spoken.count("interrupted") == 1
    assert f"monazite resume cut{jobs}{times}" in spoken
    assert "Traceback" not in spoken


def _wait_for_the_first_shard(place: Path, process: "subprocess.Popen[str]") -> None:
    begun = time.monotonic()
    while not list(place.glob("shards/*.npz")):
        assert process.poll() is None, "ended before it could be interrupted"
        assert time.monotonic() - begun < 120, "no shard was written"
        time.sleep(0.02)


def test_compare_reads_a_folder_and_takes_any_baseline(said: pytest.CaptureFixture[str]) -> None:
    pairs = []
    for words in ([], ["--baseline", "oxide"]):
        assert main(["compare", "once", "--json", *words]) == 0
        rows = json.loads(said.readouterr().out)["rows"]
        pairs.append({(row["strategy"], row["versus"]) for row in rows})
    assert ("oxide", "none") in pairs[0] - pairs[1]
    assert ("none", "oxide") in pairs[1] - pairs[0]


def test_compare_tells_a_person_what_it_says_and_when_the_answer_flips(
    said: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["compare", "once"]) == 0
    lines = said.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines.index("What it says") < lines.index("In short")
    assert any("too few, or too alike" in line for line in lines)


def test_compare_has_the_sentences_in_json_and_none_of_them_in_a_pipe(
    said: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare", "once", "--json"]) == 0
    notes = json.loads(said.readouterr().out)["notes"]
    assert any(note.startswith("Money: of ") for note in notes)
    assert main(["compare", "once"]) == 0
    rows = said.readouterr().out.splitlines()
    assert {row.count("\t") for row in rows} == {rows[0].count("\t")}
    assert "Money" not in "".join(rows)


def test_a_run_with_unequal_budgets_says_that_it_is_not_compared(
    said: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    words = ["--set", "strategies.oxide.budget='2e9 USD'", "--out", "unequal"]
    assert main(["run", "mine.yaml", *FEW, *words]) == 0
    assert "Not compared: " in said.readouterr().out


def test_compare_of_a_file_runs_it_once(said: pytest.CaptureFixture[str]) -> None:
    words = ["compare", "mine.yaml", *FEW, "--seed", "11"]
    assert main(words) == 0
    first = said.readouterr()
    assert main(words) == 0
    second = said.readouterr()
    assert first.out == second.out
    assert "as it was run before" not in first.err
    assert "as it was run before" in second.err


def test_flags_cannot_change_a_finished_run(said: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "once", "--seed", "2"]) == 2
    assert "once is a finished run; flags cannot change it" in said.readouterr().err


@pytest.mark.parametrize(("bound", "status"), [("above: -1", 0), ("below: -1", 1)])
def test_check_fails_when_what_must_hold_does_not(
    bound: str, status: int, folder: Path, said: pytest.CaptureFixture[str]
) -> None:
    what = "measure: shortfall, strategy: none, region: united_states"
    file = folder / f"must_{status}.yaml"
    file.write_text(f"{TWO_YEARS}\nassert:\n  - {{{what}, {bound}}}\n", encoding="utf-8")
    assert main(["check", str(file), *FEW]) == status
    rows = said.readouterr().out.splitlines()
    assert rows[1].split("\t")[0] == ("yes", "no")[status]


def test_check_names_the_line_of_an_assertion_about_nothing(
    folder: Path, said: pytest.CaptureFixture[str]
) -> None:
    what = "measure: happiness, strategy: none, region: united_states, below: 1"
    (folder / "happy.yaml").write_text(f"{TWO_YEARS}\nassert:\n  - {{{what}}}\n", "utf-8")
    assert main(["check", "happy.yaml", *FEW]) == 2
    assert re.search(r"happy\.yaml:\d+:\d+: .*happiness", said.readouterr().err)


def test_trace_is_a_dated_log_in_order(said: pytest.CaptureFixture[str]) -> None:
    words = ["trace", "mine.yaml", "--strategy", "magnets", "--replication", "2"]
    assert main(words) == 0
    rows = [line.split("\t") for line in said.readouterr().out.splitlines()]
    assert rows[0] == ["date", "event", "name", "detail"]
    dates = [row[0] for row in rows[1:]]
    assert dates == sorted(dates)
    assert any(row[2] == "magnet_ban" for row in rows[1:])
    (bought, *_) = [row for row in rows if row[1] == "stockpile buys"]
    assert re.fullmatch(r"[\d,]+ t of magnets in [\d.]+ \w+, united_states", bought[3])
    short = [row for row in rows if row[1] == "shortage"]
    assert all(re.fullmatch(r"united_states, tier [123]", row[2]) for row in short)


def test_trace_is_a_table_for_a_person(
    said: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["trace", "mine.yaml", "--strategy", "oxide"]) == 0
    lines = said.readouterr().out.splitlines()
    assert lines[0].split() == ["date", "event", "name", "detail"]
    assert max(map(len, lines)) <= 80


def test_trace_writes_every_series_for_each_week(said: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "mine.yaml", "--series", "-", "--quiet"]) == 0
    rows = list(csv.DictReader(said.readouterr().out.splitlines()))
    assert {"reference", "delivered", "made", "price"} <= {row["measure"] for row in rows}
    weeks = {row["from"] for row in rows}
    assert len(weeks) == pytest.approx(235, abs=2)


def test_trace_of_a_strategy_that_is_not_there_names_those_that_are(
    said: pytest.CaptureFixture[str],
) -> None:
    assert main(["trace", "mine.yaml", "--strategy", "nothing"]) == 2
    assert "there are: none, oxide, magnets" in said.readouterr().err
