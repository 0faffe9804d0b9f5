"""Whom or what a work studied: people, animals, or cells.

What a work studied is what it speaks of most: a study names its subjects again and again (items "participants" of
CONSORT and STROBE, "experimental animals" of ARRIVE), and others only in its background and outlook. So the sentences
that name people, animals and cells are counted.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.appraise.outlook import own_work
from pipeline.appraise.reading import Part, Reading, Sentence
from pipeline.appraise.words import any_in, vocabulary, words
from pipeline.model import Fact

HUMAN, ANIMAL, IN_VITRO = "human", "animal", "in_vitro"

PEOPLE = vocabulary(
    "patient patients participant participants people person persons woman women man men boy girl child children "
    "adults adolescent adolescents infant infants neonate neonates fetus volunteers subjects individuals humans "
    "outpatient outpatients inpatient inpatients cases brother sister siblings families caregivers veterans smokers "
    "students respondents"
)
"""People who take part in studies."""
# Models of multiple sclerosis in animals; those of more than one word are in _MODEL.
_MODELS = vocabulary("eae cuprizone lysolecithin lysophosphatidylcholine theiler")
ANIMALS = vocabulary(
    "animals rats mice rodents hamsters gerbils rabbits dogs cats pigs piglets minipigs swine sheep lambs goats horses "
    "cattle birds monkeys macaques baboons marmosets zebrafish drosophila chicks chickens squirrels littermates dawley "
    "wistar c57bl balb"
)
"""Whole animals, as MeSH's check tags name them, and strains of rats and mice."""

# What may be an animal or only come from one: "mouse model", "rat neurons".
_OF_ANIMALS = vocabulary(
    "rat mouse murine rodent hamster gerbil rabbit canine feline pig porcine ovine monkey macaque rhesus primate "
    "baboon elegans xenopus chick chicken transgenic knockout"
)
# What is said of work outside the body only, with the cell lines that are met most.
_CULTURES = vocabulary(
    "vitro cultured cultures transfected transfection sirna organoid organoids neurospheres monolayer monolayers yeast "
    "lymphoblastoid lymphoblasts ipsc ipscs sy5y pc12 hek293 hela"
)
_CULTURE = ("cell line", "cell culture", "in culture")
_CELLS = vocabulary("cells fibroblasts")
_NOT_PEOPLE = _MODELS | ANIMALS | _OF_ANIMALS | _CULTURES | _CELLS | {"encephalomyelitis", "neuritis"}
_NAMES = {HUMAN: PEOPLE, ANIMAL: ANIMALS | _MODELS | _OF_ANIMALS, IN_VITRO: _CULTURES | _CELLS}

_MODEL = re.compile(
    r"\bexperimental (?:autoimmune|allergic|optic neuritis)|(?:autoimmune|allergic) encephalomyelitis|"
    r"\b(?:animal|mouse|murine|rat|rodent) models?\b"
)
# A text that looks back on the work of others has no subjects of its own.
_LOOKS_BACK = re.compile(
    r"\breview(?:s|ed)?\b|\b(?:paper|article|chapter) (?:\w+ )?summari[sz]|"
    r"\bsummari[sz]ed? (?:the )?(?:\w+ )?(?:research|literature|evidence|knowledge)\b"
)
_OURS = vocabulary("we our here were was received")
_DONE_TO_PEOPLE = ("in vitro fertili", "animal-assisted", "animal assisted", "dog-assisted")

_NOT_USED = re.compile(r"\bno (?:animals|mice|rats)\b")

_IN_TITLE = 2  # a title names whom a study is about (CONSORT, STROBE, ARRIVE, item 1): it counts as two sentences
# How many people there are is said of a study's own: "a trial of 40 people".
_COUNTED = re.compile(
    r"\b\d{1,4} (?:[a-z-]{2,20} ){0,3}?(?:people|patients|participants|subjects|volunteers|adults|women|men|children)\b"
)
_SHORT = 3  # sentences up to which an abstract has no room for background
_CELLS_ALONE = 3  # sentences about cells that make an in-vitro study where nobody is spoken of
# What background and outlook say of people, studies of animals say too.
_ABOUT_OTHERS = {Part.BACKGROUND, Part.CONCLUSIONS, Part.NOTES}


