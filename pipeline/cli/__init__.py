"""The command line: reads arguments, prints, and turns every outcome into a documented exit code."""

from pipeline.cli.entry import main

__all__ = ["main"]
