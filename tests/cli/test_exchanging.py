"""export, import and dedupe: records go out, come in, and are told apart, in every format."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.sample.server import SampleServer
from tests.cli.conftest import Litwatch, Result

SUBJECT = "Made-up acupuncture for fatigue in multiple sclerosis"
ELSEWHERE = "Made-up weather in the made-up mountains"
FORMATS = {"ris": "ris", "bibtex": "bib", "csl-json": "json", "csv": "csv", "jsonl": "jsonl"}


def jsonl(*rows: Mapping[str, object]) -> str:
    """JSON lines."""
    return "".join(json.dumps(row) + "\n" for row in rows)


def explained(path: Path) -> list[dict[str, str]]:
    """The decisions in a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# --- dedupe ---------------------------------------------------------------------------------------


@pytest.fixture
def dedupe(litwatch: Litwatch, tmp_path: Path) -> Callable[..., Result]:
    """Dedupe files, given as name and content, with these options."""

    def run(files: Mapping[str, str], *options: object) -> Result:
        for name, content in files.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        return litwatch("dedupe", *files, *options)

    return run


def clusters(result: Result) -> list[list[str]]:
    """The rows of the table, without its header."""
    header, *rows = csv.reader(io.StringIO(result.out))
    assert header == ["record_id", "cluster_id"]
    return rows


ONE = {"record_id": "b", "title": SUBJECT, "doi": "10.5555/1", "pmid": "99000001"}
SAME = {"record_id": "a", "title": f"{SUBJECT}.", "doi": "https://doi.org/10.5555/1", "keywords": ["x"]}
OTHER = {"record_id": "c", "title": ELSEWHERE, "doi": "10.5555/2"}


def test_clusters(dedupe: Callable[..., Result]) -> None:
    """A row a record in their order; a cluster is called by its first record, whatever order the ids have."""
    result = dedupe({"one.jsonl": jsonl(ONE, OTHER), "two.jsonl": jsonl(SAME)})
    assert (result.code, result.err) == (0, "3 records, 2 publications\n")
    assert clusters(result) == [["b", "b"], ["c", "c"], ["a", "b"]]


def test_places(dedupe: Callable[..., Result]) -> None:
    """Records without an id are called by their place over all files, and by another name if that is taken."""
    ris = "TY  - JOUR\nTI  - {}\nER  - \n"
    rows = clusters(dedupe({"a.ris": ris.format(SUBJECT), "b.ris": ris.format(ELSEWHERE)}))
    assert rows == [["1", "1"], ["2", "2"]]
    taken = jsonl({"record_id": "2", "title": "A"}, {"title": "B"}, {"record_id": "2-2", "title": "C"})
    assert [row[0] for row in clusters(dedupe({"c.jsonl": taken}))] == ["2", "2-3", "2-2"]


def test_across_formats(dedupe: Callable[..., Result]) -> None:
    """One publication in six formats is one."""
    files = {
        "a.csv": f"ID,title,doi\nc1,{SUBJECT},10.5555/1\n",
        "a.ris": f"TY  - JOUR\nTI  - {SUBJECT}\nDO  - 10.5555/1\nER  - \n",
        "a.bib": f"@article{{key, title={{{SUBJECT}}}, doi={{10.5555/1}}}}",
        "a.json": json.dumps([{"id": "i", "type": "article-journal", "title": SUBJECT, "DOI": "10.5555/1"}]),
        "a.nbib": f"PMID- 99000001\nTI  - {SUBJECT}\nLID - 10.5555/1 [doi]\n",
        "a.xml": "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>99000001</PMID><Article><ArticleTitle>"
        f"{SUBJECT}</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
    }
    assert clusters(dedupe(files)) == [[name, "c1"] for name in ("c1", "2", "key", "i", "5", "6")]


def test_merged(dedupe: Callable[..., Result]) -> None:
    """Each publication once, with what its records state together and whom it was made of."""
    one, other = dedupe({"a.jsonl": jsonl(ONE, OTHER, SAME)}, "--format", "jsonl").out.splitlines()
    document = json.loads(one)
    assert (document["record_id"], document["merged"]) == ("b", ["b", "a"])
    assert (document["pmid"], document["doi"], document["keywords"]) == ("99000001", "10.5555/1", ["x"])
    assert json.loads(other)["merged"] == ["c"]
    ris = dedupe({"a.jsonl": jsonl(ONE, OTHER, SAME)}, "--format", "ris").out
    assert (ris.count("TY  - "), "ID  - b\n" in ris, "AN  - 99000001\n" in ris) == (2, True, True)


