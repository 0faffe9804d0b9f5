"""Dates as they are stated."""

import pytest

from pipeline.model import PartialDate


@pytest.mark.parametrize(
    "stated", ["2026-99999999999999999999", "2026-1-" + "9" * 400, "2026-13", "2026-02-30", "0000"]
)
def test_no_date(stated: str) -> None:
    """What no calendar holds is no date, however large its numbers are."""
    with pytest.raises(ValueError, match=r"\S"):
        PartialDate.parse(stated)
