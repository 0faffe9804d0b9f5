"""What readers get: the same words in every format, and nothing from outside that is more than words."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest
from lxml import html

from pipeline.digest.render import FORMATS, render
from pipeline.digest.render_text import WIDTH, columns
from pipeline.model import (
    Count,
    Counted,
    Design,
    Direction,
    EventKind,
    Facts,
    Harms,
    PartialDate,
    Reason,
    Record,
    Section,
    Tier,
    Verdict,
    Work,
)
from pipeline.proof import Status
from tests.digest.golden import FOLDER
from tests.digest.samples import (
    BERLIN,
    composed,
    covered,
    fact,
    facts,
    full_trial,
    golden,
    material,
    new,
    record,
    titled,
    versions,
    work,
)
from tests.digest.test_compose import POSTED

ISSUES = {name: composition.issue for name, composition in golden().items()}
WORD = re.compile(r"[^\s:·—=-]+")


def parsed(page: str) -> html.HtmlElement:
    """An HTML document as a tree."""
    return html.document_fromstring(page)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ISSUES)
def test_golden(name: str, form: str) -> None:
    """Each kind of issue reads exactly as it was when somebody last read it; see golden.py."""
    expected = (FOLDER / f"{name}.{FORMATS[form]}").read_text(encoding="utf-8")
    assert render(ISSUES[name], form) == expected


def text_words(page: str) -> list[str]:
    """The words before the receipt, in order, without the addresses that stand in for links."""
    body = page.partition("WHAT WAS CHECKED")[0]
    return WORD.findall(re.sub(r"^ +https?://\S+$", "", body, flags=re.MULTILINE).casefold())


def html_words(page: str) -> list[str]:
    """The words before the receipt, in order; without the headings of columns, which text has no place for."""
    body = parsed(page).find("body")
    assert body is not None
    for columns_named in body.findall(".//thead"):
        columns_named.drop_tree()
    spaced = " ".join(str(piece) for piece in body.itertext())
    return WORD.findall(spaced.rpartition("What was checked")[0].casefold())


@pytest.mark.parametrize("name", [name for name in ISSUES if name != "baseline"])
def test_same_words(name: str) -> None:
    """Text and HTML say the same words in the same order."""
    issue = ISSUES[name]
    assert text_words(render(issue, "text")) == html_words(render(issue, "html"))


@pytest.mark.parametrize("name", [name for name in ISSUES if not name.startswith("patient")])
def test_same_items(name: str) -> None:
    """Every format has the same items in the same order."""
    issue = ISSUES[name]
    titles = [item.study.main.record.title for item in issue.items]
    assert [item["title"] for item in json.loads(render(issue, "json"))["items"]] == titles
    body = parsed(render(issue, "html"))
    shown = [
        entry.text_content()
        for entry in body.xpath("//*[(self::h3 or @class='title') and not(contains(../@class, 'correction'))]")
    ]
    assert shown == titles
    flat = re.sub(r"\s+", " ", render(issue, "text"))
    places = [flat.index(title) for title in titles]
    assert places == sorted(places)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ["patient", "patient-baseline", "patient-incomplete"])
def test_same_items_for_patients(name: str, form: str) -> None:
    """So has every format of the patient edition, partly before the receipt and partly after it."""
    titles = [item.study.main.record.title for item in ISSUES[name].items]
    page = render(ISSUES[name], form)
    said = str(parsed(page).text_content()) if form == "html" else page
    flat = re.sub(r"\s+", " ", said)
    places = [flat.index(title) for title in titles]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ISSUES)
def test_width(name: str) -> None:
    """No line of the text is wider than 78 columns, unless a single word is."""
    for row in render(ISSUES[name], "text").splitlines():
        assert columns(row) <= WIDTH or len(row.split()) == 1
        assert row == row.rstrip()


@pytest.mark.parametrize("name", ISSUES)
def test_torn(name: str) -> None:
    """No date, number of people or DOI is torn apart, and no line begins with the sign between two statements."""
    page = render(ISSUES[name], "text")
    assert not re.search(r"(?:DOI|PMID|N =)\n|\b\d{1,2}\n +(?:Nov|Mar)\b|\n *[·—]", page)


@pytest.mark.parametrize("name", ISSUES)
def test_headings(name: str) -> None:
    """Every heading of the text is underlined, as far as it goes."""
    rows = render(ISSUES[name], "text").splitlines()
    underlined = [place for place, row in enumerate(rows) if re.fullmatch("=+|-+", row)]
    assert [rows[place - 1] for place in underlined[1:]] == [row for row in rows if row.isupper() and row[0] != " "]
    assert all(len(rows[place]) == columns(rows[place - 1]) for place in underlined[1:])


def test_wide_characters() -> None:
    """Chinese counts two columns a character and breaks anywhere; combining marks count none."""
    said = render(composed(material([titled("针" * 100)])).issue, "text")
    assert "\n" + "针" * 39 + "\n" in said
    assert columns("e\u0301") == 1


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("http://example.org/a b(c)\"<'>;", "http://example.org/a%20b%28c%29%22%3C%27%3E%3B"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org", ""),
        ("https:///no-host", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_addresses(address: str, expected: str) -> None:
    """Only http and https become links, percent-encoded; anything else is dropped."""
    given_ = material([titled("Made-up", doi="", url=address)])
    issue = composed(given_).issue
    links = [str(element.get("href")) for element in parsed(render(issue, "html")).findall(".//a")]
    assert links == ([expected] * 2 if expected else [])
    assert json.loads(render(issue, "json"))["items"][0]["link"] == (expected or None)


def record_link(**identifiers: object) -> str:
    """Where an item leads that has only these identifiers."""
    one = replace(work(1), record=replace(Record("litwatch", "1", "Made-up"), **identifiers))  # type: ignore[arg-type]
    link = json.loads(render(composed(material([one])).issue, "json"))["items"][0]["link"]
    return str(link)


def test_links() -> None:
    """A reader is led to the DOI, else PubMed, PubMed Central, the source's address or a registry."""
    assert record_link(doi="10.5555/a(b)<c>;d", pmid="1") == "https://doi.org/10.5555/a%28b%29%3Cc%3E%3Bd"
    assert record_link(pmid="1", pmcid="PMC2") == "https://pubmed.ncbi.nlm.nih.gov/1/"
    assert record_link(pmcid="PMC2") == "https://pmc.ncbi.nlm.nih.gov/articles/PMC2/"
    assert record_link(registrations=("DRKS99900001", "NCT99900001")) == "https://clinicaltrials.gov/study/NCT99900001"
    assert record_link(registrations=("ISRCTN99900001",)) == "https://www.isrctn.com/ISRCTN99900001"
    assert record_link() == "None"


