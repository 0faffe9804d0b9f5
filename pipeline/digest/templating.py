"""The template environments. Whatever a template prints is made harmless first: text from outside is hostile."""

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.text import clean


def ready(text: str) -> Markup:
    """Text that a renderer has made harmless for its own format, to be printed as it is."""
    return Markup(text)  # noqa: S704 - the one door; Markdown and plain text have escapes of their own


def environment(escape: Callable[[str], str] | None = None, package: str = "pipeline.digest") -> Environment:
    """An environment whose every expression is cleaned of control and direction marks and then escaped.

    ``escape`` None means HTML. Only what a filter returns as Markup is printed as it is. ``package`` has the templates.
    """

    def harmless(value: object) -> Markup | str:
        if isinstance(value, Markup):
            return value
        return clean(str(value)) if escape is None else ready(escape(clean(str(value))))

    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
