"""The patient edition: few and plain words, everything that the issue holds, and nothing that promises."""

import json
import re
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from pipeline.digest.compose import compose_correction
from pipeline.digest.evidence_map import INTERVENTIONS, OUTCOMES
from pipeline.digest.issue import Issue, IssueRef
from pipeline.digest.render import FORMATS, render
from pipeline.digest.state import subject_line
from pipeline.model import (
    BY_HAND,
    Author,
    Count,
    Counted,
    Design,
    Direction,
    EventKind,
    Harms,
    PartialDate,
    Section,
    Tier,
    Work,
)
from pipeline.proof import Status
from tests.digest.samples import (
    ALL_FAILED,
    ALL_WELL,
    BEFORE,
    EDITIONS,
    LABEL,
    NOT_ASKED,
    NOW,
    PATIENTS,
    PUBMED_FAILED,
    busy,
    composed,
    covered,
    fact,
    facts,
    full_trial,
    golden,
    material,
    new,
    versions,
    work,
)

RECEIPT = "\n\nWHAT WAS CHECKED\n"
BRIEF = "Chance decided who got which treatment (a randomised trial)."
HARMS = "Harms were not reported in the summary."


def shown(*works: Work, **changes: Any) -> str:
    """What a patient reads before the receipt, as text on one line."""
    issue = composed(material(works, [new(works[0].id)], **changes), PATIENTS).issue
    return flat(front(issue))


def front(issue: Issue) -> str:
    """The text before the receipt."""
    before, receipt, _ = render(issue, "text").partition(RECEIPT)
    assert receipt
    return before


def flat(text: str) -> str:
    """Text on one line, without what underlines its headings."""
    text = re.sub(r"^(?:=+|-+)$", "", text, flags=re.MULTILINE)
    return " ".join(text.split())


def told(conclusion: str, *summary: str, **changes: Any) -> Work:
    """A trial with a conclusion, of which the summary says more."""
    one = full_trial(1)
    stated = replace(one.facts, conclusion=fact(conclusion), corrected=None, **changes)
    return replace(one, facts=stated, record=replace(one.record, abstract=tuple(Section(part) for part in summary)))


# --- one study ------------------------------------------------------------------------------------


def test_question() -> None:
    """The question is about the outcome that the title names, or else the conclusion, or else the first."""
    both = (fact("pain", "pain", "abstract"), fact("fatigue", "fatigue", "abstract"))
    named = replace(told("Fatigue did not differ.").facts, outcomes=both)
    assert "ease tiredness (fatigue)?" in shown(replace(full_trial(1), facts=named))
    titled = replace(named, outcomes=(both[1], fact("pain", "pain", "title")))
    assert "ease pain?" in shown(replace(full_trial(1), facts=titled))
    silent = replace(named, conclusion=fact("More research is needed."))
    assert "ease pain?" in shown(replace(full_trial(1), facts=silent))
    many = tuple(map(fact, ("scalp", "laser", "cupping")))
    assert "Does a form of acupuncture ease" in shown(replace(full_trial(1), facts=replace(named, interventions=many)))


