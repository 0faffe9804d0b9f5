"""What may stand in a file of texts: which keys a table has, and which placeholders a text may name.

Texts with placeholders are templates for :meth:`str.format`. Whoever fills one knows its placeholders, and a file that
names another one is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from string import Formatter
from typing import Annotated, Any, ClassVar, get_args

from pydantic import AfterValidator, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Table:
    """A table of the file, which has no other keys."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Keys:
    """A table that has each of these keys and no other."""

    keys: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        value = handler.generate_schema(get_args(source)[1])
        fields = {key: core_schema.typed_dict_field(value) for key in self.keys}
        return core_schema.typed_dict_schema(fields, extra_behavior="forbid")


def may_name(*known: str) -> AfterValidator:
    """Take one line of text that names none but these placeholders."""

    def check(text: str) -> str:
        if not text.isprintable():
            raise ValueError("must be one line without control or invisible characters")
        try:
            named = [_spelled(*part[1:]) for part in Formatter().parse(text) if part[1] is not None]
        except ValueError:
            raise ValueError("has a brace too many or too few") from None
        if "{{" in text or "}}" in text:
            raise ValueError("has two braces together; they are for placeholders alone")
        if odd := [name for name in named if name not in known]:
            raise ValueError(f"the placeholder {{{odd[0]}}} is not known here; {_known(known)}")
        return text

    return AfterValidator(check)


def _spelled(name: str | None, form: str | None, conversion: str | None) -> str:
    """A placeholder as it stands in the text; one with a form or a conversion is none of ours."""
    return f"{name}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}"


def _known(names: Iterable[str]) -> str:
    shown = ", ".join(f"{{{name}}}" for name in names)
    return f"known: {shown}" if shown else "there are none"


Filled = Annotated[str, Field(min_length=1)]
Line = Annotated[Filled, may_name()]
Intro = Annotated[str, may_name()]
