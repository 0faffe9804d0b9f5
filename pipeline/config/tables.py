"""What the tables of the configuration have in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from pipeline.config.problems import shown
from pipeline.config.values import Text, surroundings


def as_in_file(default: object) -> Any:
    """Give a default in the file's own spelling; it is checked and completed like any value of a file."""
    return Field(default=default)


class Table(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", validate_default=True)


class Named(Table):
    """One of several tables of a kind, told apart by their names."""

    name: Text

    @field_validator("name")
    @classmethod
    def _unique(cls, name: str, info: ValidationInfo) -> str:
        names, key = surroundings(info).names.setdefault(cls, set()), cls._key(name)
        if key in names:
            raise ValueError(f"{shown(name)} is the name of another one, or too like it")
        names.add(key)
        return name

    @classmethod
    def _key(cls, name: str) -> str:
        """Give what must differ from name to name; files are not told apart by upper and lower case everywhere."""
        return name.casefold()