def test_study() -> None:
    """A study is a question, what they did with how many people, what they found, what is not known, and where."""
    page = shown(replace(full_trial(1), facts=replace(full_trial(1).facts, interventions=(fact("acupressure"),))))
    assert (
        "Does pressing on points of the body (acupressure) ease tiredness (fatigue)? "
        f"What they did: {BRIEF} 86 people took part. It was compared with a pretend (sham) treatment. "
        "What they found: “Made-up fatigue fell by made-up points; a made-up larger trial is "
        "needed.” "
        f"What we still do not know: {HARMS} It was corrected after it appeared. "
        "Where to read it: Electroacupuncture for fatigue in multiple sclerosis: a made-up randomised trial "
        "https://doi.org/10.5555/litwatch.1"
    ) in page


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (work(1, Design.SYSTEMATIC_REVIEW), "A review is only as good as its studies."),
        (work(1, Design.RCT), "How many people took part is not stated."),
        (work(1, Design.RCT, abstract=()), "What they found: There is no summary that we could read."),
        (work(1, Design.RCT, abstract=()), "Without a summary, we do not know about harms."),
        (work(1, Design.RCT), "What they found: The summary does not state a conclusion."),
        (work(1, Design.RCT, publication_types=("Preprint",)), "not yet been checked by other scientists (a preprint)"),
        (work(1, Design.RCT, tier=Tier.RELATED), "It is about a related subject."),
        (work(1, Design.CASE_REPORT), "There was no comparison group."),
        (work(1, Design.NONRANDOMIZED_TRIAL), "Chance did not decide who was treated"),
        (work(1, stated=facts(Design.RCT, participants=12)), "12 people took part."),
        (work(1, stated=facts(Design.RCT, participants=12)), "The study was small."),
        (work(1, stated=facts(Design.RCT, harms=Harms.REPORTED)), "says something about harms; please read it there."),
        (work(1, stated=facts(Design.RCT, harms=Harms.NONE_REPORTED)), "About harms, the summary says that none were"),
        (work(1, stated=facts(Design.RCT, comparators=(fact("other"),))), "It was compared with another treatment."),
        (work(1, stated=facts(Design.RCT, outcomes=(fact("other"),))), "What does the treatment do?"),
        (work(1, Design.SURVEY), "What do people say when they are asked?"),
    ],
)  # fmt: skip
def test_said(one: Work, said: str) -> None:
    """What limits a study, and what is not stated, is said in plain words."""
    assert said in shown(one)


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (Counted.ANALYSED, "The results are of 1,060 people."),
        (Counted.ENROLLED, "1,060 people took part."),
        (Counted.PLANNED, "1,060 people are to take part."),
    ],
)
def test_people(counted: Counted, said: str) -> None:
    """Whom a number counts is said; what was judged by hand says so."""
    one = full_trial(1)
    people = Count(1_060, "made-up words", BY_HAND, counted=counted)
    assert f"{said} It was compared with a pretend (sham) treatment. We corrected this by hand." in shown(
        replace(one, facts=replace(one.facts, participants=people))
    )


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (facts(Design.ANIMAL, population="animal"), "A study in animals, not people."),
        (facts(Design.RCT, population="animal"), "A study in animals, not people."),
        (facts(Design.IN_VITRO), "A study in the laboratory, not in people."),
        (facts(Design.REGISTRATION), "It describes a trial, not what was found."),
        (facts(Design.PROTOCOL), "A plan for a study. It has no results yet."),
        (facts(), "What kind of study this is, is not stated."),
    ],
)
def test_brief(stated: Any, said: str) -> None:
    """What treated no people, or has not yet, is told in a sentence below its title, and nothing of it is quoted."""
    page = shown(work(1, stated=replace(stated, conclusion=fact("Rats ran faster."))))
    assert (
        f"Made-up study 1 of acupuncture in multiple sclerosis https://doi.org/10.5555/litwatch.1 What it is: {said}"
        in page
        or (f"https://doi.org/10.5555/litwatch.1 What it is: An entry in a public list of trials. {said}" in page)
    )
    assert "Rats ran" not in page


@pytest.mark.parametrize("doubt", ["retracted", "concern", "withdrawn"])
def test_doubt(doubt: str) -> None:
    """Of a study that cannot be relied on, that is said first; its findings are not told, harms are."""
    page = shown(work(1, stated=facts(Design.RCT, conclusion="It helped.", **{doubt: True})))
    heading = {"retracted": "Taken back (retracted)", "concern": "Now in doubt", "withdrawn": "Taken back (withdrawn)"}
    assert f"{heading[doubt]}: Made-up study 1" in page
    assert f"What we still do not know: {HARMS}" in page
    assert "It helped" not in page


# --- words that are not told ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Acupuncture is safe.", "it has a word that may promise too much"),
        ("A BREAKTHROUGHS of care.", "it has a word that may promise too much"),
        ("It w\u00adorks.", "it has a word that may promise too much"),
        ("The GNDS fell.", "the summary does not explain an abbreviation in it"),
        ("Fatigue fell (n = 40).", "the summary does not explain an abbreviation in it"),
        ("word " * 61, "it is very long"),
        ("针" * 601, "it is very long"),
    ],
)
def test_left_out(sentence: str, reason: str) -> None:
    """A sentence that promises, has an abbreviation nobody explains, or is endless is left out, and we say why."""
    page = shown(told(sentence, "Made-up summary."))
    assert f"What they found: The authors\u2019 sentence is left out, because {reason}. What we" in page
    assert sentence[:12] not in page


