"""Screening: whether a record belongs to the subject, with reasons. Pure functions over a profile that is data."""

from pipeline.screen.screener import Screener, screen
from pipeline.screen.subject import Concept, Subject, subject_from

__all__ = ["Concept", "Screener", "Subject", "screen", "subject_from"]
