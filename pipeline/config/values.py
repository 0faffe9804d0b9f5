"""What a value in the configuration may be: types that check, and say in plain words what they want.

Every check raises ValueError with the rest of the sentence "<key>: ..."; :mod:`pipeline.config.problems` puts the key
in front. What a reference stands for and what an address holds is never repeated, so that no message shows a secret.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from pipeline.config.problems import OtherFileError, guess, shown
from pipeline.deliver.files import is_safe
from pipeline.digest import schedule
from pipeline.digest.edition import Editions
from pipeline.digest.editions import editions_from
from pipeline.digest.evidence_map import INTERVENTIONS, OUTCOMES, UNSTATED
from pipeline.errors import ConfigError
from pipeline.model import Tier
from pipeline.operator_files import subject_at, table_at
from pipeline.screen.subject import Subject

# "A valid email address" of the HTML Living Standard, 4.10.5.1.5: one @, ASCII, no blanks, quotes or brackets.
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_LONGEST_ADDRESS = 254  # RFC 5321 section 4.5.3.1.3, without the angle brackets
_LONGEST_NAME = 255  # bytes; limits.h, NAME_MAX
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the values of one file are read against: pydantic's validation context.

    Relative paths are relative to ``folder``. ``names`` collects the names given so far, to find one given twice, and
    ``confided`` the files that secrets were read from. Without ``needs_secrets``, one that cannot be had is no fault.
    """

    folder: Path
    environ: Mapping[str, str]
    needs_secrets: bool = True
    names: dict[type, set[str]] = field(default_factory=dict)
    confided: list[Path] = field(default_factory=list)


def surroundings(info: ValidationInfo) -> Surroundings:
    """Get what a value is read against. TypeError if a Config is made other than by :func:`pipeline.config.build`."""
    if not isinstance(info.context, Surroundings):
        raise TypeError("a Config is made by pipeline.config.build, which knows its surroundings")
    return info.context