def test_explained_by_summary() -> None:
    """An abbreviation that the summary explains is told, and explained in the summary's own words."""
    page = shown(told("The GNDS fell.", "The Guy's neurological disability scale (GNDS) was used."))
    assert "“The GNDS fell.”" in page
    assert "Short forms: GNDS: “Guy's neurological disability scale”" in page


@pytest.mark.parametrize("summary", ["The miracle scale (MSC) was used.", "The my XYZ coil (MXC) was used."])
def test_explained_badly(summary: str) -> None:
    """An explanation that needs one itself, or promises, is none."""
    short = re.findall(r"\((\w+)\)", summary)[0]
    assert "does not explain an abbreviation" in shown(told(f"The {short} fell.", summary))


def test_own_meaning() -> None:
    """What a summary means by an abbreviation of the glossary is told where it means something else."""
    page = shown(told("The VAS fell.", "The vestibular activity score (VAS) was used."))
    assert "Short forms: VAS: “vestibular activity score”" in page
    same = shown(told("The VAS fell.", "The visual analogue scale (VAS) was used."))
    assert "Short forms: VAS" not in same
    assert "SHORT FORMS MS: multiple sclerosis. VAS: visual analogue scale, a line" in same


def test_at_odds() -> None:
    """Where the quoted sentence leaves out that there was no difference, the words that say so are quoted, too."""
    no_difference = fact(Direction.NO_DIFFERENCE, "groups did not differ")
    assert "The summary also says: “groups did not differ”" in shown(told("It is fine.", "x", direction=no_difference))
    unclear = fact(Direction.MIXED, "the GNDS fell")
    assert "The summary says more about this; please read it there." in shown(
        told("It is fine.", "x", direction=unclear)
    )


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"title": "A cure for multiple sclerosis"}, "the article in Journal of Made-up Results, 10 Nov 2026"),
        ({"title": "\u202e"}, "the article in Journal of Made-up Results, 10 Nov 2026"),
        ({"title": "Effects on GNDS", "journal": "Safe Results"}, "the article, 10 Nov 2026"),
        ({"title": "Effects on GNDS", "journal": ""}, "the article, 10 Nov 2026"),
        ({"title": "GNDS", "published": None}, "the article in Journal of Made-up Results, date not stated"),
        ({"title": "GNDS", "published_stated": "Autumn"}, "the article in Journal of Made-up Results, Autumn"),
        ({"title": "GNDS", "published_stated": "a SAFE one"}, "the article in Journal of Made-up Results, 10 Nov 2026"),
    ],
)
def test_title_left_out(changes: dict[str, Any], place: str) -> None:
    """A title that cannot be told gives way to journal and date, and the link stays."""
    page = shown(work(1, Design.RCT, **changes))
    assert f"Where to read it: {place} https://doi.org/10.5555/litwatch.1" in page


# --- corrections ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind is not EventKind.NEW])
def test_correction(kind: EventKind) -> None:
    """Corrections come first, in plain words, with the issue in which the study stood."""
    notice = "number of people: 66 → 60" if kind is EventKind.OUR_MISTAKE else "https://example.org/notice"
    events = [new(2), new(1, kind, notice=notice)]
    issue = composed(material([work(1, Design.RCT), work(2, Design.RCT)], events, told=[1]), PATIENTS).issue
    page, happened = flat(front(issue)), EDITIONS.patient.happened[kind]
    assert f"{happened.heading}: Made-up study 1 of" in page
    between = f" · {notice} · " if kind in {EventKind.OUR_MISTAKE, EventKind.STATUS} else " "
    assert f"What happened: {happened.sentence}{between}It stood in issue 3 of 3 Mar 2026." in page
    assert notice in page
    assert page.index("Made-up study 1 of") < page.index("Made-up study 2 of")


def test_correction_links() -> None:
    """A notice that is the article itself, or has no address, is not linked a second time."""
    article, preprint = versions(1)
    for notice in (article.record.doi, "PPR1"):
        events = [new(2, EventKind.PUBLISHED, notice=notice)]
        page = front(composed(material([article, preprint], events, told=[1]), PATIENTS).issue)
        assert article.record.title in flat(page)
        assert "Read why" not in page


def test_counted_before() -> None:
    """A study that the first issue only counted is not said to have stood in it."""
    given_ = replace(material([work(1)], [new(1, EventKind.RETRACTED)]), told={1: IssueRef(1, NOW)}, shown=frozenset())
    page = flat(front(composed(given_, PATIENTS).issue))
    assert "Issue 1 of 22 Nov 2026 counted it among what was known." in page


