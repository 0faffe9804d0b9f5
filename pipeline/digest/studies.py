"""What a study is, by the works it consists of: its design, how near it is to the subject, whether it still stands."""

from pipeline.model import Design, PartialDate, Study, Tier

CARD_DESIGNS = (Design.GUIDELINE, Design.SYSTEMATIC_REVIEW, Design.RCT)
ANIMAL = (Design.ANIMAL, Design.IN_VITRO)
NOTICES = (Design.RETRACTION_NOTICE, Design.ERRATUM)
ANNOUNCED = (Design.REGISTRATION, Design.PROTOCOL)


def design_of(study: Study) -> Design | None:
    """The design of the work that stands for the study; None if it is not stated."""
    stated = study.main.facts.design
    return stated.value if stated else None


def tier_of(study: Study) -> Tier:
    """The tier of the study's work nearest to the subject."""
    return min((work.verdict.tier for work in study.works), key=lambda tier: tier.rank)


def is_retracted(study: Study) -> bool:
    """Whether the work that stands for the study is marked retracted."""
    mark = study.main.facts.retracted
    return mark is not None and mark.value


def is_animal(study: Study) -> bool:
    """Whether it is not about people."""
    population = study.main.facts.population
    return design_of(study) in ANIMAL or (population is not None and population.value != "human")


def has_posted_results(study: Study) -> bool:
    """Whether it is a trial whose registration shows results, and no publication of them is known."""
    return design_of(study) is Design.REGISTRATION and study.main.record.results_posted is not None


def appeared(study: Study) -> PartialDate | None:
    """When what it has to tell appeared: its publication, or the results in its registration."""
    record = study.main.record
    return record.results_posted if has_posted_results(study) else record.published