@pytest.mark.parametrize("name", ISSUES)
def test_html_stands_alone(name: str) -> None:
    """The HTML is small, and says its language, its scheme, its one subject and what its tables' headings head."""
    source = render(ISSUES[name], "html")
    page = parsed(source)
    assert len(source.encode()) < 100_000
    assert page.get("lang") == "en"
    assert page.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]
    assert all(header.get("scope") in {"col", "row"} for header in page.findall(".//th"))
    assert len(page.findall(".//h1")) == 1


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def palettes() -> Iterator[tuple[set[str], set[str]]]:
    """The colours of text and of grounds, in the light and in the dark scheme."""
    for sheet in parsed(render(ISSUES["busy"], "html")).findall(".//style"):
        rules = str(sheet.text)
        yield set(re.findall(r"[{ ]color: (#\w+)", rules)), set(re.findall(r"background-color: (#\w+)", rules))


@pytest.mark.parametrize(("inks", "grounds"), [*palettes()])
def test_contrast(inks: set[str], grounds: set[str]) -> None:
    """Every text colour stands out from every ground by 4.5 to 1 or more (WCAG 2.2, 1.4.3)."""
    assert len(inks) >= 5
    assert len(grounds) == 3
    for ink, ground in product(inks, grounds):
        bright, dim = sorted((luminance(ground), luminance(ink)), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, (ground, ink)


def test_type_size() -> None:
    """No type is smaller than 16 pixels."""
    sizes = re.findall(r"font-size: ([.\d]+)(px|em)", render(ISSUES["busy"], "html"))
    assert {unit for _, unit in sizes} == {"px", "em"}
    assert min(float(size) for size, unit in sizes if unit == "px") >= 16
    assert min(float(size) for size, unit in sizes if unit == "em") >= 1


def said(*works: Work) -> str:
    """An issue of these works as text, on one line."""
    return re.sub(r"\s+", " ", render(composed(material(works, [new(works[0].id)])).issue, "text"))


def test_card() -> None:
    """A card says what the record says, in its own words, and where it may be found."""
    page = said(full_trial(1))
    assert (
        "randomised controlled trial · compared with sham · N = 86 randomised · human · journal article · open access"
        in page
    )
    assert "Conclusion: “Made-up fatigue fell by made-up points; a made-up larger trial is needed.”" in page
    assert (
        "Why here: “acupuncture” in the title · “multiple sclerosis” in the MeSH headings · design: “randomised” in"
        in page
    )
    assert "Certainty: not graded" in page
    assert "DOI 10.5555/litwatch.1 · PMID 99900001 · PMC9990001 · NCT99900001" in page
    assert "First seen: 21 Nov 2026 in PubMed; kept as W1" in page


def test_why() -> None:
    """Each concept gives one term, from the field that says most; fields are named once; then what gave the design."""
    reasons = (
        Reason("acupuncture", "acupuncture", "abstract"),
        Reason("acupuncture", "acupressure", "title"),
        Reason("multiple sclerosis", "MS", "title"),
        Reason("multiple sclerosis", "sclerosis", "elsewhere"),
    )
    typed = Facts(design=fact(Design.RCT, "Randomized Controlled Trial", "publication_types"))
    one = replace(work(1, stated=typed), verdict=Verdict(Tier.CORE, reasons))
    assert "Why here: “acupressure” and “MS” in the title · design: publication type “Randomized C" in said(one)


def test_title_stop() -> None:
    """The full stop that PubMed sets after a title is not shown."""
    assert "made-up trial https" in said(titled("A made-up trial."))


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("word " * 60 + "end", "word " * 59 + "word…"),
        ("x" * 300, "x" * 300),
        ("x" * 301, "x" * 300 + "…"),
        ("a " + "x" * 3000, "a " + "x" * 298 + "…"),
    ],
)
def test_long_title(title: str, shown: str) -> None:
    """A title beyond measure is cut for readers, between words where it can be; programs get it whole."""
    issue = composed(material([titled(title, vernacular_title=title)])).issue
    page = parsed(render(issue, "html"))
    assert page.find(".//h3").text_content() == shown
    assert page.xpath("//dt[.='Original title:']/../dd")[0].text_content() == shown
    assert json.loads(render(issue, "json"))["items"][0]["title"] == title