# --- the issue --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_", "headline", "state"),
    [
        (material([work(1)]), "1 new study this time", "All 6 sources were searched in full."),
        (
            material([work(1), work(2), work(3)], [new(1), new(2), new(3, EventKind.RETRACTED)], told=[3]),
            "2 new studies and 1 correction",
            "All 6 sources were searched in full.",
        ),
        (
            material([work(3)], [new(3, EventKind.RETRACTED)], told=[3]),
            "1 correction to what we told you",
            "All 6 sources were searched in full.",
        ),
        (material(), "No new study this time", "Nothing new: all 6 sources were searched in full. We keep looking."),
        (
            material(coverage=ALL_WELL[:1]),
            "No new study this time",
            "Nothing new: our only source was searched in full. We keep looking.",
        ),
        (
            material([work(1)], coverage=(*ALL_WELL[:5], covered("medRxiv", Status.SKIPPED, error="it needs a key"))),
            "1 new study this time",
            "5 of 6 sources were searched in full, the others were left out.",
        ),
        (
            material(coverage=PUBMED_FAILED),
            "We could not search everywhere this time",
            "INCOMPLETE: PubMed failed. What we tell you here stands, but there may be more.",
        ),
        (
            material(coverage=()),
            "We could not search everywhere this time",
            "INCOMPLETE: no source was asked, so we cannot say whether anything is missing.",
        ),
        (
            material([work(1)], previous=None),
            "Welcome: this is the first issue",
            "All 6 sources were searched in full. Of 1 study that we know, here are some",
        ),
    ],
)
def test_opening(given_: Any, headline: str, state: str) -> None:
    """Below the subject line stands a large plain headline, and then what is certain and what is missing."""
    issue = composed(given_, PATIENTS).issue
    assert flat(front(issue)).startswith(f"{subject_line(issue)} {headline} {state}")
    page: Any = html.document_fromstring(render(issue, "html"))
    assert page.find(".//h1").text_content() == headline
    assert page.xpath("string(//p[@class='subject'])") == subject_line(issue)


def test_out_of_cycle() -> None:
    """A retraction that cannot wait says so in plain words, too, and tells nothing else."""
    given_ = material([work(1), work(2)], [new(1, EventKind.RETRACTED), new(2)], told=[1])
    composition = compose_correction(PATIENTS, LABEL, given_, NOW, None)
    assert composition
    page = flat(front(composition.issue))
    assert "Please read this: something we told you of was taken back This could not wait for the next regular" in page
    assert "Taken back (retracted): Made-up study 1 of" in page
    assert "Made-up study 2 of" not in page


def test_trial_state() -> None:
    """The state of a trial is told in plain words, the former and the new one."""
    event = new(1, EventKind.STATUS, notice="RECRUITING → TERMINATED")
    page = flat(front(composed(material([work(1, Design.REGISTRATION)], [event], told=[1]), PATIENTS).issue))
    assert (
        "gives another state. · recruiting → terminated (stopped early, and will not start again) · It stood in issue 3"
        in page
    )


def test_subject_line() -> None:
    """In the subject line trials are called trials, in JSON as well, which is otherwise that of clinicians."""
    patient, clinician = (json.loads(render(golden()[name].issue, "json")) for name in ("patient", "busy"))
    assert patient.pop("subject") == "MS + acupuncture: 11 new (2 trials), 3 corrections — 22 Nov 2026"
    assert clinician.pop("subject") == "MS + acupuncture: 11 new (2 RCTs), 3 corrections — 22 Nov 2026"
    assert (patient.pop("digest"), clinician.pop("digest")) == ("patients", "weekly")
    assert patient == clinician


def test_requeried() -> None:
    """A source that is asked otherwise is announced after the receipt."""
    row = covered("PubMed", before=None)
    changed = replace(row, before=type("Before", (), {"asked_at": BEFORE.composed_at, "total": 100})())
    page = render(composed(material(coverage=(changed,)), PATIENTS).issue, "text")
    assert "Asked otherwise: PubMed is asked otherwise than on 15 Nov 2026: 100 records" in flat(
        page.partition(RECEIPT)[2]
    )


