"""YAML 1.2 in, plain data and places out; nothing is executed and nothing grows without bound."""

import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from monazite.errors import Place
from monazite.scenario.scalars import core_scalar
from monazite.scenario.text import LOADERS, flatten, read_bytes, read_text

BROKEN = sorted((Path(__file__).parents[1] / "data" / "broken").glob("*.yaml"))


def data_of(text: str) -> Any:
    read = read_text(text, "f.yaml")
    assert read.problems == []
    return read.data


def messages_of(text: str) -> list[str]:
    return [str(problem) for problem in read_text(text, "f.yaml").problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("yes", "yes"),
        ("off", "off"),
        ("1e3", 1000.0),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("~", None),
        ("", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("2027-01-01", "2027-01-01"),
        ("'12'", "12"),
        ('"true"', "true"),
        (".5", 0.5),
        ("-1.5e-3", -0.0015),
        ("+7", 7),
        ("18 months", "18 months"),
        ("1.2.3", "1.2.3"),
        ("-", "-"),
    ],
)
def test_a_word_without_quotes_means_what_yaml_1_2_says(written: str, meant: object) -> None:
    found = data_of(f"key: {written}\n")["key"] if written != "-" else core_scalar("-")
    assert found == meant
    assert type(found) is type(meant)


words = st.text("0123456789+-.eExoNOnoufalsrty~TRUE", max_size=9)


@given(words)
def test_words_without_quotes_are_read_as_another_reader_of_yaml_1_2_reads_them(
    word: str,
) -> None:
    """The other reader makes days of dates and reads -0x1, which the core schema does not."""
    assume(not re.search(r"\d{4}-\d|inf|nan|[-+]0[xo]", word.lower()))
    assume(not re.fullmatch(r"-|---|\.\.\.", word))
    try:
        theirs = YAML(typ="safe", pure=True).load(f"[{word}, x]")[0] if word else None
    except (YAMLError, ValueError):
        return
    try:
        ours = core_scalar(word)
    except ValueError:
        assert isinstance(theirs, float | int)
        assert not math.isfinite(float(theirs)) or len(word) > 40
        return
    assert ours == theirs
    assert type(ours) is type(theirs)


def test_a_number_of_a_thousand_digits_is_refused() -> None:
    (message,) = messages_of("seed: " + "9" * 1000)
    assert message == "f.yaml:1:7: seed: found a number of 1000 characters; expected a shorter one"


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab: #'\"-né\n", max_size=8),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.text("abc:-", min_size=1, max_size=4), below, max_size=3)
    ),
    max_leaves=12,
)


@given(trees)
def test_what_another_writer_wrote_is_read_as_it_was(tree: Any) -> None:
    import yaml

    text = yaml.safe_dump({"root": tree}, allow_unicode=True)
    assert data_of(text) == {"root": tree}


@given(st.text("ab:-[]{}&*!<>|'\"#\n\t ,1.?%@", max_size=40))
def test_any_text_is_read_alike_by_both_parsers_or_refused(text: str) -> None:
    """The one in Python refuses a little more, such as a tab after a word."""
    first, second = ([read_text(text, "f.yaml", parser) for parser in LOADERS] * 2)[:2]
    if not first.problems and not second.problems:
        assert first.data == second.data
    for read in (first, second):
        assert read.root is not None or read.problems or not text.strip() or "#" in text


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_both_parsers_find_the_same_in_the_same_places(file: Path) -> None:
    raw = file.read_bytes()
    first, second = ([read_bytes(raw, "f.yaml", parser) for parser in LOADERS] * 2)[:2]
    assert first == second


def test_every_key_and_value_has_its_line_and_column() -> None:
    read = read_text("a: 1\nb:\n  - {c: x}\n  - d:\n      e: y\n", "f.yaml")
    assert read.root is not None
    data, marks = flatten(read.root)
    assert data == {"a": 1, "b": [{"c": "x"}, {"d": {"e": "y"}}]}
    assert marks[("a",)].value == Place("f.yaml", 1, 4)
    assert marks[("b",)].key == Place("f.yaml", 2, 1)
    assert marks[("b", 0)].value == Place("f.yaml", 3, 5)
    assert marks[("b", 0, "c")].value == Place("f.yaml", 3, 9)
    assert marks[("b", 1, "d", "e")].key == Place("f.yaml", 5, 7)


def test_merged_keys_give_way_to_those_written_and_the_earlier_to_none() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\nd: {<<: *b}\n"
    data = data_of(text)
    assert data["c"] == {"x": 3, "y": 1, "z": 2}
    assert data["d"] == {"y": 2, "z": 2}


def test_a_merged_value_keeps_the_place_where_it_is_written() -> None:
    root = read_text("a: &a {x: 1}\nc: {<<: *a}\n", "f.yaml").root
    assert root is not None
    assert flatten(root)[1][("c", "x")].value == Place("f.yaml", 1, 11)


def test_merging_what_is_no_block_is_a_mistake() -> None:
    assert messages_of("a: {<<: 3}") == [
        "f.yaml:1:9: a: '<<' takes a block of keys or a list of them"
    ]


def test_a_key_written_twice_is_named_with_both_lines_even_deep_down() -> None:
    assert messages_of("a:\n  b: 1\n  c: 2\n  b: 3\n") == [
        "f.yaml:4:3: a.b: written twice; first in line 2"
    ]


def test_several_mistakes_are_told_at_once() -> None:
    messages = messages_of("a: .nan\na: !x 1\nb: *none\n")
    assert [message.split(": ")[0] for message in messages] == [
        "f.yaml:1:4",
        "f.yaml:2:4",
        "f.yaml:2:1",
        "f.yaml:3:4",
    ]


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [x]", "!!python/name:os.sep ''"])
def test_no_code_is_executed_and_its_tag_is_refused(tag: str) -> None:
    (message,) = messages_of(f"a: {tag}")
    assert "is refused; remove it" in message


def test_merges_that_multiply_are_refused_in_no_time() -> None:
    wide = "a: &a {" + ", ".join(f"k{i}: 1" for i in range(2000)) + "}\n"
    many = "b:\n" + "".join("  - {<<: *a}\n" for _ in range(2000))
    (message,) = messages_of(wide + many)
    assert "more than 50,000 values" in message


def test_aliases_that_nest_ever_deeper_are_refused() -> None:
    chain = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [[*a{i - 1}]]\n" for i in range(1, 300))
    (message,) = messages_of(chain)
    assert "nested more than 40 deep; refused" in message


def test_a_character_that_cannot_be_seen_is_named_with_its_place() -> None:
    assert messages_of("a: 1\nb: x\x07y\n") == [
        "f.yaml:2:5: a character that cannot be printed (U+0007)"
    ]


def test_a_mark_of_byte_order_at_the_start_does_no_harm() -> None:
    assert read_bytes(b"\xef\xbb\xbfa: 1\n", "f.yaml").data == {"a": 1}


def test_windows_line_ends_count_as_one_line() -> None:
    root = read_text("a: 1\r\nb: 2\r\n", "f.yaml").root
    assert root is not None
    assert flatten(root)[1][("b",)].key == Place("f.yaml", 2, 1)
