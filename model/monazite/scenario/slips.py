"""What YAML's own parser complains of, in the words of someone who writes a file."""

import re

from yaml.error import Mark, MarkedYAMLError

# What the parser says, what it means, and whether it is better shown where it begins.
_SLIPS = (
    ("violates indentation", "a tab in the indentation; indent with spaces", False),
    (
        "mapping values are not allowed",
        "': ' where no key can be; mend the indentation or put the text in quotes",
        False,
    ),
    (
        "could not find expected ':'",
        "a key without ':' after it, or a text that needs quotes",
        True,
    ),
    (
        "expected key|<block end>|expected '-' indicator|document start",
        "the indentation does not fit the lines above",
        False,
    ),
    ("sequence entries are not", "a list cannot start here; begin it on its own line", False),
    ("flow sequence", "a list in [ ] is not closed, or lacks a comma", True),
    ("flow mapping", "a block in { } is not closed, or lacks a comma", True),
    ("flow node|node content", "a list in [ ] or a block in { } is not closed", False),
    ("quoted scalar.*escape|escape.*quoted", "a '\\' in double quotes; use single quotes", True),
    ("quoted scalar", "a text in quotes is not closed", True),
)


def in_plain_words(error: MarkedYAMLError, text: str) -> tuple[str, Mark | None]:
    """Say what is wrong with a text that is not YAML, and where.

    Args:
        error: what the parser raised.
        text: what it read.
    """
    said = f"{error.problem or ''} {error.context or ''}"
    mark = error.problem_mark or error.context_mark
    if "cannot start any token" in said and error.problem_mark is not None:
        return _bad_start(text, error.problem_mark.line, error.problem_mark.column), mark
    for pattern, words, from_start in _SLIPS:
        if re.search(pattern, said):
            begun = error.context_mark if from_start else None
            return f"not readable as YAML: {words}", begun or mark
    return f"not readable as YAML: {error.problem or error.context}", mark


def _bad_start(text: str, line: int, column: int) -> str:
    here = text.splitlines()[line][column : column + 1]
    if here == "\t":
        return "not readable as YAML: a tab in the indentation; indent with spaces"
    return f"not readable as YAML: '{here}' cannot start a value; put the text in quotes"