def test_more() -> None:
    """What has no room follows after the receipt, a line each; how many do is said before it."""
    issue = golden()["patient"].issue
    page = render(issue, "text")
    before, after = (flat(part) for part in page.split(RECEIPT))
    assert before.strip().endswith("10 more studies are listed at the end. 1 more waits for the next issue.")
    assert "MORE STUDIES Their titles are the researchers\u2019 own words. - Electroacupuncture for fatigue" in after
    assert "a study in animals, not people https://doi.org/10.5555/litwatch.16" in after
    assert "Taken back (retracted) · a trial https://doi.org/10.5555/litwatch.18" in after


def test_many_corrections() -> None:
    """Corrections that have no room follow before the studies, each with its issue and its abbreviations."""
    works = [
        work(number, Design.RCT, f"On the EDSS in the made-up trial of number {number}") for number in range(1, 31)
    ]
    events = [new(number, EventKind.RETRACTED) for number in range(1, 30)]
    issue = composed(material(works, [*events, new(30)], told=range(1, 30)), PATIENTS).issue
    before, after = (flat(part) for part in render(issue, "text").split(RECEIPT))
    number = re.findall(r"(\d+) more corrections are listed at the end. 1 more study is listed at the end.", before)
    assert after.count("Taken back (retracted) · It stood in issue 3 of 3 Mar 2026.") == int(number[0])
    assert after.index("MORE THAT HAS CHANGED") < after.index("MORE STUDIES")
    assert "EDSS: Expanded Disability Status Scale" in before
    own = work(1, Design.RCT, "The GNDS", abstract=(Section("Guy's neurological disability scale (GNDS)"),))
    late = composed(material([*works[:25], replace(own, id=40, study=40)]), replace(PATIENTS, max_items=50)).issue
    assert "a trial · GNDS: “Guy's neurological disability scale” https" in flat(render(late, "text").split(RECEIPT)[1])


# --- whatever the issue holds -----------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *("fatigue", "fell", "in", "people", "after", "six", "weeks", "MS", "EDSS", "GNDS", "XYZ-36", "RCTs", "QoL"),
        *(
            "safe",
            "Works",
            "CURE",
            "breakthrough",
            "sa\u00adfe",
            "saf\u200be",
            "n = 40",
            "N=12",
            "p<0.05",
            "针灸",
            "<b>",
        ),
        *(
            "Guy's neurological disability scale (GNDS)",
            "خستگی",
            "“so”",
            "{people}",
            "&lt;",
            "\u202e",
            "II",
            "McDonald",
        ),
        *("[x](javascript:alert(1))", "<script>alert(1)</script>", "WHAT", "WAS", "CHECKED"),
    ]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=30).map(" ".join) | st.sampled_from(
    ["x" * 1_000, "word " * 300, "针" * 700]
)


