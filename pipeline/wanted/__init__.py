"""Wanted: publications that ought to be found, as a list names them; :mod:`pipeline.wanted.reading` reads it."""

from pipeline.wanted.entry import Wanted

__all__ = ["Wanted"]
