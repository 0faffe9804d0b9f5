"""Secrets: named in the file, never written there."""

from typing import Annotated

from pydantic import BeforeValidator, SecretStr, ValidationInfo

from pipeline.config.values import resolved, surroundings
from pipeline.redaction import LONGEST

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
    secret = resolved(value, info)
    if len(secret) > LONGEST:
        raise ValueError(f"must have at most {LONGEST} characters")
    return secret


Secret = Annotated[SecretStr, BeforeValidator(_secret)]