def some(values: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few facts with values of a vocabulary."""
    return st.lists(st.sampled_from(values).map(fact), max_size=3).map(tuple)


@st.composite
def studies(draw: st.DrawFn, number: int) -> Work:
    """A study of any kind, with any facts, in whatever words."""
    design = draw(st.sampled_from([None, *Design]))
    marks = draw(
        st.dictionaries(st.sampled_from(["retracted", "concern", "withdrawn", "corrected"]), st.booleans(), max_size=1)
    )
    stated: dict[str, Any] = {"interventions": draw(some(INTERVENTIONS)), "outcomes": draw(some(OUTCOMES))}
    stated["comparators"] = draw(some(["sham", "placebo", "other", "usual care"]))
    if draw(st.booleans()):
        stated["participants"] = draw(st.integers(1, 2_000))
    if draw(st.booleans()):
        stated["conclusion"] = draw(SENTENCES)
        stated["direction"] = draw(st.sampled_from(list(Direction)))
    if draw(st.booleans()):
        stated["harms"] = draw(st.sampled_from(list(Harms)))
        stated["population"] = draw(st.sampled_from(["human", "animal", "in_vitro"]))
    return work(
        number,
        title=draw(SENTENCES),
        tier=draw(st.sampled_from([Tier.CORE, Tier.RELATED])),
        stated=facts(design, **stated, **marks),
        abstract=draw(
            st.sampled_from([(), (Section("Made-up. Guy's neurological disability scale (GNDS) was used."),)])
        ),
        journal=draw(st.sampled_from(["", "Journal of Made-up Results", "Safe Results", "GNDS Letters"])),
        authors=(Author(collective=draw(SENTENCES)),),
        published=draw(st.sampled_from([None, PartialDate(2026, 11), PartialDate(2019)])),
        publication_types=draw(st.sampled_from([(), ("Preprint",)])),
    )


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    """Any issue of the patient edition."""
    numbers = range(1, 1 + draw(st.integers(0, 8)))
    works = [draw(studies(number)) for number in numbers]
    known = draw(st.sets(st.sampled_from(numbers))) if works else set()
    kinds = st.sampled_from([kind for kind in EventKind if kind is not EventKind.NEW])
    events = [
        new(number, draw(kinds), notice=draw(SENTENCES)) if number in known else new(number) for number in numbers
    ]
    coverage = draw(st.sampled_from([ALL_WELL, PUBMED_FAILED, ALL_FAILED, NOT_ASKED, ALL_WELL[:1]]))
    given_ = material(works, events, told=known, coverage=coverage)
    if not known and draw(st.booleans()):
        given_ = replace(given_, previous=None, start=None)
    else:
        given_ = replace(given_, start=NOW - timedelta(days=7))
    return composed(given_, replace(PATIENTS, max_items=draw(st.integers(1, 9)))).issue


MANY = settings(max_examples=60, deadline=None)


@MANY
@given(issues())
def test_words(issue: Issue) -> None:
    """Before the receipt there are 300 words at most; each abbreviation is explained there; nobody reads "N =".

    No word that promises stands anywhere but in the receipt, not in a quotation or a title either.
    """
    before, _, after = render(issue, "text").partition(RECEIPT)
    assert len(before.split()) <= 300
    seen = re.sub("[\u00ad\u200b]", "", f"{before} {after}")
    assert not re.search(r"\b(?:works|breakthrough\w*|safe|cured?|cures)\b", seen, re.IGNORECASE)
    text = flat(re.sub(r"https?://\S+", "", before))
    assert not re.search(r"\b[NnPp] ?[=<]", text)
    for word in {found.removesuffix("s") for found in re.findall(r"[^\W\d_]+", text)} - {
        "INCOMPLETE",
        "II",
        *headings(),
    }:
        if sum(map(str.isupper, word)) >= max(2, sum(map(str.islower, word))):
            assert re.search(rf"\b{word}: \S", text), word


def headings() -> set[str]:
    """The words of section headings, which text sets in capitals."""
    edition = EDITIONS.patient
    named = (*(one.heading for one in edition.headings.values()), edition.labels.short_forms)
    return {word for heading in named for word in re.findall(r"\w+", heading.upper())}


@MANY
@given(issues())
def test_studies(issue: Issue) -> None:
    """Every correction and every study stands on the page once, in order, so that the subject's count holds.

    What is told in full, or treated people and is in doubt, says once what is known of harms. Nothing in the records
    becomes an element of the page, and every format can be made.
    """
    page: Any = html.document_fromstring(render(issue, "html"))
    told = [*(one.study.id for one in issue.corrections), *(item.study.id for item in issue.items)]
    entries = page.xpath("//div[starts-with(@class, 'card')] | //li[@class='entry']")
    assert len(entries) == len(told)
    for number, entry in zip(told, entries, strict=True):
        assert f"https://doi.org/10.5555/litwatch.{number}" in entry.xpath(".//a/@href")
    if issue.items:
        assert f"{len(issue.items)} {'shown' if issue.known else 'new'}" in subject_line(issue)
    edition = EDITIONS.patient
    harms = [
        getattr(edition.unknown, name) for name in (field.name for field in fields(edition.unknown)) if "harms" in name
    ]
    for entry in page.xpath("//div[@class='card']"):
        text = flat(" ".join(entry.itertext()))
        brief = any(design.did in text for design in edition.designs.values() if design.brief)
        assert sum(line in text for line in harms) == (0 if brief else 1)
    assert not page.xpath("//script | //b | //img")
    assert "javascript:" not in "".join(map(str, page.xpath("//@href")))
    assert all(render(issue, form) for form in FORMATS)


def test_busy_is_the_same_issue() -> None:
    """Both editions hold the same items in the same order."""
    patient, clinician = golden()["patient"].issue, golden()["busy"].issue
    assert patient.items == clinician.items
    assert patient.corrections == clinician.corrections
    assert composed(busy(), PATIENTS).claims == composed(busy()).claims