def must_be(wanted: str) -> WrapValidator:
    """Replace whatever pydantic says of a value by one phrase: ``must be <wanted>, got <value>``."""

    def check(value: object, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(value)
        except ValidationError:
            raise ValueError(f"must be {wanted}, got {shown(value)}") from None

    return WrapValidator(check)


def _line(value: object) -> str:
    """One line of text: not empty, nothing invisible in it."""
    if not isinstance(value, str):
        raise ValueError(f"must be text in quotes, got {shown(value)}")  # noqa: TRY004 - pydantic collects ValueError only
    value = value.strip()
    if not value:
        raise ValueError("must not be empty")
    if not value.isprintable():
        raise ValueError("must be one line without control or invisible characters")
    return value


def _resolve(value: str, around: Surroundings) -> str:
    """Look up the value behind ``env:NAME`` or ``file:PATH``; any other text as it is."""
    kind, _, name = value.partition(":")
    if name.startswith("//"):
        return value  # an address, not a reference
    if kind == "env":
        if name not in around.environ:
            raise ValueError(f"the environment variable {shown(name)} is not set")
        return around.environ[name]
    if kind == "file":
        return _content(around.folder / name)
    return value


def _content(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ValueError(f"the file {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ValueError(f"the file {path} is not UTF-8 text") from None


def resolved(value: object, info: ValidationInfo) -> str:
    """One line of text, as it stands or from where it points."""
    return _line(_resolve(_line(value), surroundings(info)))


def _path(value: object, info: ValidationInfo) -> Path:
    path = surroundings(info).folder / resolved(value, info)
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise ValueError("must be a path whose names are UTF-8, those of the folders above it included") from None
    if any(len(os.fsencode(part)) > _LONGEST_NAME for part in path.parts):
        raise ValueError(f"must be a path whose names have at most {_LONGEST_NAME} bytes each")
    return path


def _file(value: object, info: ValidationInfo) -> Path:
    path = _path(value, info)
    if not is_safe(path.name) or path.suffix not in {".atom", ".xml"}:
        raise ValueError('must be a file whose name has letters, digits, ".", "-" and "_" and ends in .atom or .xml')
    return path


def from_file(read: Callable[[str, Surroundings], Any]) -> PlainValidator:
    """What ``read`` makes of another file, whose name is the value; that file's problems are told under its name."""

    def check(value: object, info: ValidationInfo) -> Any:
        try:
            return read(resolved(value, info), surroundings(info))
        except ConfigError as error:
            raise OtherFileError(error.problems) from None

    return PlainValidator(check)


def _subject(name: str, around: Surroundings) -> Subject:
    return subject_at(around.folder, name)


def _editions(name: str, around: Surroundings) -> Editions:
    return editions_from(*table_at(around.folder, name, "file of editions"))


def is_ip(value: str) -> bool:
    """Whether it is an IP address."""
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def is_this_machine(host: str) -> bool:
    """Whether a host's name or address is this machine's own, by its spelling alone."""
    return ip_address(host).is_loopback if is_ip(host) else host.casefold() == "localhost"


def is_address(value: str) -> bool:
    """Whether it is an e-mail address that every mail program and header takes as it stands."""
    return bool(_EMAIL.fullmatch(value)) and len(value) <= _LONGEST_ADDRESS


def _contact(value: str) -> str:
    if not is_address(value):
        raise ValueError("must be one e-mail address, for example you@example.org")
    return value


def _recipient(value: str, given: object) -> str:
    if not is_address(value):
        raise ValueError(f"must be plain e-mail addresses in ASCII, for example clinic@example.org, got {shown(given)}")
    return value


def _recipients(value: object, info: ValidationInfo) -> tuple[str, ...]:
    """A list of addresses. Which address is whose is not told apart by upper and lower case anywhere."""
    if not isinstance(value, list) or not value:
        raise ValueError('must be a list of e-mail addresses, for example ["clinic@example.org"]')
    given = tuple(_recipient(resolved(item, info), item) for item in value)
    if len({one.casefold() for one in given}) != len(given):
        raise ValueError("must hold each address once")
    return given


def _slug(value: str) -> str:
    if not _SLUG.fullmatch(value):
        raise ValueError('must be at most 40 letters, digits, "-" and "_", since files are named after it')
    return value


def is_url(value: str) -> str:
    """The address itself, if it is one of the web without user name; ValueError, which does not repeat it, if not."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or " " in value or "\\" in value:
        raise ValueError("must be an address that begins with http:// or https:// and names a host")
    if "@" in parts.netloc:
        raise ValueError("must not hold a user name or password")
    return value


def _base_url(value: str) -> str:
    if "?" in value or "#" in value:
        raise ValueError('must end before any "?" or "#"; requests go below it')
    return value.rstrip("/")


def _timezone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        hint = guess(value, available_timezones())
        raise ValueError(f'must be a time zone of the IANA database, for example "America/Lima"{hint}') from None


def _some_of(*allowed: str) -> PlainValidator:
    """Take a list of one or more of these, each at most once."""

    def check(value: object) -> tuple[str, ...]:
        if isinstance(value, list) and value and all(item in allowed and value.count(item) == 1 for item in value):
            return tuple(allowed[allowed.index(item)] for item in value)
        raise ValueError(
            f"must be a list of one or more of {', '.join(map(shown, allowed))}, each once, got {shown(value)}"
        )

    return PlainValidator(check)


Text = Annotated[str, PlainValidator(resolved)]
AbsolutePath = Annotated[Path, PlainValidator(_path)]
FilePath = Annotated[Path, PlainValidator(_file)]
SubjectProfile = Annotated[Subject, from_file(_subject)]
EditionTexts = Annotated[Editions, from_file(_editions)]
Contact = Annotated[Text, AfterValidator(_contact)]
Recipients = Annotated[tuple[str, ...], PlainValidator(_recipients)]
Slug = Annotated[Text, AfterValidator(_slug)]
Url = Annotated[Text, AfterValidator(is_url)]
BaseUrl = Annotated[Url, AfterValidator(_base_url)]
Timezone = Annotated[ZoneInfo, PlainValidator(lambda value, info: _timezone(resolved(value, info)))]
When = Annotated[schedule.Schedule, PlainValidator(lambda value, info: schedule.parse(resolved(value, info)))]

Flag = Annotated[bool, must_be("true or false")]
Seconds = Annotated[float, Field(gt=0, le=86_400), must_be("a number of seconds above 0, at most 86400")]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False), must_be("a number above 0")]
Positive = Annotated[int, Field(ge=1), must_be("a whole number above 0")]
Pause = Annotated[float, Field(ge=0, le=3_600), must_be("a number of seconds from 0 to 3600")]
Port = Annotated[int, Field(ge=1, le=65_535), must_be("a whole number from 1 to 65535")]
Count = Annotated[int, Field(ge=1, le=100), must_be("a whole number from 1 to 100")]
Retries = Annotated[int, Field(ge=0, le=20), must_be("a whole number from 0 to 20")]

Tiers = Annotated[tuple[Tier, ...], _some_of(Tier.CORE, Tier.RELATED)]
Formats = Annotated[tuple[str, ...], _some_of("text", "markdown", "html", "json")]
EditionName = Annotated[Literal["clinician", "patient"], must_be('"clinician" or "patient"')]
WhenEmpty = Annotated[Literal["always", "monthly", "never"], must_be('"always", "monthly" or "never"')]
Outcomes = Annotated[tuple[str, ...], _some_of(*(outcome for outcome in OUTCOMES if outcome != UNSTATED))]
Interventions = Annotated[tuple[str, ...], _some_of(*INTERVENTIONS)]
