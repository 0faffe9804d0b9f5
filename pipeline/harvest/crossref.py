"""Crossref: what publishers deposit with a DOI, and who says later that it was corrected or retracted. REST API.

Crossref cannot be asked for a subject: ``query.bibliographic`` finds whatever holds any one of the words among titles,
authors, ISSNs and years (rest-api-doc, "Field Queries"). So the words of the profile's first concept are asked for,
among what was deposited of late; the other concepts are left to screening.

One pass finds the new and the changed: ``from-update-date`` goes by the last deposit, which is never before the first
("Date types in the REST API", community.crossref.org 15118). The first harvest asks for the new of a year.

What is watched is asked for by its DOI, each once a week, since much of what matters comes without a new deposit: a
retraction that Retraction Watch knows of, a notice, the article that came of a preprint. Several ``doi`` filters are
joined by "or" (rest-api-doc, "Multiple filters"). A DOI with a comma, which old ones have, cannot be asked for: a comma
ends a filter, and there is no escape (rest-api-doc#558).

``next-cursor`` is the handle of a scroll. It is always there and mostly the same on every page, so it tells nothing of
the end: a walk ends when all that was announced has come, or when a page brings nothing new. A scroll does not go back:
a page lost on the way is missing from the announced total, and the harvest is incomplete.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from pipeline import text
from pipeline.errors import RecordRejected, SourceFailed, SourceMalformed
from pipeline.harvest.crossref_json import record, source_id
from pipeline.harvest.envelope import json_object
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.json_fields import Json, objects, stored
from pipeline.harvest.refresh import since, turn_has_come
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Known, Page
from pipeline.harvest.walk import Results, proof, read_page, shortfall
from pipeline.model import Record
from pipeline.screen.subject import Concept, Subject

_ROWS = 1000  # the largest that is accepted
_FIRST_SPAN = timedelta(days=365)
_TELLING = 6  # letters of a word that is rare enough to be asked for by itself
_BATCH = 40
_LONGEST_FILTER = 1_700  # characters, encoded: how long an address may be is not documented


class Crossref:
    """Crossref, asked for what was deposited of late and for everything that is watched.

    A window cannot be narrowed, so it is walked as far as twice the limit.
    """

    name = "crossref"
    label = "Crossref"
    version = 1
    lists_all = False

    def __init__(self, reconcile_limit: int = RECONCILE_LIMIT) -> None:
        self._pages = max(1, 2 * reconcile_limit // _ROWS)

    def query(self, subject: Subject) -> str:
        """Any of the first concept's single words, of which the profile names the rarest concept first."""
        return " ".join(_words(subject.concepts[0]))

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:
        """Walk the window, then ask for what is due by DOI. SourceFailed if an answer is not a list of works."""
        window = Results()
        asked = {"query.bibliographic": self.query(subject), "filter": _window(known, now)}
        yield from self._walk(client, asked, window)
        results = [window]
        for batch in _batches(turn_has_come(known.watched.dois, known, now) - window.listed):
            results.append(Results())
            yield _page(_ask(client, {"filter": _filter(batch), "rows": str(len(batch))}), results)
        return proof(results, shortfall(self.label, results), whole=False)

    def _walk(self, client: Client, asked: Mapping[str, str], window: Results) -> Iterator[Page]:
        """Follow the cursor to the end of the window, or as far as we go."""
        cursor = "*"
        for _ in range(self._pages):
            content = _ask(client, {**asked, "rows": str(_ROWS), "cursor": cursor})
            before = window.delivered
            yield _page(content, [window])
            cursor = content.get("next-cursor") or ""
            if not cursor or window.delivered == before or not window.missing:
                return

    def probe(self, client: Client, subject: Subject) -> int | None:
        """Ask for no record at all, to see how many have one of the words."""
        return int(_ask(client, {"query.bibliographic": self.query(subject), "rows": "0"})["total-results"])

    def read(self, payload: bytes) -> Record:
        """Read one stored item. RecordRejected if it is none."""
        return record(stored(payload))


def _words(concept: Concept) -> Iterable[str]:
    """The terms that are one long word, or else every word of every term: phrases are taken apart at Crossref."""
    terms = [term.casefold() for term in concept.whole_words]
    telling = [term for term in terms if term.isalpha() and len(term) >= _TELLING]
    return dict.fromkeys(telling or " ".join(terms).split())


def _window(known: Known, now: datetime) -> str:
    """What was deposited since the last complete harvest; the first time, what was new within a year."""
    by = "update" if known.complete_until else "created"
    return f"from-{by}-date:{since(known, now - _FIRST_SPAN):%Y-%m-%d}"


def _batches(dois: Iterable[str]) -> Iterator[list[str]]:
    """As many DOIs at a time as fit into one address."""
    batch: list[str] = []
    for doi in sorted(doi for doi in dois if "," not in doi):
        longer = [*batch, doi]
        if batch and (len(longer) > _BATCH or len(quote(_filter(longer), safe="")) > _LONGEST_FILTER):
            yield batch
            longer = [doi]
        batch = longer
    if batch:
        yield batch


def _filter(dois: Iterable[str]) -> str:
    return ",".join(f"doi:{doi}" for doi in dois)


def _ask(client: Client, params: Mapping[str, str]) -> Json:
    """One page of works; the address tells who asks, which leads to the polite pool."""
    answer = client.get("works", {**params, "mailto": client.contact}, check=check_answer)
    message: Json = json_object(answer)["message"]
    return message


def check_answer(answer: Answer) -> None:
    """Refuse what is not a list of works, and say in Crossref's own words why it refused a question."""
    if answer.status != 200:
        _check_refusal(answer)
        return
    content = json_object(answer)
    message = content.get("message")
    if content.get("message-type") != "work-list" or not isinstance(message, dict):
        raise SourceMalformed("Crossref answered without a list of works")
    if not isinstance(message.get("items"), list):
        raise SourceMalformed("Crossref answered with a list of works that has no items")
    if type(message.get("total-results")) is not int:
        raise SourceMalformed("Crossref answered without a total")
    if not isinstance(message.get("next-cursor") or "", str):
        raise SourceMalformed("Crossref answered with a cursor that is no text")


def _check_refusal(answer: Answer) -> None:
    """SourceFailed for a refusal in JSON. Others come as plain text or HTML, and their status says enough."""
    if answer.status not in {400, 404}:
        return
    try:
        problems = objects(json_object(answer), "message")
    except (SourceMalformed, RecordRejected):
        return
    if any(problem.get("type") == "cursor-invalid" for problem in problems):
        raise SourceFailed("Crossref let the cursor expire in the middle of the list; the next run asks anew.")
    said = text.clean("; ".join(str(problem.get("message")) for problem in problems))
    raise SourceFailed(f"Crossref refused the question: {said[:200]}")


def _page(content: Json, results: Sequence[Results]) -> Page:
    """Read one page of the latest result set. The last total holds, since the index is alive."""
    latest = results[-1]
    latest.announced = content["total-results"]
    return read_page(latest.untold(content["items"], source_id), record, sum(one.announced for one in results))
