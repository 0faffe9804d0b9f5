"""The configuration: typed, checked as a whole before anything is touched, and every problem told at once."""

from pipeline.config.initial import write_init
from pipeline.config.loading import build, load
from pipeline.config.schema import Config, DigestConfig, FeedConfig
from pipeline.config.sources import SourceConfig
from pipeline.config.values import Surroundings
from pipeline.operator_files import bundled

__all__ = [
    "Config",
    "DigestConfig",
    "FeedConfig",
    "SourceConfig",
    "Surroundings",
    "build",
    "bundled",
    "load",
    "write_init",
]