def test_terms() -> None:
    """The names of our vocabularies are told in words."""
    outcomes = (fact("mobility_balance"), fact("quality_of_life"))
    page = said(work(1, stated=facts(Design.RCT, interventions=(fact("acu_tens"),), outcomes=outcomes)))
    assert "Intervention: acu-TENS Outcomes: mobility and balance, quality of life" in page


def test_people() -> None:
    """How many took part is told on one line, too, and once."""
    stated = facts(Design.RCT, participants=86)
    assert "randomised controlled trial · N = 86 randomised · Sample" in said(
        work(1, stated=stated, published=PartialDate(2019))
    )
    small = facts(Design.RCT, participants=12)
    assert said(work(1, stated=small)).count("N = 12") == 1


def test_registry_number() -> None:
    """A registration that only has its registry's address is named by its number."""
    url = "https://clinicaltrials.gov/study/NCT99900001"
    stated = facts(Design.REGISTRATION, registrations=(fact("NCT99900001", url, "url"),))
    one = work(1, stated=stated, doi="", url=url)
    assert "· NCT99900001" in said(one)
    document = json.loads(render(composed(material([one])).issue, "json"))
    assert document["items"][0]["identifiers"]["nct"] == "NCT99900001"


def test_not_stated() -> None:
    """What the record does not state is said to be missing, and nothing is put in its place."""
    page = said(work(1, Design.RCT, authors=(), journal=""))
    assert "number of people not stated" in page
    assert "Conclusion: not stated in the abstract" in page
    assert "Published: authors not stated. 10 Nov 2026" in page
    assert "Intervention" not in page
    assert "number of people" not in said(work(1, Design.GUIDELINE))