class _Mentions(NamedTuple):
    """In how many sentences each is named; people only where a study tells of its own work.

    A model of the disease is named beside its animals, and counts as they do: nobody makes one but to study it.
    """

    people: int
    animals: int
    of_animals: int
    cultures: int
    cells: int

    @property
    def value(self) -> str:
        """What is spoken of most, empty where nothing is."""
        outside = self.cultures + self.cells
        donors = self.cultures > 2 * self.animals  # animals that are named so little only gave their cells
        if self.animals + self.of_animals > self.people and (
            (self.animals and not donors) or self.of_animals >= outside
        ):
            return ANIMAL
        if outside > max(self.people, 1) and self.cultures + self.of_animals > min(self.people, 1):
            return IN_VITRO
        if self.cells >= _CELLS_ALONE and not self.people:
            return IN_VITRO
        return HUMAN if self.people > max(self.animals, self.cells) else ""


def population(read: Sequence[Reading]) -> Fact[str] | None:
    """``human``, ``animal`` or ``in_vitro`` of a work from its records, best first.

    MeSH decides where there is any (NLM sets the check tags Humans and Animals on every article), else the text. None
    where two of them are studied alike, and for texts that look back on the animals or cells of others.
    """
    return _from_mesh(read) or next(filter(None, map(_from_text, read)), None)


def _from_mesh(read: Sequence[Reading]) -> Fact[str] | None:
    """Humans, or Animals without Humans; people studied together with animals are not stated as either."""
    for reading in read:
        tags = {heading.partition("/")[0].strip("* ").casefold(): heading for heading in reading.record.mesh}
        if ("humans" in tags) != ("animals" in tags):
            value, tag = (HUMAN, "humans") if "humans" in tags else (ANIMAL, "animals")
            return Fact(value, tags[tag], "mesh", reading.record.key)
    return None


def _from_text(reading: Reading) -> Fact[str] | None:
    """What title and abstract speak of most, with the first words that name it."""
    if _NOT_PEOPLE.isdisjoint(reading.vocabulary) or any_in(_DONE_TO_PEOPLE, reading.lower):
        return _first(HUMAN, reading)
    value = _count(reading).value
    return None if not value or (value != HUMAN and _of_others(reading)) else _first(value, reading)


def _of_others(reading: Reading) -> bool:
    """Whether the animals or cells of a text are those of other people's studies: it reviews, or did nothing itself."""
    in_title = not ANIMALS.isdisjoint(words(reading.title.lower))
    tells = own_work(reading.words)
    if _LOOKS_BACK.search(reading.lower):
        return not (in_title and tells)
    return bool(reading.abstract) and not in_title and not tells and _OURS.isdisjoint(reading.vocabulary)


def _count(reading: Reading) -> _Mentions:
    """Count the sentences that name each."""
    people = animals = of_animals = cultures = cells = 0
    for sentence, own in _sentences(reading):
        spoken = frozenset(words(_NOT_USED.sub("", sentence.lower) if "no " in sentence.lower else sentence.lower))
        weight = _IN_TITLE if sentence.part is Part.TITLE else 1
        people += weight * (own and not spoken.isdisjoint(PEOPLE))
        animals += weight * (not spoken.isdisjoint(ANIMALS))
        animals += weight * (not spoken.isdisjoint(_MODELS) or _names_model(sentence))
        of_animals += weight * (not spoken.isdisjoint(_OF_ANIMALS))
        cultures += weight * (not spoken.isdisjoint(_CULTURES) or any_in(_CULTURE, sentence.lower))
        cells += weight * (not spoken.isdisjoint(_CELLS))
    return _Mentions(people, animals, of_animals, cultures, cells)


def _names_model(sentence: Sentence) -> bool:
    """Whether a model of the disease is named."""
    return ("experimental" in sentence.lower or " model" in sentence.lower) and _MODEL.search(
        sentence.lower
    ) is not None


def _sentences(reading: Reading) -> Iterator[tuple[Sentence, bool]]:
    """Title and abstract, each sentence with whether a study tells of its own work there.

    The first and the last sentence of an abstract without headings are its background and outlook, if it is not short
    and they count no people.
    """
    yield reading.title, True
    last = len(reading.abstract) - 1
    for at, sentence in enumerate(reading.abstract):
        edge = sentence.part is Part.UNSTATED and at in (0, last) and last >= _SHORT
        own = not edge and sentence.part not in _ABOUT_OTHERS
        yield sentence, own or (edge and _COUNTED.search(sentence.lower) is not None)


def _first(value: str, reading: Reading) -> Fact[str] | None:
    """The first words that name a population."""
    for sentence in (reading.title, *reading.abstract):
        if value == ANIMAL and _names_model(sentence) and (model := _MODEL.search(sentence.lower)):
            return sentence.fact(value, model, reading.record)
        for term in filter(_NAMES[value].__contains__, words(sentence.lower)):
            if found := re.search(rf"\b(?:in (?=vitro))?{term}\b(?: models?\b)?", sentence.lower):
                return sentence.fact(value, found, reading.record)
    return None
