"""Write the pages of docs/ that are taken from the code, and the JSON Schema.

Run `make docs`; a test fails while a page differs from what the code says.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

TOP = Path(__file__).resolve().parents[1]
REFERENCE = TOP / "results" / "reference" / "ree-magnets"
NOTICE = "<!-- Written by `make docs` from the code; change the code instead. -->"


def pages() -> dict[str, Callable[[], str]]:
    """Return what writes each generated file."""
    return {
        "docs/commands.md": lambda: "\n".join(commands()) + "\n",
        "docs/scenario.md": lambda: "\n".join(scenario()) + "\n",
        "docs/results.md": lambda: "\n".join(results()) + "\n",
        "docs/chains.md": lambda: "\n".join(chains()) + "\n",
        "docs/evidence.md": lambda: evidence(_text("docs/evidence.md")),
        "scenarios/monazite.schema.json": schema,
        "README.md": lambda: readme(_text("README.md")),
    }


def _text(name: str) -> str:
    return (TOP / name).read_text(encoding="utf-8")


def schema() -> str:
    """Return the text of the JSON Schema."""
    from monazite.cli.validating import schema_text

    return schema_text() + "\n"


def evidence(text: str) -> str:
    """Return the page on the evidence with what is left without the largest supplier."""
    inside = "\n".join(["<!-- n-1:start -->", *n_minus_one(), "<!-- n-1:end -->"])
    found = re.compile(r"<!-- n-1:start -->.*<!-- n-1:end -->", re.S)
    return found.sub(lambda _: inside, text)


def n_minus_one() -> Iterator[str]:
    """Yield a table of supply without the largest supplier, for minerals that the IEA counts."""
    from monazite.evidence import chain_names, read_chain
    from monazite.evidence.seedfiles import seed_data
    from monazite.evidence.supply import supplies

    yield "| mineral | IEA, 2035 | product | largest | left | with spare | outside |"
    yield "|---|---:|---|---|---:|---:|---:|"
    for mineral, fact in seed_data("n_minus_one.yaml").items():
        for chain in (chain for chain in fact["chains"] if chain in chain_names()):
            for product, each in supplies(read_chain(chain)).items():
                parts = (each.without_largest, each.with_spare, each.outside)
                ours = (
                    "" if part is None else f"{100 * part:.{int(part < 0.1)}f}" for part in parts
                )
                theirs = f"{100 * fact.get('mode', fact.get('value')):.0f}"
                largest = f"{each.largest} {100 * each.share(each.largest):.0f}"
                cells = (mineral.replace("_", " "), theirs, f"{chain} {product}", largest, *ours)
                yield f"| {' | '.join(cells)} |"


def readme(text: str) -> str:
    """Return the README with the comparison of the reference results as its sample."""
    ended = subprocess.run(
        [sys.executable, "-m", "monazite", "compare", str(REFERENCE)],
        env={**os.environ, "TTY_COMPATIBLE": "1", "COLUMNS": "80", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    sample = "\n".join(line.rstrip() for line in ended.stdout.strip("\n").splitlines())
    fence = f"<!-- sample:start -->\n```text\n{sample}\n```\n<!-- sample:end -->"
    found = re.compile(r"<!-- sample:start -->.*<!-- sample:end -->", re.S)
    return found.sub(lambda _: fence, text)


def commands() -> Iterator[str]:
    """Yield the lines of docs/commands.md."""
    from monazite.cli.app import app

    group = typer.main.get_command(app)
    yield from (NOTICE, "", "# Commands", "", group.help or "", "", group.epilog or "", "")
    yield (
        "Data goes to stdout and talk to stderr. A table is drawn for a terminal and is plain TSV "
        "in a pipe (set `TTY_COMPATIBLE=1` to have it drawn there too); `NO_COLOR` is honoured."
    )
    for name, command in _each(group):
        yield from ("", f"## {name}", "")
        usage = command.get_usage(typer.Context(command, info_name=f"monazite {name}"))
        yield from ("```text", usage.removeprefix("Usage: "), "```", "", _prose(command.help or ""))
        yield from ("", "| argument or flag | meaning |", "|---|---|")
        for parameter in command.params:
            yield f"| {_flag(parameter)} | {_cell(getattr(parameter, 'help', '') or '')} |"


def _each(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command with its name, those of a group after each other."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _each(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _prose(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _flag(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar or parameter.name.upper()}`"
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    return names if parameter.is_flag else f"{names} `{parameter.metavar or 'VALUE'}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def scenario() -> Iterator[str]:
    """Yield the lines of docs/scenario.md."""
    from monazite.scenario import json_schema

    schema = json_schema()
    yield from (NOTICE, "", "# The scenario file", "")
    yield from (TOP / "docs/scenario-intro.md").read_text(encoding="utf-8").splitlines()
    values = [name for name, part in schema["$defs"].items() if "properties" not in part]
    text = "\n".join(_parts(schema, values))
    for name in values:
        text = text.replace(f"(#{name.lower()})", "(#values-with-a-unit)")
    yield text


def _parts(schema: Mapping[str, Any], values: Sequence[str]) -> Iterator[str]:
    yield from ("", "## The file", "")
    yield from _part({**schema, "required": schema.get("else", schema).get("required", ())})
    for name, part in schema["$defs"].items():
        changed = name.startswith("Changed")  # the same keys, none of them required
        if name not in values and not changed:
            yield from ("", f"## {name}", "")
            yield from _part(part)
    yield from ("", "## Values with a unit", "", "| value | may be written |", "|---|---|")
    yield from (f"| {name} | {_cell(_written(schema['$defs'][name]))} |" for name in values)


def _written(part: Mapping[str, Any]) -> str:
    """Return examples of a value with a unit, and whether it may be uncertain."""
    forms = part.get("anyOf", [part])
    examples = [f"`{example}`" for form in forms for example in form.get("examples", ())]
    if any(form.get("type") == "number" for form in forms):
        examples.append("a plain number")
    shapes = [
        s for form in forms for s in form.get("properties", {}).get("shape", {}).get("enum", ())
    ]
    uncertain = [f"`{shape}`" for shape in shapes if shape != "fixed"]
    spread = f"; uncertain as {', '.join(uncertain)}" if uncertain else "; always one value"
    return ", ".join(examples) + spread


def _part(part: Mapping[str, Any]) -> Iterator[str]:
    yield part.get("description", "").strip()
    if "enum" in part:
        yield "One of: " + ", ".join(f"`{value}`" for value in part["enum"]) + "."
    if not part.get("properties"):
        return
    required = part.get("required", ())
    yield from ("", "| key | value | default | meaning |", "|---|---|---|---|")
    for key, value in part["properties"].items():
        default = "required" if key in required else _default(value)
        meaning = _cell(value.get("description", ""))
        yield f"| `{key}` | {_cell(_kind(value))} | {_cell(default)} | {meaning} |"


def _default(value: Mapping[str, Any]) -> str:
    if "default" not in value or value["default"] is None:
        return ""
    return f"`{json.dumps(value['default'], ensure_ascii=False)}`"


def _kind(value: Mapping[str, Any]) -> str:
    """Return what may stand there, in words, with links to the parts."""
    if "$ref" in value:
        name = value["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "const" in value:
        return f"`{json.dumps(value['const'])}`"
    if "enum" in value:
        return " or ".join(f"`{each}`" for each in value["enum"])
    for key in ("anyOf", "oneOf"):
        if key in value:
            kinds = [_kind(each) for each in value[key] if each.get("type") != "null"]
            return " or ".join(dict.fromkeys(kinds))
    if value.get("type") == "array" and value.get("items"):
        return f"list of {_kind(value.get('items', {}))}"
    if value.get("type") == "object":
        inside = value.get("additionalProperties") or next(
            iter(value.get("patternProperties", {}).values()), None
        )
        return f"name: {_kind(inside)}" if isinstance(inside, Mapping) and inside else "mapping"
    return str(value.get("format") or value.get("type") or "any value")


def results() -> Iterator[str]:
    """Yield the lines of docs/results.md."""
    from monazite.experiments.columns import COLUMNS, TITLES

    yield from (NOTICE, "", "# The results folder", "")
    yield from (TOP / "docs/results-intro.md").read_text(encoding="utf-8").splitlines()
    for name, columns in COLUMNS.items():
        yield from ("", f"## {name}.csv", "", f"A row is about {TITLES[name]}.", "")
        yield from ("| column | type | unit | meaning |", "|---|---|---|---|")
        for column in columns:
            meaning = _cell(column.meaning)
            yield f"| `{column.name}` | {column.type} | {column.unit} | {meaning} |"


def chains() -> Iterator[str]:
    """Yield the lines of docs/chains.md."""
    from monazite.evidence import chain_names, read_chain
    from monazite.experiments.stress import Question, stress, worst_first

    known = [read_chain(name) for name in chain_names()]
    single = {chain.chain: stress(chain, Question()) for chain in known}
    whole = {chain.chain: stress(chain, Question(together=True)) for chain in known}
    yield from (NOTICE, "", "# The chains", "")
    yield from (TOP / "docs/chains-intro.md").read_text(encoding="utf-8").splitlines()
    yield from ("", "## At a glance", "", *_glance(known))
    for title, bans in (("of anything", whole), ("of one product", single)):
        worst = worst_first(found[0] for found in bans.values() if found)
        yield from ("", f"## A year without exports {title} by the largest supplier", "")
        yield from _bans(worst, ("chain", "ban on"))
    for chain in known:
        yield from ("", f"## {chain.chain}", "", *_chain(chain), "")
        yield from _bans([*whole[chain.chain], *single[chain.chain]], ("ban on",))


def _glance(known: Sequence[Any]) -> Iterator[str]:
    """Yield a table with a row for each chain: how large it is, and what its numbers rest on."""
    yield "| chain | products | makers | regions | sectors | trade | reported | derived | judged |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for chain in known:
        kinds = Counter(record.kind for record in chain.records().values())
        sizes = (chain.products, chain.makers, chain.regions(), chain.sectors, chain.routes)
        counts = [len(part) for part in sizes]
        counts += [kinds["reported"] + kinds["article"], kinds["derived"], kinds["judged"]]
        link = f"[{chain.chain}](#{chain.chain})"
        yield _row(link, *(f"{count:,}" for count in counts))


def _chain(chain: Any) -> Iterator[str]:
    """Yield what one chain is: its products with their makers, its sectors, what did not close."""
    yield f"{chain.title}. Balanced on {chain.reference_year}."
    yield from ("", "| product | stage | counted in | output [t/yr] | largest suppliers |")
    yield "|---|---|---|---:|---|"
    for name, product in chain.products.items():
        out: Counter[str] = Counter()
        for maker in chain.makers_of(name):
            out[maker.region] += maker.output.central
        total = sum(out.values())
        largest = ", ".join(f"{r} {t / total:.0%}" for r, t in out.most_common(3))
        yield _row(name, product.stage, product.basis, f"{total:,.0f}", largest)
    yield ""
    yield from _lines_about(chain)


def _lines_about(chain: Any) -> Iterator[str]:
    hosts = [(n, p.by_product_of) for n, p in chain.processes.items() if p.by_product_of]
    if hosts:
        yield f"- By-products: {', '.join(f'{name} of {host}' for name, host in hosts)}."
    for tier in (1, 2, 3):
        names = [n for n, sector in chain.sectors.items() if sector.tier == tier]
        if names:
            yield f"- Tier {tier}: {', '.join(names)}."
    if second := [f"{each.product} {each.year}" for each in chain.second_opinions]:
        yield f"- Another source is laid beside: {', '.join(second)}."
    yield f"- Moved by the balance by more than 10 %: {', '.join(_moved(chain)) or 'nothing'}."


def _moved(chain: Any) -> Iterator[str]:
    """Yield every maker that the balance moves by more than a tenth, and how far."""
    from monazite.experiments.stress import quiet

    for row in quiet(chain).adjustments():
        if abs(row["moved_share"]) > 0.1:
            process, region = row["record"].split(".")[2:4]
            yield f"{process} in {region} {row['moved_share']:+.0%}"


def _bans(found: Sequence[Any], words: Sequence[str]) -> Iterator[str]:
    """Yield a table of bans, a row for each."""
    from monazite.report.stress import stress_for_person

    heads = [*words, "by", "share of output [%]", "short", "[%]", "given up", "[%]", "price [x]"]
    yield _row(*heads, "first short [d]", "last [d]")
    yield f"|{'---|' * (len(words) + 1)}{'---:|' * 8}"
    for row in stress_for_person(found, "").rows:
        yield _row(*row[-len(words) - 9 :])


def _row(*cells: object) -> str:
    return f"| {' | '.join(_cell(str(cell)) for cell in cells)} |"


if __name__ == "__main__":
    for name, text in pages().items():
        (TOP / name).write_text(text(), encoding="utf-8")