def test_baseline_card_without_abstract() -> None:
    """A guideline without an abstract, demoted, says that there is none."""
    assert "abstract not available — guideline" in said(work(1, Design.GUIDELINE, abstract=()))


def test_versions() -> None:
    """A study's versions are named by kind and date, and each is linked."""
    registration = work(3, Design.REGISTRATION, study=1, published=PartialDate(2024), registrations=("NCT99900001",))
    works = (*versions(1), registration)
    assert "Versions: article, Nov 2026 · preprint, 3 Mar 2026 · trial registration, 2024" in said(*works)


@pytest.mark.parametrize(
    ("kind", "notice", "expected"),
    [
        (EventKind.RETRACTED, "https://example.org/n", "Retraction notice: https://example.org/n"),
        (EventKind.CONCERN, "", "Concern: none is linked in the records"),
        (EventKind.WITHDRAWN, "10.5555/notice", "Withdrawal notice: 10.5555/notice"),
        (EventKind.CORRECTED, "99900001", "Correction: 99900001"),
        (EventKind.CORRECTED, "PPR99900001", "Correction: PPR99900001"),
        (EventKind.PUBLISHED, "10.5555/article", "Article: 10.5555/article"),
        (EventKind.OUR_MISTAKE, "number of people: 66 → 60", "We said → it is: number of people: 66 → 60"),
        (EventKind.STATUS, "ACTIVE_NOT_RECRUITING → COMPLETED", "Status: active, not recruiting → completed"),
        (EventKind.RESULTS, "https://example.org/r?tab=results", "Results: https://example.org/r?tab=results"),
        (EventKind.OVERDUE, "2026-09-30 (made up)", "Since: 2026-09-30 (made up)"),
    ],
)
def test_correction(kind: EventKind, notice: str, expected: str) -> None:
    """A correction says what happened, in which issue the study stood, and where the notice is."""
    issue = composed(material([work(1)], [new(1, kind, notice=notice)], told=[1])).issue
    page = re.sub(r"\s+", " ", render(issue, "text"))
    assert f"{expected} Published: Sample A and Example B" in page
    assert "It stood in issue 3 of 3 Mar 2026." in page


def test_overdue() -> None:
    """That results are overdue accuses nobody: it says what is not there, and that not every trial has to post any."""
    issue = composed(material([work(1)], [new(1, EventKind.OVERDUE, notice="2026-09-30")], told=[1])).issue
    page = re.sub(r"\s+", " ", render(issue, "text"))
    assert "No results are posted in the registry 12 months after the trial's primary completion" in page
    assert "we know of no publication of them. Not every trial is bound by law to post results." in page


def test_why_stopped() -> None:
    """Why a trial stopped is quoted from the registry, with its new state and with nothing else."""
    why = (Section("Made-up summary.", "Brief summary"), Section("<b>Funding</b> ended", "Why stopped"))
    stopped = work(1, Design.REGISTRATION, abstract=why)
    for kind in (EventKind.STATUS, EventKind.RESULTS):
        issue = composed(material([stopped], [new(1, kind, notice="RECRUITING → TERMINATED")], told=[1])).issue
        page = re.sub(r"\s+", " ", render(issue, "text"))
        assert ("Why stopped: “<b>Funding</b> ended”" in page) is (kind is EventKind.STATUS)
        assert "<b>Funding" not in render(issue, "html")


def test_counted_by_a_later_issue() -> None:
    """A plan that counts as told with its results is not said to have stood in an issue, nor in the first one."""
    issue = composed(replace(material([work(1)], [new(1, EventKind.CORRECTED)], told=[1]), shown=frozenset())).issue
    page = re.sub(r"\s+", " ", render(issue, "text"))
    assert "Issue 3, of 3 Mar 2026, counted it as told." in page


