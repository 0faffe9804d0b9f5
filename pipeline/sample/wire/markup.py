"""XML elements, written as they are read."""

from xml.etree.ElementTree import Element, tostring


def element(tag: str, *content: Element | str | None, **attributes: str) -> Element:
    """Make an element with its text and its children; what is None or empty is left out, as absent facts are.

    Names carry their prefix as it is written (``dc:date``); the root declares each by an attribute ``xmlns:dc``.
    """
    made = Element(tag, attributes)
    for part in content:
        if isinstance(part, str):
            made.text = part
        elif part is not None:
            made.append(part)
    return made


def listed(tag: str, *children: Element, **attributes: str) -> Element | None:
    """Make a list element with its members, or nothing at all when there are none."""
    return element(tag, *children, **attributes) if children else None


def stated(tag: str, text: str, **attributes: str) -> Element | None:
    """Make an element with a text, or nothing at all when the text is empty."""
    return element(tag, text, **attributes) if text else None


def document(root: Element, doctype: str = "") -> bytes:
    """Serialise a whole document with its XML declaration."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}\n'
    return (head + tostring(root, encoding="unicode")).encode()


def stopped(title: str) -> str:
    """Give a title its final stop, as NLM prints it."""
    return title if title.endswith((".", "?", "!")) else f"{title}."
