"""Population: MeSH first, then what title and abstract speak of most."""

import pytest

from pipeline.model import Fact, Section
from tests.appraise.records import facts


@pytest.mark.parametrize(
    ("title", "mesh", "value", "evidence"),
    [
        ("Acupuncture", ("Adult", "Humans"), "human", "Humans"),
        ("Acupuncture", ("*Animals", "Mice"), "animal", "*Animals"),
        ("Electroacupuncture in rats", (), "animal", "rats"),
        ("Electroacupuncture in a mouse model", (), "animal", "mouse model"),
        ("Electroacupuncture in experimental autoimmune encephalomyelitis", (), "animal", "experimental autoimmune"),
        ("Acupuncture in women with MS", (), "human", "women"),
        ("Bee venom and myelin in vitro", (), "in_vitro", "in vitro"),
    ],
)
def test_population(title: str, mesh: tuple[str, ...], value: str, evidence: str) -> None:
    """MeSH says whom a study is about, or else the title."""
    found = facts(title, mesh=mesh).population
    assert found is not None
    assert (found.value, found.field) == (value, "mesh" if mesh else "title")
    assert found.evidence.startswith(evidence)


@pytest.mark.parametrize(
    ("title", "mesh"),
    [
        ("Acupuncture", ("Animals", "Humans")),
        ("Acupuncture in patients and in mice", ()),
        ("T cells in patients with MS after acupuncture", ()),
        ("Acupuncture before in vitro fertilization", ()),
        ("Acupuncture", ("Acupuncture Therapy",)),
    ],
)
def test_no_population(title: str, mesh: tuple[str, ...]) -> None:
    """Both, neither, or only material from a body: not stated."""
    assert facts(title, mesh=mesh).population is None


@pytest.mark.parametrize(
    ("abstract", "value"),
    [
        ("Lewis rats with EAE received bee venom.", "animal"),
        ("Mice were needled. Work in patients should follow.", None),
        ("This review tells how mice were needled.", None),
    ],
)
def test_population_of_abstract(abstract: str, value: str | None) -> None:
    """An abstract that treats animals and does not speak of people is about animals."""
    found = facts("Bee venom and interleukin 6 in serum", abstract).population
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("title", "abstract", "value", "words"),
    [
        (
            "Bee venom and demyelination",
            "MS affects many people. Mice were fed cuprizone. Bee venom was given to the mice. Patients may benefit.",
            "animal",
            "Mice",
        ),
        (
            "Needling and myelin",
            "MS strikes patients. Myelin was stained. Mice were needled. Myelin was thicker. Patients may benefit.",
            "animal",
            "Mice",
        ),
        ("Bee venom after lysolecithin", "Lesions were smaller.", "animal", "lysolecithin"),
        ("Theiler's virus and needling", "Lesions were smaller.", "animal", "Theiler"),
        ("Moxibustion in experimental allergic encephalomyelitis", "", "animal", "experimental allergic"),
        (
            "Bee venom and lymphocytes",
            "Lymphocytes of patients were cultured. Cell lines were used. The cultures grew. Cells died in vitro.",
            "in_vitro",
            "cultured",
        ),
        (
            "Melittin and neurons",
            "Neurons of rats were taken. Neurons were cultured. Venom was added in vitro. The cultures shrank.",
            "in_vitro",
            "cultured",
        ),
        ("Melittin kills cells", "Cells were kept. The cells were treated. Most cells died.", "in_vitro", "cells"),
        (
            "Cupping and lymphocytes",
            "We took blood of 40 patients. Patients had cupping. Cells of patients were counted. Patients improved.",
            "human",
            "patients",
        ),
        (
            "Bee venom and T cells",
            "MS strikes many. T cells of patients were counted. A mouse model of MS was treated with venom. It worked.",
            "animal",
            "mouse model",
        ),
        ("Needling and the adult hippocampus", "The adult brain was stained in mice.", "animal", "mice"),
        ("Animal-assisted therapy", "Twenty women stroked dogs. The women were less tired.", "human", "women"),
        ("Acupuncture before in vitro fertilization", "Sixty women took part.", "human", "women"),
        ("Cupping", "Sixty adults took part.", "human", "adults"),
    ],
)
def test_spoken_of_most(title: str, abstract: str, value: str, words: str) -> None:
    """Those whom a text names most are studied; background and outlook name others."""
    found = facts(title, abstract).population
    assert found is not None
    assert found.value == value
    assert found.evidence.startswith(words)
    assert found.evidence in {"title": title, "abstract": abstract}[found.field]


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Bee venom: a review", "Mice were fed cuprizone. Rats were given venom. Mice improved."),
        ("Models of MS", "In mice, cuprizone strips myelin. Rats have no relapses. Mice are cheap."),
        ("Weather and wheat", "It was cold. Wheat did not grow."),
        ("Cupping and cells", "Blood of patients was drawn. Cells were cultured. The cells were counted."),
        ("", ""),
    ],
)
def test_none_studied(title: str, abstract: str) -> None:
    """Texts on the animals of others, on nobody, and as much on people as on their cells, state no population."""
    assert facts(title, abstract).population is None


def test_background_of_a_structured_abstract() -> None:
    """People whom background and conclusions name are not those who were studied."""
    abstract = (
        Section("Patients with MS are tired. Many patients fall.", "BACKGROUND"),
        Section("Rats were needled.", "METHODS"),
        Section("Patients may benefit. Patients should be studied.", "CONCLUSIONS"),
    )
    assert facts("Needling and myelin", abstract).population == Fact("animal", "Rats", "abstract", "pubmed:1")


def test_counted_people() -> None:
    """A first sentence that counts people is no background, whatever is injected later."""
    abstract = (
        "A made-up trial of 40 people with MS. All had electroacupuncture. One arm also had mouse nerve growth factor "
        "injected. Scores fell in both. There was no arm without needles."
    )
    assert facts("Needling, a controlled study", abstract).population == Fact("human", "people", "abstract", "pubmed:1")


def test_animals_of_a_study_that_also_reviews() -> None:
    """Animals that the title names and that something was done to are the study's own, though it reviews as well."""
    abstract = "Reviews of MS and an experiment. EAE rats were assigned to three groups and sampled. Scores were lower."
    assert facts("Needling in EAE rats", abstract).population == Fact("animal", "EAE", "title", "pubmed:1")
    assert facts("Needling in EAE rats: a review", "This article reviews what is known.").population is None


def test_no_animals() -> None:
    """That no animals were used names none."""
    found = facts("Myelin", "Cultured neurons were treated in vitro. Cells grew. No animals were used.").population
    assert found is not None
    assert found.value == "in_vitro"