def test_no_notice() -> None:
    """A correction that no notice is linked to has none in JSON."""
    issue = composed(material([work(1)], [new(1, EventKind.RETRACTED)], told=[1])).issue
    assert json.loads(render(issue, "json"))["corrections"][0]["notice"] is None


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind is not EventKind.NEW])
def test_alarm(kind: EventKind) -> None:
    """A correction is marked by its kind, and only what takes the study's ground away is in the alarm colour."""
    source = render(composed(material([work(1)], [new(1, kind, notice="a: b → c")], told=[1])).issue, "html")
    assert parsed(source).xpath("//h3/../@class") == [f"card correction {kind}"]
    for alarming in re.findall(r"^([.]retracted.*?) {", source, re.MULTILINE):
        assert (f".{kind}" in re.findall(r"[.]\w+", alarming)) is (kind in {"retracted", "concern", "withdrawn"})


def test_corrected_already() -> None:
    """A study that was corrected before it is told says so on one line, on two, and as a card."""
    assert "corrected · randomised" in said(
        work(1, stated=facts(Design.RCT, corrected=True), published=PartialDate(2019))
    )
    small = facts(Design.RCT, corrected=True, participants=12)
    assert "small (N = 12) — corrected · randomised" in said(work(1, stated=small))
    assert (
        said(work(1, stated=facts(Design.RCT, retracted=True))).partition("WHAT THIS CHANGES")[0].count("retracted")
        == 1
    )
    assert "Watch: corrected since it appeared" in said(full_trial(1))


def test_correction_of_version() -> None:
    """A withdrawn preprint is named by its own title, a published one by its article's and by the one it had."""
    article, preprint = versions(1)
    preprint = replace(preprint, record=replace(preprint.record, title="The made-up preprint"))
    for kind, title in ((EventKind.WITHDRAWN, preprint.record.title), (EventKind.PUBLISHED, article.record.title)):
        issue = composed(material([article, preprint], [new(2, kind)], told=[1])).issue
        heading = parsed(render(issue, "html")).find(".//h3/a").text_content()
        assert heading == title
    assert "Preprint: “The made-up preprint” · DOI 10.5555/litwatch.2 " in re.sub(r"\s+", " ", render(issue, "text"))


def test_correction_of_baseline() -> None:
    """A study that only counted as told with the first issue is not said to have stood in it."""
    first = replace(golden()["busy"].issue.corrections[0].told_in, number=1)
    issue = composed(
        replace(material([work(1)], [new(1, EventKind.RETRACTED)]), told={1: first}, shown=frozenset())
    ).issue
    page = re.sub(r"\s+", " ", render(issue, "text"))
    assert "Our first issue, of 3 Mar 2026, counted it as told." in page


@pytest.mark.parametrize(
    ("harms", "direction", "watch"),
    [
        (None, None, "harms not reported in the abstract"),
        (Harms.NONE_REPORTED, None, ""),
        (Harms.REPORTED, (Direction.BENEFIT, "scores fell"), ""),
        (Harms.REPORTED, (Direction.NO_DIFFERENCE, "did not differ"), "the abstract also says “did not differ”"),
        (Harms.REPORTED, (Direction.NO_DIFFERENCE, "fatigue fell by"), ""),
    ],
)
def test_watch(harms: Harms | None, direction: tuple[Direction, str] | None, watch: str) -> None:
    """What a careful reader would want to know: harms that nobody speaks of, words that the conclusion leaves out."""
    one = full_trial(1)
    told = {"harms": fact(harms) if harms else None, "direction": fact(*direction) if direction else None}
    stated = replace(one.facts, corrected=None, harms=told["harms"], direction=told["direction"])
    page = said(replace(one, facts=stated))
    assert (f"Watch: {watch} Certainty" in page) if watch else ("Watch:" not in page)


def test_disputed_design() -> None:
    """Where the words of a record name another design than its type, the card says so."""
    one = full_trial(1)
    page = said(
        replace(one, facts=replace(one.facts, disputed=fact(Design.OBSERVATIONAL, "a cohort study", "abstract")))
    )
    assert "“a cohort study” in the abstract says observational study" in page


