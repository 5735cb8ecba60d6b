"""`stress`: every chain under a ban by its largest supplier."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.options import Csv, Debug, Json, Quiet
from monazite.cli.progress import progress_bar
from monazite.cli.showing import for_a_person, show, write_paragraphs
from monazite.errors import MonaziteError, ScenarioError

if TYPE_CHECKING:
    from monazite.experiments.stress import Question
    from monazite.measures.stress import Stress


def names_of_chains() -> list[str]:
    """Return the names of the chains, for completion."""
    from monazite.evidence import chain_names

    return chain_names()


def stress(
    chains: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CHAIN...",
            help="Names of chains, such as gallium. Default: all.",
            autocompletion=names_of_chains,
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show every ban, not only the worst of each chain.")
    ] = False,
    together: Annotated[
        bool,
        typer.Option("--together", help="Let the supplier ban all that it exports, at once."),
    ] = False,
    days: Annotated[
        int,
        typer.Option(
            "--days", metavar="N", min=1, max=3650, help="How long the ban lasts: `--days 90`."
        ),
    ] = 365,
    severity: Annotated[
        float,
        typer.Option(
            "--severity",
            metavar="SHARE",
            min=0.01,
            max=1.0,
            help="The part of its exports that the supplier stops: `--severity 0.5`.",
        ),
    ] = 1.0,
    region: Annotated[
        str | None,
        typer.Option(
            "--region",
            metavar="REGION",
            help="Count the losses of this region only: `--region japan`. "
            "Default: everyone but who bans.",
        ),
    ] = None,
    controller: Annotated[
        str | None,
        typer.Option(
            "--controller",
            metavar="REGION",
            help="Who bans: `--controller china`. Default: the largest supplier.",
        ),
    ] = None,
    as_json: Json = False,
    as_csv: Csv = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Ban each traded product for a year, by its largest supplier, and show what is lost.

    That is who makes most of it, and who exports most where that is another. One run for each
    ban: central values, a quiet start, no growth, and nothing done about it.

    Example: `monazite stress gallium germanium --together`
    """
    from monazite.evidence.regions import region_called
    from monazite.experiments.stress import Question, worst_first
    from monazite.report.stress import stress_data

    losing, banning = (word and region_called(word) for word in (region, controller))
    if losing is not None and losing == banning:
        raise MonaziteError(f"'{losing}' cannot ban its own use; name another --controller")
    question = Question(days, severity, losing, banning, together=together)
    bans = _bans(_known(chains or names_of_chains()), question)
    worst = [found[0] for found in bans.values() if found]
    order = [one.chain for one in worst_first(worst)]
    found = [one for name in order for one in bans[name]] if every else worst_first(worst)
    title, notes = _title(question), _notes(question, bans)
    if for_a_person(as_json=as_json, as_csv=as_csv):
        _draw(found, every, title, notes)
    else:
        show(stress_data(found, title, notes), as_json=as_json, as_csv=as_csv)


def _known(names: Sequence[str]) -> list[str]:
    """Return the names without repetition.

    Raises:
        MonaziteError: for one that no chain has; says what comes close.
    """
    from monazite.scenario.hints import did_you_mean

    known = names_of_chains()
    for name in names:
        if name not in known:
            raise MonaziteError(f"no chain '{name}'{did_you_mean(name, known)}")
    return list(dict.fromkeys(names))


def _bans(names: Sequence[str], question: "Question") -> "dict[str, list[Stress]]":
    """Return the bans on each chain, the worst of each first.

    Raises:
        MonaziteError: for a chain that cannot be run, with its name.
    """
    from monazite.evidence import read_chain
    from monazite.experiments.stress import stress as bans_on

    found = {}
    with progress_bar("Banning exports") as advance:
        for k, name in enumerate(names):
            try:
                found[name] = bans_on(read_chain(name), question)
            except ScenarioError as error:
                raise MonaziteError(f"{name}: {error}") from error
            advance(k + 1, len(names))
    return found


def _draw(found: "Sequence[Stress]", every: bool, title: str, notes: Sequence[str]) -> None:
    """Print the bans for a person."""
    from monazite.report.stress import stress_by_chain, stress_for_person

    show((stress_by_chain if every else stress_for_person)(found, title))
    write_paragraphs("", notes)


def _title(question: "Question") -> str:
    many = f"{question.days} days"
    what = "no exports" if question.severity >= 1 else f"{question.severity:.0%} less exports"
    who = question.controller or "the largest supplier"
    whose = f"; losses of {question.region}" if question.region else ""
    return f"{many} with {what} by {who}{whose}"


def _notes(question: "Question", bans: "dict[str, list[Stress]]") -> list[str]:
    """Return how to read the table, and which chains are not in it."""
    of = " of the product that others depend on most" if question.together else ""
    notes = [
        f"Losses: of {question.region or 'everyone but who bans'}, in final uses of what is made "
        "of the product, until three years after the ban; % of a year's use. Short: wanted at "
        "the going price and not served; given up: because of the price.",
        f"Share: of the world's output{of}. Price: the highest, over the reference; ≥ where "
        "its cap held it down. From, to: days from the ban to the first shortage and the end of "
        "the last; - for none.",
    ]
    if question.controller is None:
        notes.append(
            "Largest supplier: who makes most among those who export, and who exports most where "
            "that is another; each has a run of its own."
        )
    idle = [name for name, found in bans.items() if not found]
    return [*notes, f"Nothing to ban or to lose: {', '.join(idle)}."] if idle else notes
