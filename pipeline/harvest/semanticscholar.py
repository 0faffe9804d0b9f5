"""Semantic Scholar: papers gathered from publishers, PubMed, repositories and the web, through its Academic Graph API.

Each harvest lists the whole result set of a few queries (GET ``paper/search/bulk``) along its ``token``, whose absence
is the end. ``total`` is an estimate by the service's own word; that it falls short is told all the same, since nothing
else tells a paper that is missing. There is no index date, and dates of publication can lie far back when a paper
comes in: a result set above the limit cannot be narrowed to what is new, so it is listed up to there and no further.

Titles and abstracts are searched, by the stems of English words. If a wildcard is compared with those stems, as search
engines of this kind do, ``demyelinat*`` finds nothing, since "demyelination" is kept as "demyelin": so the words that
the profile spells out are asked for beside it. A phrase holds no wildcard, and is asked for with each of these words at
its end instead.

Reference: https://api.semanticscholar.org/api-docs/graph (Graph API 1.0).
"""

import re
from collections.abc import Generator, Iterator, Sequence
from datetime import datetime
from functools import partial

from pipeline import text
from pipeline.errors import SourceFailed, SourceMalformed
from pipeline.harvest.envelope import json_object
from pipeline.harvest.fetch import Answer, Client
from pipeline.harvest.json_fields import Json, stored
from pipeline.harvest.query import Syntax, split_queries
from pipeline.harvest.semanticscholar_json import FIELDS, record, source_id
from pipeline.harvest.source import RECONCILE_LIMIT, Harvest, Known, Page
from pipeline.harvest.walk import Results, along, proof, read_page, shortfall
from pipeline.model import Record
from pipeline.screen.subject import Concept, Subject

_SYNTAX = Syntax(both=" + ", either=" | ", limit=2_500)  # up to 3,300 characters as part of an address
_WORD = re.compile(r"\w+")
_WHOLE_WORD = re.compile(r"\w+\b(?!\*)")


class SemanticScholar:
    """Semantic Scholar, asked for the whole result set each time."""

    name = "semanticscholar"
    label = "Semantic Scholar"
    version = 1
    lists_all = True

    def __init__(self, reconcile_limit: int = RECONCILE_LIMIT) -> None:
        self._limit = reconcile_limit

    def query(self, subject: Subject) -> str:
        """Ask for every concept, each by words of title or abstract; one line a request."""
        return "\n".join(_queries(subject))

    def harvest(self, client: Client, subject: Subject, known: Known, now: datetime) -> Harvest:  # noqa: ARG002  # the contract's
        """List what each query finds, a paper that several find once. SourceFailed if an answer is no result list."""
        results: list[Results] = []
        cut: list[Results] = []
        told: set[str] = set()
        for query in _queries(subject):
            results.append(Results(told=told))
            if (yield from self._walk(client, query, results)):
                cut.append(results[-1])
        rest = shortfall(self.label, [one for one in results if one not in cut])
        return proof(results, " ".join(filter(None, (*map(_cut, cut), rest))), whole=not cut)

    def _walk(self, client: Client, query: str, results: Sequence[Results]) -> Generator[Page, None, bool]:
        """Follow the token until it ends or nothing new comes. Gives whether it was left at the limit before that."""
        ask, latest = partial(_ask, client, query, ",".join(FIELDS)), results[-1]
        for content in along(ask(), lambda content: content.get("token"), ask):
            before = latest.delivered
            yield _page(content, results)
            if latest.delivered == before:
                return False
            if latest.delivered >= self._limit and content.get("token"):
                return True
        return False

    def probe(self, client: Client, subject: Subject) -> int | None:
        """Ask for the ids of one page, to see how many there are; None if the subject takes several queries.

        There is no smaller request: ``limit`` is ignored, and the relevance search reads no operators.
        """
        first, *more = _queries(subject)
        total = int(_ask(client, first, "paperId")["total"])
        return None if more else total

    def read(self, payload: bytes) -> Record:
        """Read one stored paper. RecordRejected if it is none."""
        return record(stored(payload))


def _queries(subject: Subject) -> tuple[str, ...]:
    return split_queries(subject.concepts, _named, _by_field, _SYNTAX)


def _named(concept: Concept) -> Iterator[str]:
    """Give each way to name a concept."""
    return _ways(concept.search, concept)


def _by_field(concept: Concept) -> Iterator[str]:
    """Give each way to name the whole field that a concept belongs to."""
    return _ways(concept.wide, concept)


def _ways(terms: Sequence[str], concept: Concept) -> Iterator[str]:
    """Each term as it stands, and one that ends in a wildcard also with every ending that the profile spells out."""
    spelled = _WHOLE_WORD.findall(" ".join((*concept.spelled, *concept.search, *concept.wide)).lower())
    for term in terms:
        words = _WORD.findall(term.lower())
        is_stem = term.endswith("*")
        yield f"{words[0]}*" if is_stem and len(words) == 1 else _phrase(words)
        if is_stem:
            yield from (_phrase([*words[:-1], word]) for word in spelled if word.startswith(words[-1]))


def _phrase(words: Sequence[str]) -> str:
    """Hyphens are left out, as one at the wrong place negates; a word alone needs no quotes."""
    return words[0] if len(words) == 1 else f'"{" ".join(words)}"'


def _ask(client: Client, query: str, fields: str, token: str = "") -> Json:
    params = {"query": query, "fields": fields, **({"token": token} if token else {})}
    return json_object(client.get("paper/search/bulk", params, check=check_answer))


def check_answer(answer: Answer) -> None:
    """Refuse every answer that is not a result list. What else comes with another status is the client's to tell."""
    if answer.status == 403:
        raise SourceFailed(
            "Semantic Scholar refused to answer (403 Forbidden). Check api_key in [sources.semanticscholar], as a key "
            "that is not used for two months is withdrawn, or leave it out: a key is not required."
        )
    if answer.status != 200:
        return
    content = json_object(answer)
    if said := content.get("error") or content.get("message"):
        raise SourceMalformed(f"Semantic Scholar answered with an error: {text.clean(str(said))[:200]}")
    total, papers = content.get("total"), content.get("data")
    if type(total) is not int or total < 0:
        raise SourceMalformed("Semantic Scholar answered without a total")
    if not isinstance(papers, list) and (papers is not None or total):
        raise SourceMalformed("Semantic Scholar answered without a list of papers")
    if not isinstance(content.get("token") or "", str):
        raise SourceMalformed("Semantic Scholar answered with a token that is no text")


def _page(content: Json, results: Sequence[Results]) -> Page:
    """Read one page of the latest result set, leaving out what was told before."""
    latest = results[-1]
    latest.announced = max(latest.announced, content["total"])
    untold = latest.untold(content.get("data") or (), source_id)
    return read_page(untold, record, sum(one.announced for one in results))


def _cut(results: Results) -> str:
    """Say what is missing because of the limit, in one sentence."""
    return (
        f"Semantic Scholar announced {results.announced} records for one query and {results.delivered} were listed: "
        "it cannot be asked for the new ones only. Raise reconcile_limit, or narrow the subject."
    )
