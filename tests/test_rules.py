"""Rules have versions: whoever changes what they conclude says so, and a rebuild can say why."""

import hashlib
from dataclasses import replace

from pipeline.appraise import appraise
from pipeline.exchange.sections import sections
from pipeline.model import Record, Section
from pipeline.rules import APPRAISAL, SCREENING, in_force, news
from pipeline.sample.world import rows
from pipeline.screen import Screener
from tests.screen.profiles import shipped

SUBJECT = shipped()
NOW = in_force(SUBJECT)
# What the rules of the latest versions conclude of the sample's publications. If they conclude otherwise, give the
# changed ones a new version in pipeline/rules.py, with a line on what is better, and set the new number here.
CONCLUDED = "6caeab2df534ae31"


def test_versions() -> None:
    """The latest versions conclude what they concluded when they were numbered."""
    screener, said = Screener(SUBJECT), hashlib.sha256()
    for row in rows():
        abstract = tuple(Section(text, label) for label, text in row.get("abstract", ()))
        one = Record("pubmed", "1", row["title"], abstract=abstract)
        bare = replace(one, abstract=sections(one.abstract_text), publication_types=tuple(row.get("types", ())))
        for record in (one, bare):
            said.update(repr((screener.screen(record), appraise([record]))).encode())
    assert said.hexdigest()[:16] == CONCLUDED


def test_in_force() -> None:
    """What is stored names subject, screening and appraisal."""
    assert f"subject {SUBJECT.version}, screening {max(SCREENING)}, appraisal {max(APPRAISAL)}" == NOW


def test_news() -> None:
    """To whoever concluded by older rules each later version says what it changed; a changed profile is named."""
    assert list(news([NOW], NOW)) == []
    assert list(news([], NOW)) == []
    older = f"subject {SUBJECT.version}, screening {max(SCREENING)}, appraisal 1"
    changed = [f"appraisal {version}: {APPRAISAL[version]}" for version in APPRAISAL if version > 1]
    assert list(news([NOW, older], NOW)) == changed
    other = NOW.replace(SUBJECT.version, "00000000")
    assert list(news([other], NOW)) == ["the subject profile was changed"]