def test_editions(dedupe: Callable[..., Result]) -> None:
    """Editions of a Cochrane review are one record while they keep their title, and another review under a new one."""
    stem = "10.1002/14651858.CD000001"
    rows = [
        {"record_id": "1", "title": SUBJECT, "authors": "Rossi M", "year": 2004, "doi": stem},
        {"record_id": "2", "title": SUBJECT, "authors": "Rossi M", "year": 2009, "doi": f"{stem}.pub2"},
        {"record_id": "3", "title": "Made-up needling", "authors": "Rossi M", "year": 2019, "doi": f"{stem}.pub3"},
        {"record_id": "4", "title": SUBJECT, "authors": "Rossi M", "year": 2021, "doi": f"{stem}.pub4"},
    ]
    result = dedupe({"a.jsonl": jsonl(*rows)})
    assert list(csv.reader(io.StringIO(result.out)))[1:] == [["1", "1"], ["2", "1"], ["3", "3"], ["4", "1"]]


def test_where_it_is_written(dedupe: Callable[..., Result], tmp_path: Path) -> None:
    """A link leads to its file, whose mode stays; a pipe is written into; what is read is not written over."""
    kept = tmp_path / "kept.csv"
    kept.write_text("old")
    kept.chmod(0o600)
    (tmp_path / "link.csv").symlink_to(kept)
    assert dedupe({"a.jsonl": jsonl(SAME)}, "--output", "link.csv").code == 0
    assert kept.read_text().startswith("record_id")
    assert (kept.stat().st_mode & 0o777, (tmp_path / "link.csv").is_symlink()) == (0o600, True)
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE, text=True) as reader:
        assert dedupe({"a.jsonl": jsonl(SAME)}, "--output", "pipe").code == 0
        assert reader.communicate()[0].startswith("record_id")
    assert (tmp_path / "pipe").is_fifo()
    for options in (["--output", "a.jsonl"], ["--output", "x.csv", "--explain", "x.csv"]):
        refused = dedupe({"a.jsonl": jsonl(SAME)}, *options)
        assert (refused.code, "read or written already" in refused.err) == (2, True)
    assert (tmp_path / "a.jsonl").read_text() == jsonl(SAME)


def test_explained(dedupe: Callable[..., Result], tmp_path: Path) -> None:
    """Each record that was joined, and each link, with the reason."""
    preprint = {
        "record_id": "p",
        "title": SUBJECT,
        "doi": "10.1101/2024.01.01.99999999",
        "authors": "Muster, E",
        "publication_types": ["Preprint"],
    }
    article = ONE | {"authors": "Muster, E"}
    result = dedupe({"a.jsonl": jsonl(article, SAME, preprint)}, "--explain", "why.jsonl", "--output", "clusters.csv")
    assert (result.code, result.out) == (0, "")
    assert (tmp_path / "clusters.csv").read_bytes() == b"record_id,cluster_id\r\nb,b\r\na,b\r\np,p\r\n"
    joined, *others = explained(tmp_path / "why.jsonl")
    assert (joined["decision"], {joined["record_id"], joined["other"]}) == ("joined", {"a", "b"})
    assert "DOI" in joined["reason"]
    assert [(one["decision"], one["record_id"], one["other"]) for one in others if one["decision"] == "linked"] in (
        [("linked", "a", "p")],
        [("linked", "b", "p")],
    )


def test_stated_twice(dedupe: Callable[..., Result]) -> None:
    """One id for two records is refused, with both places."""
    result = dedupe({"a.jsonl": jsonl(ONE), "b.csv": f"ID,title\n1,{SUBJECT}\n\nb,{SUBJECT}\n"})
    assert (result.code, result.out) == (2, "")
    assert result.err == "litwatch: b.csv, line 4: record_id b was stated before, in a.jsonl, line 1\n"


