"""The shape of the code, as a thermometer: printed, and failing nothing."""

import ast
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
LONG_FILE, LONG_FUNCTION, MANY_ARGUMENTS = 400, 50, 6


def _functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def test_shape_of_the_code_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = []
    for path in sorted((TOP / "model").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(TOP)
        if (length := len(text.splitlines())) > LONG_FILE:
            lines.append(f"{where}: {length} lines")
        for function in _functions(ast.parse(text)):
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            if length > LONG_FUNCTION:
                lines.append(f"{where}:{function.lineno} {function.name}: {length} lines")
            count = len(function.args.args) + len(function.args.kwonlyargs)
            if count > MANY_ARGUMENTS and "cli" not in path.parts:
                lines.append(f"{where}:{function.lineno} {function.name}: {count} arguments")
    with capsys.disabled():
        print("\nWould a newcomer be helped if these were split?", *(lines or ["none"]), sep="\n  ")  # noqa: T201


def test_every_public_thing_says_what_it_is() -> None:
    """Ruff asks for docstrings; this asks that each file of the package begins with one."""
    files = sorted((TOP / "model").rglob("*.py"))
    silent = [str(p) for p in files if not ast.get_docstring(ast.parse(p.read_text("utf-8")))]
    assert silent == []
