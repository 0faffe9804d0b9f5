"""Writes the golden issues anew: ``python -m tests.digest.golden``. Read the difference before you keep it."""

from pathlib import Path

from pipeline.digest.render import FORMATS, render
from tests.digest.samples import golden

FOLDER = Path(__file__).with_name("golden")


def write() -> None:
    """One file for each issue and format."""
    for name, composition in golden().items():
        for form, extension in FORMATS.items():
            (FOLDER / f"{name}.{extension}").write_text(render(composition.issue, form), encoding="utf-8")


if __name__ == "__main__":
    write()