def test_unreadable_entry(dedupe: Callable[..., Result]) -> None:
    """What cannot be read is said; everything else is told apart all the same, with exit code 1."""
    result = dedupe({"a.jsonl": jsonl(ONE) + "{broken\n" + jsonl({"year": 2024}, SAME)})
    assert (result.code, clusters(result)) == (1, [["b", "b"], ["a", "b"]])
    said = result.err.splitlines()
    assert said[0].startswith("litwatch: a.jsonl, line 2: not JSON: ")
    assert said[1] == "litwatch: a.jsonl, line 3: states neither a record_id, a title nor an identifier"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"a,b\n1,2\n", "a.csv: no column is called title, record_id, doi, pmid, pmcid or nct"),
        ("a.ris", b"TY  - JOUR\nTI  - caf\xe9\n", "a.ris, line 2: not UTF-8; save the list as UTF-8 text"),
        ("a\x1b[1m.ris", b"", "a[1m.ris: no reference begins in it"),
        ("folder/a.csv", None, "folder/a.csv: cannot be read: No such file or directory"),
        (".", None, ".: cannot be read: Is a directory"),
    ],
)
def test_refused(litwatch: Litwatch, tmp_path: Path, name: str, content: bytes | None, sentence: str) -> None:
    """A file that cannot be read is one sentence and exit code 2."""
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = litwatch("dedupe", name)
    assert (result.code, result.out, len(result.err.splitlines())) == (2, "", 1)
    assert result.err.startswith(f"litwatch: {sentence}")


def test_unwritable(dedupe: Callable[..., Result]) -> None:
    """A file that cannot be written is said by its option."""
    for option in ("--output", "--explain"):
        result = dedupe({"a.jsonl": jsonl(ONE)}, option, "nowhere/out")
        assert (result.code, f"{option} nowhere/out: cannot be written: " in result.err) == (2, True)


def test_broken_configuration(dedupe: Callable[..., Result], tmp_path: Path) -> None:
    """No configuration is needed, and none is read."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "litwatch.toml").write_text("broken", encoding="utf-8")
    assert dedupe({"a.jsonl": jsonl(ONE)}).code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "config"]


def test_standard_input() -> None:
    """Records may come through a pipe; a broken BibTeX entry among them is said once, in our words."""
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-m", "pipeline", "dedupe", "-"]
    content = f"@misc{{broken, title={{\n@misc{{a, title={{{SUBJECT}}}}}\n"
    run = subprocess.run(
        command, input=content, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": root}
    )
    assert (run.returncode, run.stdout) == (1, "record_id,cluster_id\na,a\n")
    assert run.stderr.splitlines() == [
        "litwatch: -, line 1: not a BibTeX entry; a brace, quote or comma is missing",
        "1 record, 1 publication",
    ]


# --- import ---------------------------------------------------------------------------------------


@pytest.fixture
def bring_in(litwatch: Litwatch, tmp_path: Path, configure: Callable[..., Path]) -> Callable[..., Result]:
    """Import files, given as name and content, into the store of a watch whose sources nobody could reach."""
    config = configure("http://127.0.0.1:9", "http://127.0.0.1:9")

    def run(files: Mapping[str, str]) -> Result:
        for name, content in files.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        return litwatch("import", *files, "--config", config)

    return run


def works(litwatch: Litwatch, tmp_path: Path, *filters: str) -> Sequence[Mapping[str, Any]]:
    """What is in the store."""
    found: Sequence[Mapping[str, Any]] = litwatch(
        "list", "--json", *filters, "--config", tmp_path / "litwatch.toml"
    ).document
    return found


def test_import(litwatch: Litwatch, bring_in: Callable[..., Result], tmp_path: Path) -> None:
    """Records come into a new store, are screened and matched, and stand under the source's name."""
    bibtex = f"@article{{x, title={{{SUBJECT}}}, doi={{10.5555/1}}, author={{Muster, Erika}}}}"
    result = bring_in({"a.jsonl": jsonl(ONE, OTHER), "b.bib": bibtex})
    assert (result.code, result.out) == (0, "")
    assert result.err == "3 records: 3 new, 0 known; 2 let in\n"
    [work] = works(litwatch, tmp_path)
    assert (work["title"], work["identifiers"]["pmid"], work["sources"]) == (SUBJECT, "99000001", ["Import"])
    dossier = litwatch("show", "10.5555/1", "--json", "--config", tmp_path / "litwatch.toml").document
    assert len(dossier["records"]) == 2
    [out] = works(litwatch, tmp_path, "--tier", "out")
    assert out["title"] == ELSEWHERE


