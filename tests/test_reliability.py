"""docs/reliability.md names the tests that prove its promises."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "reliability.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOCUMENT)))


def collected(path: Path) -> Iterator[str]:
    """What pytest would collect in a file: functions, and classes that are given a name for it."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (one.id for one in node.targets if isinstance(one, ast.Name) and one.id.startswith("Test"))


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_named(file: str) -> None:
    """Every test that the document names is there."""
    assert {name for named, name in NAMED if named == file} <= set(collected(ROOT / file))


def test_each_hazard() -> None:
    """Each hazard has its line, in order, with a promise and at least one test."""
    rows = [line.split(" | ") for line in DOCUMENT.splitlines() if re.match(r"\| (A|\d+) \|", line)]
    assert [row[0].strip("| ") for row in rows] == ["A"] * 3 + [str(number) for number in range(1, 36)]
    assert all(len(row) == 4 and "::test_" in row[3] for row in rows)


def test_nothing_else_looks_like_a_name() -> None:
    """No name of a test is misspelt so that it is not looked for."""
    assert DOCUMENT.count("::") == len(re.findall(r"tests/[\w/]+\.py::\w+", DOCUMENT))
