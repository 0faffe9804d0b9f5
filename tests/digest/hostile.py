"""Text as nobody should send it: what the digest's tests put wherever a record has words."""

from dataclasses import replace

from pipeline.digest.issue import Issue
from pipeline.model import Author, Design, EventKind, Section, Work
from pipeline.proof import Status
from tests.digest.samples import BERLIN, SOURCES, composed, covered, fact, facts, material, new, work

PERSIAN = "تأثیر طب سوزنی بر خستگی در MS: کارآزمایی ساختگی"
HOSTILE = (
    "<script>alert(1)</script>",
    "<style>* { display: none }</style>",
    "<svg onload=alert(1)><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<img src=x onerror=alert(1)>",
    "</h3></div></main><h1>Another issue</h1>",
    "<!-- <title>",
    "<math><mi>x</mi></math>",
    "[click](javascript:alert(1))",
    "![pixel](https://example.org/p.png)",
    "<https://example.org/auto> javascript:alert(1)",
    "# heading | cell | `code` ***bold*** ~~gone~~ $x$",
    "1. first",
    "- dash",
    "=====",
    "&lt;b&gt; &copy; {{ 7 * 7 }} {% raw %}",
    "H<sub>2</sub>O and <i>Salvia</i>, P<0.001 and n>30",
    "back\\slash *star _under] ) trailing #",
    "https://example.org/auto",
    '"quoted" onmouseover="alert(1)',
    "\u202egnp.exe\u2067\x1b[31m\x00\n# line\u2028next",
    "电针治疗疲劳的虚构试验",
    PERSIAN,
    "word " * 20_000,
    "x" * 100_000,
)


def plain(text: str) -> str:
    """What a reader may see of a text: no controls and no marks of direction, on one line."""
    return " ".join("".join(char for char in text if char not in "\u202e\u2067\x1b\x00").split())


def hostile_work(number: int, said: str, design: Design = Design.RCT) -> Work:
    """A work that says one thing wherever a record has words of its own."""
    stated = facts(
        design,
        conclusion=said,
        interventions=(fact("other", said),),
        outcomes=(fact("fatigue"),),
        comparators=(fact("other", said),),
    )
    return work(
        number,
        design,
        said,
        stated=replace(stated, design=fact(design, said, "title")),
        vernacular_title=said,
        languages=("per",),
        journal=said,
        authors=(Author(collective=said),),
        abstract=(Section(said),),
        published_stated=said,
        url=f"javascript:{said}",
    )


def hostile_issue() -> Issue:
    """Every hostile text once as a study; cards, entries, corrections and the receipt are all made of them."""
    works = [hostile_work(number, said) for number, said in enumerate(HOSTILE, 100)]
    lines = [hostile_work(number, said, Design.EDITORIAL) for number, said in enumerate(HOSTILE, 200)]
    known = hostile_work(1, HOSTILE[0])
    coverage = tuple(
        covered(label, Status.FAILED, error=said) for label, said in zip(SOURCES, reversed(HOSTILE), strict=False)
    )
    events = [new(one.id) for one in (*works, *lines)] + [
        new(1, EventKind.RETRACTED, notice=f"javascript:{HOSTILE[0]}")
    ]
    given = material([*works, *lines, known], events, told=[1], coverage=coverage)
    return composed(given, replace(BERLIN, max_items=2 * len(HOSTILE))).issue
