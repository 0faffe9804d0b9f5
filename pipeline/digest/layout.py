"""An issue as the page that its subscription's edition makes of it."""

from pipeline.digest.edition import PlainEdition
from pipeline.digest.issue import Issue
from pipeline.digest.page import Page, page
from pipeline.digest.patient import patient_page


def laid_out(issue: Issue) -> Page:
    """An issue in the words of its edition."""
    edition = issue.subscription.edition
    return patient_page(issue, edition) if isinstance(edition, PlainEdition) else page(issue)
