"""Tools that are no part of Python: what is at hand is used, what is absent skips a test, and in CI fails it."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest

HERE: Final = Path(__file__).parent
_MODULES: Final = HERE / "node_modules"
_PATIENCE: Final = 240  # seconds


def validated(pages: list[Path]) -> dict[str, list[str]]:
    """Errors that the Nu HTML checker has for each page."""
    jar = _module("vnu-jar") / "build/dist/vnu.jar"
    answer = _run(_program("java", "Java"), "-jar", jar, "--format", "json", "--exit-zero-always", *pages).stderr
    found: dict[str, list[str]] = {}
    for message in json.loads(answer)["messages"]:
        if message["type"] != "info":
            where = f"line {message.get('lastLine', '?')}: {message['message']}"
            found.setdefault(Path(message.get("url", "")).name, []).append(where)
    return found


def looked_at(pages: list[Path], profile: Path) -> dict[str, dict[str, Any]]:
    """What a browser asks for and shows of each page, view by view; see look.mjs. The profile is an empty folder."""
    _module("axe-core")
    _module("playwright-core")
    browser = _program("chromium", "Chromium")
    return _named(_run(_program("node", "Node.js"), HERE / "look.mjs", browser, profile, *pages).stdout)


def mailed(pages: list[Path]) -> dict[str, dict[str, list[str]]]:
    """For each page the features that mail programs do not support, with those programs; see mail.mjs."""
    _module("caniemail")
    return _named(_run(_program("node", "Node.js"), HERE / "mail.mjs", *pages).stdout)


def _named(answer: str) -> dict[str, Any]:
    return {Path(path).name: found for path, found in json.loads(answer).items()}


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return done


def _program(name: str, called: str) -> str:
    return shutil.which(name) or _absent(f"{called} is not installed")


def _module(name: str) -> Path:
    folder = _MODULES / name
    return folder if folder.exists() else _absent(f"node_modules with {name} is not installed; .ci/run installs it")


def _absent(what: str) -> NoReturn:
    if os.environ.get("LITWATCH_BROWSER_TESTS") == "required":
        pytest.fail(f"{what}, and these tests are required")
    pytest.skip(what)
