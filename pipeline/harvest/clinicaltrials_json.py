"""One study of ClinicalTrials.gov, in JSON (version 2 of its API), read into a :class:`Record`.

Eligibility criteria are left out: most of what they name keeps people out of the study.

Field names: https://clinicaltrials.gov/data-api/about-api/study-data-structure, and recorded answers.
"""

import re
from collections.abc import Iterable, Iterator

from pipeline import text
from pipeline.errors import RecordRejected
from pipeline.harvest.json_fields import Json, iso_date, obj, objects, plain, string, strings, unique
from pipeline.model import Author, PartialDate, Record, Relation, RelationKind, Section
from pipeline.names import person

_NUMBER = re.compile(r"NCT[0-9]{8}")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")  # CommonMark 0.28: any ASCII punctuation may be
_BULLET = re.compile(r"^[ \t]*\*[ \t]+", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_ITEM = re.compile(r"\s*(?:\*|\d{1,3}\\?[.)])[ \t]")
_STATED_DOI = re.compile(r"\bdoi:\s*(10\.\S+)", re.IGNORECASE)
# How other registries print the numbers that are kept here without the registry's name.
_REGISTRIES = {"EUDRACT_NUMBER": "EudraCT ", "CTIS": "EUCT "}
# BACKGROUND is what the study builds upon. DERIVED is set by NLM: the article states the study's number.
_OF_THE_STUDY = frozenset({"RESULT", "DERIVED"})
# As study director companies name a desk ("Clinical Trials"), not a person.
_IN_CHARGE = frozenset({"PRINCIPAL_INVESTIGATOR", "STUDY_CHAIR"})
_ADDRESSED = re.compile(r"^(?:(?:assoc|asst|univ|priv|prof|professor|dr|mr|mrs|ms|pd)\b[.,\s-]*)+", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+")
_DEGREES = frozenset({"md", "phd", "dphil", "msc", "mph", "mbbs", "pt", "dpt", "rn", "prof", "professor", "dr"})


def source_id(study: object) -> str:
    """The NCT number; empty if the study does not state one."""
    holder = study
    for name in ("protocolSection", "identificationModule", "nctId"):
        holder = holder.get(name) if isinstance(holder, dict) else None
    return holder if isinstance(holder, str) and _NUMBER.fullmatch(holder) else ""


def record(study: object) -> Record:
    """Read one member of ``studies``. RecordRejected if it has no NCT number, or a field is not of its kind."""
    number = source_id(study)
    if not isinstance(study, dict) or not number:
        raise RecordRejected("a study without an NCT number")
    protocol = obj(study, "protocolSection")
    identification, status = obj(protocol, "identificationModule"), obj(protocol, "statusModule")
    posted = _day(status, "studyFirstPostDateStruct")
    return Record(
        source="clinicaltrials",
        source_id=number,
        title=_title(identification),
        abstract=tuple(section for section in _sections(protocol) if section.text),
        authors=tuple(_authors(protocol)),
        published=posted,
        indexed=posted,
        registrations=unique((number, *_numbers(identification))),
        publication_types=("Clinical Trial Registration",),
        mesh=unique(_headings(obj(study, "derivedSection"))),
        keywords=unique(_keywords(protocol)),
        languages=("eng",),
        relations=tuple(_relations(obj(protocol, "referencesModule"))),
        url=f"https://clinicaltrials.gov/study/{number}",
        status=plain(status, "overallStatus"),
        completed=_completed(status),
        results_posted=_day(status, "resultsFirstPostDateStruct"),
    )


def _title(identification: Json) -> str:
    return plain(identification, "briefTitle") or plain(identification, "officialTitle")


def _day(status: Json, name: str) -> PartialDate | None:
    """When something became public. Submission is days earlier, and shows only then."""
    return iso_date(string(obj(status, name), "date"))


def _completed(status: Json) -> PartialDate | None:
    """When the last participant was examined for the primary outcome, if that has happened: "ESTIMATED" is a hope."""
    stated = obj(status, "primaryCompletionDateStruct")
    return iso_date(string(stated, "date")) if string(stated, "type") == "ACTUAL" else None


def _numbers(identification: Json) -> Iterator[str]:
    """The study's former NCT numbers, and those in other registries. Another NCT number there is another study's."""
    for alias in strings(identification, "nctIdAliases"):
        yield from text.registrations(alias)
    for other in objects(identification, "secondaryIdInfos"):
        stated = _REGISTRIES.get(string(other, "type"), "") + plain(other, "id")
        yield from (number for number in text.registrations(stated) if not number.startswith("NCT"))


def _headings(derived: Json) -> Iterator[str]:
    """The MeSH terms that NLM gives to conditions and interventions, without what is above them in the tree."""
    for name in ("conditionBrowseModule", "interventionBrowseModule"):
        yield from (plain(heading, "term") for heading in objects(obj(derived, name), "meshes"))


def _keywords(protocol: Json) -> Iterator[str]:
    """Conditions, keywords, and interventions by all their names."""
    conditions = obj(protocol, "conditionsModule")
    yield from map(text.clean, strings(conditions, "conditions"))
    yield from map(text.clean, strings(conditions, "keywords"))
    for intervention in objects(obj(protocol, "armsInterventionsModule"), "interventions"):
        yield plain(intervention, "name")
        yield from map(text.clean, strings(intervention, "otherNames"))


# --- what the study is about ------------------------------------------------------------------


def _sections(protocol: Json) -> Iterator[Section]:
    """The parts of a registration that tell what is done, why and how."""
    identification, description = obj(protocol, "identificationModule"), obj(protocol, "descriptionModule")
    arms, outcomes = obj(protocol, "armsInterventionsModule"), obj(protocol, "outcomesModule")
    yield Section(_official_title(identification), "Official title")
    yield from _labelled("Brief summary", _paragraphs(description, "briefSummary"))
    yield from _labelled("Detailed description", _paragraphs(description, "detailedDescription"))
    yield from _labelled("Arms", _described(objects(arms, "armGroups"), "label"))
    yield from _labelled("Interventions", _described(objects(arms, "interventions"), "name"))
    yield Section(_measures(objects(outcomes, "primaryOutcomes")), "Primary outcomes")
    yield Section(_measures(objects(outcomes, "secondaryOutcomes")), "Secondary outcomes")
    yield Section(_enrollment(obj(protocol, "designModule")), "Enrollment")
    yield Section(plain(obj(protocol, "statusModule"), "whyStopped"), "Why stopped")


def _official_title(identification: Json) -> str:
    """The long title, unless the brief one says the same."""
    official = plain(identification, "officialTitle")
    return official if text.title_key(official) != text.title_key(_title(identification)) else ""


def _labelled(label: str, parts: Iterable[str]) -> Iterator[Section]:
    """One section a part, the first with the label: what stands in two of them is not one sentence."""
    yield from (Section(part, "" if place else label) for place, part in enumerate(filter(None, parts)))


def _paragraphs(holder: Json, key: str) -> Iterator[str]:
    """The paragraphs of a text, each with the list that follows: "Exclusion criteria:" holds for all of its items."""
    gathered: list[list[str]] = []
    for block in filter(str.strip, _BLANK_LINE.split(string(holder, key))):
        if gathered and (_ITEM.match(block) or gathered[-1][-1].rstrip().endswith(":")):
            gathered[-1].append(block)
        else:
            gathered.append([block])
    return (_from_markdown("\n".join(blocks)) for blocks in gathered)


def _described(members: Iterable[Json], name: str) -> Iterator[str]:
    """Each arm or intervention by its name and its description, if it has one: the name alone is a keyword."""
    for member in members:
        if description := _from_markdown(string(member, "description")):
            yield f"{plain(member, name)}: {description}"


def _from_markdown(stated: str) -> str:
    """Plain text of a field that holds markdown: without escapes, its items kept apart by bullets."""
    return text.clean(_ESCAPED.sub(r"\1", _BULLET.sub("\u2022 ", stated)))


def _measures(outcomes: Iterable[Json]) -> str:
    return "; ".join(filter(None, (plain(outcome, "measure") for outcome in outcomes)))


def _enrollment(design: Json) -> str:
    """How many take part, and whether they are counted or hoped for."""
    info = obj(design, "enrollmentInfo")
    count, kind = plain(info, "count"), plain(info, "type").lower()
    return f"{count} participants" + (f" ({kind})" if kind else "") if count else ""


# --- who and what belongs to it ---------------------------------------------------------------


def _authors(protocol: Json) -> Iterator[Author]:
    """The investigators in charge; where none is named the one who answers for the record, else the lead sponsor."""
    sponsors = obj(protocol, "sponsorCollaboratorsModule")
    officials = objects(obj(protocol, "contactsLocationsModule"), "overallOfficials")
    names = [plain(official, "name") for official in officials if string(official, "role") in _IN_CHARGE]
    named = unique(names) or unique((plain(obj(sponsors, "responsibleParty"), "investigatorFullName"),))
    yield from map(_person, named)
    sponsor = plain(obj(sponsors, "leadSponsor"), "name")
    if sponsor and not named:
        yield Author(collective=sponsor)


def _person(stated: str) -> Author:
    """Read ``Dr. Given van Family, MD``; a name that is written otherwise stays as it is."""
    name, _, after = _ADDRESSED.sub("", stated).partition(",")
    words = name.split()
    if len(words) < 2 or _letters(words[-1]) in _DEGREES or not all(map(_is_degree, after.replace(",", " ").split())):
        return Author(collective=stated)
    return person(name.strip())


def _letters(word: str) -> str:
    return "".join(filter(str.isalpha, word)).casefold()


def _is_degree(word: str) -> bool:
    """Whether a word behind a comma is a degree or a title, and neither a given name nor initials."""
    capitals = sum(map(str.isupper, word))
    return _letters(word) in _DEGREES or (not _INITIALS.fullmatch(word) and (capitals > 1 or word.endswith(".")))


def _relations(references: Json) -> Iterator[Relation]:
    """The publications of the study itself, as far as they can be found by a PMID or a DOI."""
    for reference in objects(references, "references"):
        stated, citation = plain(reference, "type"), plain(reference, "citation")
        found = _STATED_DOI.search(citation)
        doi, pmid = text.doi(found[1]) if found else "", text.pmid(string(reference, "pmid"))
        if stated in _OF_THE_STUDY and (doi or pmid):
            yield Relation(RelationKind.RESULTS_IN, stated, pmid=pmid, doi=doi, citation=citation)
