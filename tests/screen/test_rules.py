"""How screening decides, shown on a subject that is not the shipped one."""

from dataclasses import replace

import pytest

from pipeline.model import Reason, Record, Section, Tier
from pipeline.screen import Screener, screen, subject_from
from tests.screen.profiles import record, yoga

BACK = "low back pain"


def tier(title: str, abstract: str = "", *, keywords: tuple[str, ...] = (), mesh: tuple[str, ...] = ()) -> str:
    """The tier of a made-up record."""
    return screen(record(title, abstract, keywords=keywords, mesh=mesh), yoga()).tier


def rule(title: str, abstract: str = "") -> str:
    """The rule that keeps a made-up record out."""
    verdict = screen(record(title, abstract), yoga())
    assert verdict.tier is Tier.OUT
    return verdict.excluded_by


def test_core() -> None:
    """Both concepts in the title make a record core, and the reasons say where and in the record's own spelling."""
    verdict = screen(record("Yoga for LOW-BACK pain", "Yogic practice."), yoga())
    assert verdict.tier is Tier.CORE
    assert verdict.excluded_by == ""
    assert verdict.reasons == (
        Reason("yoga", "Yoga", "title"),
        Reason("yoga", "Yogic", "abstract"),
        Reason(BACK, "LOW-BACK pain", "title"),
    )


def test_every_field() -> None:
    """Original title, keywords and MeSH headings count as well, each with its reason."""
    verdict = screen(
        Record("made-up", "1", "A trial", "Yoga bei Lumbago", keywords=("yoga",), mesh=("Low Back Pain/therapy",)),
        yoga(),
    )
    assert verdict.tier is Tier.CORE
    assert {reason.field for reason in verdict.reasons} == {"vernacular_title", "keywords", "mesh"}


def test_keywords_apart() -> None:
    """A term does not reach over two keywords."""
    assert tier("Yoga", keywords=("low", "back pain")) == "out"


def test_weights() -> None:
    """Without the title, three mentions in the abstract or one and a keyword make a subject; fewer make it related."""
    assert tier("Yoga", "Lumbago; lumbago; lumbago.") == "core"
    assert tier("Yoga", "Lumbago.", keywords=("lumbago",)) == "core"
    assert tier("Yoga", "Lumbago; lumbago.") == "related"


def test_title_elsewhere() -> None:
    """When the title names something else in a concept's place, five mentions are needed."""
    assert tier("Pilates for lumbago", "Yoga. Yoga. Yoga.") == "related"
    assert tier("Pilates for lumbago", "Yoga. Yoga. Yoga. Yoga. Yoga.") == "core"


def test_related() -> None:
    """A related term lets in from title or keywords, or when the abstract has it twice; never as core."""
    assert tier("Pilates for lumbago") == "related"
    assert tier("Training for lumbago", keywords=("pilates",)) == "related"
    assert tier("Training for lumbago", "Pilates. More pilates.") == "related"
    assert tier("Training for lumbago", "Pilates.") == "out"


def test_broader() -> None:
    """A broader term counts in the title only, and only beside a concept that is the subject."""
    assert tier("Mind-body therapies for lumbago") == "related"
    assert tier("Therapies for lumbago", "Mind-body therapies. Mind-body.") == "out"
    assert rule("Mind-body therapies", "Lumbago is mentioned.") == "too wide: yoga"


def test_overview() -> None:
    """A review that may well cover the concept is wider than it, as long as no abstract says what it covers."""
    assert tier("Movement therapies for lumbago") == "related"
    assert tier("Movement therapies for lumbago", keywords=("lumbago",)) == "related"
    assert tier("Movement therapies for lumbago", "Walking was best.") == "out"
    assert tier("Movement therapies for lumbago", "Yoga was best.") == "related"
    assert rule("Movement therapies for lumbago: tai chi") == "neighbour: tai chi"
    assert rule("Movement therapies") == "concept missing: low back pain"


def test_beside_the_subject() -> None:
    """Where each concept has only something beside it, no concept is there."""
    assert tier("Pilates for lumbago") == tier("Yoga for dorsalgia") == "related"
    assert rule("Pilates for dorsalgia") == "beside the subject: yoga, low back pain"


def test_registration() -> None:
    """The keywords of a registration are its conditions and interventions: what it is about."""
    trial = Record("made-up", "1", "A pilot study", keywords=("Lumbago", "Yoga"))
    registration = replace(trial, publication_types=("Clinical Trial Registration",))
    assert screen(trial, yoga()).tier is Tier.RELATED
    assert screen(registration, yoga()).tier is Tier.CORE
    assert {reason.field for reason in screen(registration, yoga()).reasons} == {"keywords"}
    assert screen(replace(registration, title="Tai chi"), yoga()).tier is Tier.RELATED
    assert screen(replace(registration, title="Pilates", keywords=("Lumbago",)), yoga()).tier is Tier.RELATED


def test_neighbour() -> None:
    """A neighbour in the title outweighs a broader term, a keyword's related term, and one mention; not two."""
    assert rule("Tai chi for lumbago") == "neighbour: tai chi"
    assert rule("Tai chi, a mind-body exercise, for lumbago") == "neighbour: tai chi"
    assert rule("Tai chi for lumbago", "Unlike yoga.") == "neighbour: tai chi"
    assert tier("Tai chi for lumbago", keywords=("pilates",)) == "out"
    assert tier("Tai chi or pilates for lumbago") == "related"
    assert tier("Tai chi for lumbago", "Yoga was compared; yoga won.") == "related"
    assert tier("Tai chi or yoga for lumbago") == "core"


