"""Secrets: named in the file, never written there."""

from typing import Annotated

from pydantic import BeforeValidator, PlainValidator, SecretStr, ValidationInfo

from pipeline.config.values import resolved, surroundings
from pipeline.redaction import LONGEST

NOT_KNOWN = "\N{REPLACEMENT CHARACTER}"
"""What stands for a secret that is not to be had, where nobody needs it."""

_REFERENCES = ("env:", "file:")


def _secret(value: object, info: ValidationInfo) -> str:
    if not isinstance(value, str) or not value.startswith(_REFERENCES):
        raise ValueError(
            'a secret is never written here; give "env:NAME" for an environment variable or "file:PATH" for a file'
        )
    return resolved_secret(value, info)


def resolved_secret(value: object, info: ValidationInfo) -> str:
    """A secret from where it points; of a file it is noted that it holds one."""
    if isinstance(value, str) and value.startswith("file:"):
        surroundings(info).confided.append(surroundings(info).folder / value.removeprefix("file:"))
    try:
        secret = resolved(value, info)
    except ValueError:
        if surroundings(info).needs_secrets:
            raise
        return NOT_KNOWN
    if len(secret) > LONGEST:
        raise ValueError(f"must have at most {LONGEST} characters")
    return secret


Login = Annotated[str, PlainValidator(resolved_secret)]
Secret = Annotated[SecretStr, BeforeValidator(_secret)]