def test_import_again(bring_in: Callable[..., Result]) -> None:
    """The same file adds nothing, whatever it is called; what says something else is kept beside it."""
    congress = [{"title": f"Made-up abstract number {word}", "doi": "10.5555/c"} for word in ("one", "two")]
    untold = {"title": ELSEWHERE, "authors": "Muster, E", "year": 2024}
    content = jsonl(ONE, ONE, ONE | {"abstract": "Another database has it."}, *congress, untold)
    assert bring_in({"a.jsonl": content}).err == "6 records: 5 new, 1 known; 2 let in\n"
    assert bring_in({"b.jsonl": content}).err == "6 records: 0 new, 6 known; 2 let in\n"
    changed = jsonl(untold | {"volume": "1"})
    assert bring_in({"c.jsonl": changed}).err == "1 record: 1 new, 0 known; 0 let in\n"
    thin = jsonl({"title": ONE["title"], "pmid": ONE["pmid"]})
    assert bring_in({"d.jsonl": thin}).err == "1 record: 1 new, 0 known; 1 let in\n"


def test_import_one_doi(litwatch: Litwatch, bring_in: Callable[..., Result], tmp_path: Path) -> None:
    """The one DOI of a whole congress makes none of its abstracts take the place of another."""
    for word in ("one", "two"):
        said = bring_in({"a.jsonl": jsonl({"title": f"{SUBJECT}, part {word}", "doi": "10.5555/c"})}).err
        assert said == "1 record: 1 new, 0 known; 1 let in\n"
    dossier = litwatch("show", "10.5555/c", "--json", "--config", tmp_path / "litwatch.toml").document
    assert len({record["title"] for record in dossier["records"]}) == 2


def test_import_unreadable(litwatch: Litwatch, bring_in: Callable[..., Result], tmp_path: Path) -> None:
    """An entry that cannot be read is said and set aside; the others come in."""
    result = bring_in({"a.jsonl": jsonl(ONE) + "broken\n" + jsonl({"doi": "10.5555/3"})})
    assert result.code == 1
    said = result.err.splitlines()
    assert said[0].startswith("litwatch: a.jsonl, line 2: not JSON: ")
    assert said[1:] == [
        "litwatch: a.jsonl, line 3: states no title",
        "1 record: 1 new, 0 known, 2 unreadable; 1 let in",
    ]
    status = litwatch("status", "--json", "--config", tmp_path / "litwatch.toml").document
    assert (status["counts"]["records"], status["counts"]["quarantined"]) == (1, 2)


def test_import_all_or_nothing(litwatch: Litwatch, bring_in: Callable[..., Result], tmp_path: Path) -> None:
    """If a file cannot be read, nothing of any is taken in."""
    good = jsonl(*({"title": f"{SUBJECT} {number}"} for number in range(500)))
    result = bring_in({"a.jsonl": good, "b.csv": f'title\n{SUBJECT}\n"open\n'})
    assert (result.code, result.err) == (2, "litwatch: b.csv, line 3: not a row of a table: unexpected end of data\n")
    status = litwatch("status", "--json", "--config", tmp_path / "litwatch.toml").document
    assert (status["counts"]["records"], status["last_run"]) == (0, None)


def test_import_told(litwatch: Litwatch, configure: Callable[..., Path], sample: SampleServer, tmp_path: Path) -> None:
    """What was imported is told by the next digest, and is the record of a source among others."""
    config = configure(sample.url, sample.url, more='[[digests]]\nname = "d"\nschedule = "every run"\n')
    assert litwatch("run", "--config", config).code == 0
    (tmp_path / "a.jsonl").write_text(jsonl({"title": SUBJECT, "doi": "10.5555/1"}), encoding="utf-8")
    assert litwatch("import", "a.jsonl", "--config", config).code == 0
    preview = litwatch("digest", "--preview", "--format", "json", "--config", config).document
    assert [item["title"] for item in preview["items"]] == [SUBJECT]


# --- export ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(FORMATS))
def test_export_and_back(litwatch: Litwatch, stocked: Path, tmp_path: Path, name: str) -> None:
    """What is exported is read again, every work of it."""
    file = tmp_path / f"works.{FORMATS[name]}"
    result = litwatch("export", "--format", name, "--output", file, "--config", stocked)
    assert (result.code, result.out) == (0, "")
    listed = litwatch("list", "--json", "--config", stocked).document
    rows = clusters(litwatch("dedupe", file))
    assert [row[0] for row in rows] == [work["id"] for work in listed]
    assert litwatch("export", "--format", name, "--config", stocked).out.encode() == file.read_bytes()


def test_export_filtered(litwatch: Litwatch, stocked: Path) -> None:
    """The filters of list hold for every format."""
    listed = litwatch("list", "--json", "--design", "rct", "--config", stocked).document
    bibtex = litwatch("export", "--format", "bibtex", "--design", "rct", "--config", stocked).out
    assert bibtex.count("\n@") + 1 == len(listed) > 0