def test_by_hand() -> None:
    """What an operator judged is marked, with the note."""
    one = full_trial(1)
    judged = "judged by hand on 2026-11-28: read it"
    people = Count(40, judged, "judgement", "pubmed:1")
    verdict = Verdict(Tier.CORE, (Reason("judgement", judged, "judgement"),))
    stated = replace(one.facts, design=fact(Design.RCT, judged, "judgement"), participants=people)
    page = said(replace(one, facts=stated, verdict=verdict))
    assert "randomised controlled trial (judged by hand) · compared with sham · N = 40 (judged by hand)" in page
    assert f"Why here: {judged} · design: {judged}" in page


def test_planned() -> None:
    """What a registration plans is called planned, and is not small."""
    people = Count(12, "12 participants (estimated)", "abstract", "pubmed:1", Counted.PLANNED)
    page = said(work(1, stated=replace(facts(Design.REGISTRATION), participants=people)))
    assert "N = 12 planned" in page
    assert "small" not in page


def test_ahead_of_print() -> None:
    """An article that is published ahead of print says so."""
    one = full_trial(1)
    page = said(replace(one, facts=replace(one.facts, publication=fact("ahead_of_print"))))
    assert "journal article, ahead of print" in page


def test_receipt() -> None:
    """Every source has a row with its numbers; what was screened out is counted by rule."""
    rows = (
        covered("A feed", total=None, complete_until=None),
        covered("PubMed", asked_at=datetime(2026, 11, 1, 8, tzinfo=UTC), quarantined=2, total=12_345, fetched=12_345),
        covered("Crossref", total=7, fetched=7, new=2, changed=3, gone=1),
    )
    given_ = material([work(1)], coverage=rows, excluded={"mitral_stenosis": 1, "mass_spectrometry": 1_200})
    page = re.sub(r"\s+", " ", render(replace(composed(given_).issue, next_due=None, contact=""), "text"))
    asked = "asked 22 Nov 2026, 06:30, never complete"
    assert f"A feed — complete: no total announced, 120 fetched, 0 new; {asked}" in page
    numbers = "12,345 announced, 12,345 fetched, 0 new, 2 records unreadable"
    asked = "asked 1 Nov 2026, 09:00, complete until 22 Nov 2026, 06:30"
    assert f"PubMed — complete, before this period: {numbers}; {asked}" in page
    assert "Crossref — complete: 7 announced, 7 fetched, 2 new, 3 records changed, 1 record no longer listed" in page
    assert "06:30, complete until then" in page
    assert (
        "Screened out: 1,201 records — mass spectrometry (1,200), mitral stenosis (1); litwatch list --excluded shows"
        in page
    )
    assert "Could not be read: 2 records, kept aside" in page
    assert "Next issue: not scheduled" in page
    assert "Run by" not in page


def test_never_asked() -> None:
    """A source that was not asked has no time of asking, in whatever time zone the reader lives."""
    row = covered("DOAJ", Status.SKIPPED, asked_at=datetime.min.replace(tzinfo=UTC), error="it wants a key")
    issue = composed(material(coverage=(row,)), replace(BERLIN, timezone="America/New_York")).issue
    assert "DOAJ — not asked (it wants a key); complete until 22 Nov 2026, 00:30" in render(issue, "text")
    assert json.loads(render(issue, "json"))["coverage"][0]["asked_at"] is None


def test_languages() -> None:
    """A language is named when it is one other than English that we can name."""
    assert "in Persian" in said(work(1, languages=("per",)))
    assert "in Chinese" not in said(work(1, languages=("eng", "chi")))
    assert "in English" not in said(work(1, languages=("eng",)))


