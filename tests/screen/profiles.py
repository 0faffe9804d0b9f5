"""The shipped profile, and a tiny one about something else."""

import tomllib
from pathlib import Path

from pipeline.model import Record, Section
from pipeline.screen import Subject, subject_from

SHIPPED_FILE = Path(__file__).parents[2] / "config" / "acupuncture-ms.toml"

YOGA_TOML = """
label = "yoga + back pain"
title = "Yoga and low back pain"

[[concepts]]
name = "yoga"
mesh = ["Yoga"]
search = ["yoga", "asana*"]
terms = ["yoga", "yogic", "asana*"]
related = ["pilates"]
broader = ["mind-body"]
overviews = ["movement therapies"]
neighbours = [{ name = "tai chi", terms = ["tai chi"] }, { name = "walking", terms = ["walking"] }]

[[concepts]]
name = "low back pain"
mesh = ["Low Back Pain"]
search = ["low back pain", "lumbago"]
terms = ["low back pain", "lumbago", "腰痛"]
related = ["dorsalgia"]

[[concepts.ambiguous]]
terms = ["LBP"]
context = ["lumbar"]
homonyms = [{ name = "lipopolysaccharide-binding protein", terms = ["lipopolysaccharide*"] }]

[[concepts.ambiguous]]
terms = ["LB"]
"""


def shipped() -> Subject:
    """Acupuncture and multiple sclerosis, as shipped."""
    return subject_from(tomllib.loads(SHIPPED_FILE.read_text(encoding="utf-8")), SHIPPED_FILE.name)


def yoga() -> Subject:
    """Yoga and low back pain: another file, no other code."""
    return subject_from(tomllib.loads(YOGA_TOML), "yoga.toml")


def record(title: str, abstract: str = "", *, keywords: tuple[str, ...] = (), mesh: tuple[str, ...] = ()) -> Record:
    """A made-up record."""
    return Record(
        "made-up", "1", title, abstract=(Section(abstract),) if abstract else (), keywords=keywords, mesh=mesh
    )