def test_field_named() -> None:
    """A title that lists several neighbours under a broader term names the whole field."""
    assert tier("Mind-body therapies for lumbago: tai chi and walking") == "related"
    assert rule("Tai chi and walking for lumbago") == "neighbour: tai chi"


def test_missing() -> None:
    """The rule names what is missing; a neighbour is only named where it stands in for the one missing concept."""
    assert rule("Yoga for asthma") == "concept missing: low back pain"
    assert rule("Tai chi for asthma") == "concept missing: yoga, low back pain"
    assert rule("") == "concept missing: yoga, low back pain"


def test_passing() -> None:
    """Where no title, keyword or heading names a concept, one mention in the abstract is only in passing."""
    assert rule("Exercise in general", "Yoga helps. Yoga lasts. Lumbago eases.") == "passing mention: low back pain"
    assert tier("Exercise in general", "Yoga helps. Yoga lasts. Lumbago eases; lumbago goes.") == "related"


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("A pilot study", "Six people with lumbago did yoga."),
        ("Mind-body therapies", "Yoga is one. Lumbago is another."),
    ],
)
def test_not_passing(title: str, abstract: str) -> None:
    """One mention of each is enough in one sentence, or when the title has a broader term."""
    assert tier(title, abstract) == "related"


def test_ambiguous() -> None:
    """An abbreviation counts only with its context, with the concept itself, and as it is written."""
    assert tier("Yoga and LBP") == "out"
    assert tier("Yoga and LBP", "The lumbar spine.") == "core"
    assert tier("Yoga and LBP", "Lumbago.") == "core"
    assert tier("Yoga and lbp", "The lumbar spine.") == "out"


def test_no_context() -> None:
    """Without any context in the profile, an abbreviation needs the concept itself, and is no homonym otherwise."""
    assert rule("Yoga and LB", "A light beam (LB).") == "concept missing: low back pain"
    assert tier("Yoga and LB", "Lumbago.") == "core"


def test_homonym() -> None:
    """A homonym anywhere in the record stands against the abbreviation, and is named."""
    text = "The lumbar spine and lipopolysaccharides."
    assert rule("Yoga and LBP", text) == "homonym: lipopolysaccharide-binding protein"


def test_spelled_out() -> None:
    """What the record itself says an abbreviation stands for is believed."""
    assert (
        rule("Yoga and LBP", "Late birth problems (LBP) in lumbar pain.") == "homonym: abbreviation of something else"
    )
    assert rule("Yoga and LBP (late birth problems)", "Lumbar.") == "homonym: abbreviation of something else"
    assert tier("Yoga and LBP (low back pain)") == "core"
    assert tier("Yoga and LBP", "Long-standing low back pain (LBP), lumbar.") == "core"


@pytest.mark.parametrize(
    "denial",
    [
        "Not yoga.",
        "This is not about yoga.",
        "Neither tai chi nor yoga.",
        "No yoga was given.",
        "Walking without yoga.",
        "Non-yoga exercise.",
        "Yoga is not the subject.",
        "Yoga was not among the topics covered; yoga was never examined.",
        "Exclusion criteria were pregnancy and regular yoga.",
        "People with yoga experience were excluded.",
        "We excluded people who did yoga.",
    ],
)
def test_denied(denial: str) -> None:
    """What a record says it is not about is not a mention."""
    assert rule("Lumbago", denial) == "concept missing: yoga"


@pytest.mark.parametrize(
    "mention",
    [
        "Exercise with or without yoga.",
        "Yoga was not better than walking.",
        "There was no effect of yoga.",
        "Smokers were excluded. Yoga was given.",
        "喫煙者 were excluded。Yoga was given.",
        "Not only yoga.",
    ],
)
def test_not_denied(mention: str) -> None:
    """A negative result, or a denial of something else, is still a mention."""
    assert tier("Lumbago", mention) == "related"


def test_words() -> None:
    """Whole words count in scripts that have them; accents and case never matter; other scripts match as they stand."""
    assert tier("Yogacara and lumbago") == "out"
    assert tier("Yóga for lumbágo") == "core"
    assert tier("ヨガ yoga 慢性腰痛患者") == "core"
    assert tier("yoga慢性腰痛") == "core"


def test_own_spelling() -> None:
    """A reason shows the record's own letters where they can be told, and plain letters where not."""
    assert screen(record("Yóga, lumbago"), yoga()).reasons[0].term == "Yóga"
    assert screen(record("½ hour of yóga, lumbago"), yoga()).reasons[0].term == "yoga"


def test_one_concept() -> None:
    """A subject may have a single concept."""
    toml = {
        "label": "L",
        "title": "T",
        "concepts": [{"name": "c", "mesh": [], "search": ["c"], "terms": ["cat"], "broader": ["animal"]}],
    }
    screener = Screener(subject_from(toml, "c.toml"))
    assert screener.screen(record("A cat")).tier is Tier.CORE
    assert screener.screen(record("An animal")).excluded_by == "too wide: c"
    assert screener.screen(record("A dog")).excluded_by == "concept missing: c"


def test_labels() -> None:
    """Headings of abstract sections are part of the abstract."""
    labelled = Record("made-up", "1", "Lumbago", abstract=(Section("Done.", "YOGA"),))
    assert screen(labelled, yoga()).tier is Tier.RELATED