def test_json() -> None:
    """The JSON has the documented keys in their order, UTC times, and null for what is not stated."""
    document = json.loads(render(ISSUES["busy"], "json"))
    assert list(document) == [
        *("litwatch", "digest", "issue", "previous_issue", "period", "subject", "complete", "corrections", "items"),
        *("carried_over", "added", "coverage", "excluded", "map_changes", "out_of_cycle", "query_version"),
    ]
    assert document["previous_issue"] == {"issue": 6, "composed_at": "2026-11-15T06:00:00+00:00"}
    assert document["period"] == {"from": "2026-11-15T06:00:00+00:00", "to": "2026-11-22T06:00:00+00:00"}
    assert document["corrections"][0] == {
        "kind": "retracted",
        "work": "W1",
        "told_in_issue": 3,
        "notice": "https://example.org/retraction?of=1&why=made-up",
    }
    review, trial = document["items"][:2]
    assert list(review) == [
        *("id", "title", "authors", "journal", "date", "first_seen", "tier", "section", "delayed"),
        *("sources", "identifiers"),
        *("versions", "facts", "why", "link", "open_access"),
    ]
    assert list(review["facts"]) == [
        *(
            "design",
            "participants",
            "publication",
            "population",
            "interventions",
            "outcomes",
            "comparators",
            "conclusion",
        ),
        *("direction", "harms", "funding", "interests", "registrations", "retracted", "concern", "corrected"),
        *("withdrawn", "evidence"),
    ]
    assert review["facts"]["direction"] is review["facts"]["participants"] is None
    assert review["facts"]["harms"] == "not_stated"
    assert [version["preprint"] for version in review["versions"]] == [False, True]
    assert trial["facts"]["participants"] == {
        "value": 86,
        "evidence": "made-up words",
        "field": "title",
        "counted": "randomized",
    }
    assert trial["facts"]["outcomes"] == ["fatigue", "quality_of_life"]
    assert trial["identifiers"]["nct"] == "NCT99900001"
    assert trial["why"][0] == {"concept": "acupuncture", "term": "acupuncture", "field": "title"}


def test_nearest_tier() -> None:
    """A study stands as near to the subject as the nearest of its versions."""
    near, far = versions(1)
    far = replace(far, verdict=replace(far.verdict, tier=Tier.RELATED))
    issue = composed(material([far, near], [new(1)]), replace(BERLIN, tiers=(Tier.CORE,))).issue
    assert json.loads(render(issue, "json"))["items"][0]["tier"] == "core"


def test_same_bytes() -> None:
    """The same issue gives the same bytes."""
    assert [render(ISSUES["busy"], form) for form in FORMATS] == [
        render(golden()["busy"].issue, form) for form in FORMATS
    ]


def test_other_values() -> None:
    """What has no name in our vocabulary is told in the record's own words."""
    stated = facts(Design.RCT, comparators=(fact("other", "stretching"), fact("usual_care")))
    assert "compared with “stretching” and usual care" in said(work(1, stated=stated))


def test_stated_date() -> None:
    """A date is told in the source's own words where it has more of them."""
    assert record(1).published_stated == ""
    assert "Autumn 2026" in said(work(1, published_stated="Autumn 2026"))


def test_posted_results() -> None:
    """A card of results in a registry leads to them, says when they were posted, and has no conclusion to quote."""
    card = said(POSTED)
    assert "https://clinicaltrials.gov/study/NCT99900001?tab=results" in card
    assert "trial registration · completed · results posted 12 Nov 2026" in card
    assert "Conclusion: the registry shows results, and no conclusion" in card


def test_state_of_a_trial() -> None:
    """A registration says how far the trial is, in plain words."""
    plan = work(1, Design.REGISTRATION, status="ACTIVE_NOT_RECRUITING", registrations=("NCT99900001",))
    assert "active, not recruiting · trial registration" in said(plan)


def test_delayed() -> None:
    """What an outage kept back says so, as a card and on a line."""
    works = (work(1, Design.RCT), work(2, Design.EDITORIAL))
    text = render(composed(material(works, missed=frozenset({"PubMed"}))).issue, "text")
    assert text.count("delayed by an outage · ") == 2


def test_found_late_keeps_its_cautions() -> None:
    """A study found late says what limits it, as one below the line does; its design is named once."""
    old = work(1, stated=facts(Design.OBSERVATIONAL, participants=18), tier=Tier.RELATED, published=PartialDate(2011))
    assert "small (N = 18) · related subject · observational study · Sample A" in said(old)


def test_imported() -> None:
    """The receipt counts what came from files, which no row of a source does."""
    assert "From files: 10 records imported by hand" in render(composed(material(imported=10)).issue, "text")
    assert "From files" not in render(composed(material()).issue, "text")
