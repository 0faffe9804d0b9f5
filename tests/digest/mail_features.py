"""What of HTML and CSS the four great mail programs understand: Gmail, Outlook, Apple Mail and Yahoo.

By the data of caniemail.com of 9 September 2025 (npm package caniemail 1.0.5): a feature is here if no version of the
four lacks it, or supports it in part and our use of it. What is not here must not be used; the exceptions are named.
"""

from typing import Final

ELEMENTS: Final = frozenset(
    {*("html", "head", "meta", "title"), *("h1", "h2", "h3", "p", "div", "span", "strong", "a", "ul", "li")}
    | {*("dl", "dt", "dd"), *("table", "thead", "tbody", "tr", "th", "td")}
)
ATTRIBUTES: Final = frozenset({"lang", "dir", "href", "class", "charset", "name", "content", "scope"})
PROPERTIES: Final = frozenset(
    {*("background-color", "color", "font-family", "font-size", "font-weight", "letter-spacing", "line-height")}
    | {*("border", "border-top", "border-bottom", "border-left", "border-collapse", "margin", "padding")}
    | {*("display", "list-style", "max-width", "width", "text-align", "text-decoration", "vertical-align")}
)
UNITS: Final = frozenset({"", "px", "em", "%"})
DISPLAYS: Final = frozenset({"block", "inline"})

EXCEPTIONS: Final = {
    "<!DOCTYPE html>": "HTML must have it; Outlook and Yahoo leave it away.",
    "<style>": "Gmail's site on a phone leaves it away, with all rules: what it reads is headings, lists and tables.",
    "@media (prefers-color-scheme: dark)": (
        "In a sheet of its own, which Gmail, Yahoo and Outlook for Windows leave away; they darken by themselves."
    ),
    "<meta name=color-scheme>": "Only Apple Mail heeds it; others need not know that the page has a dark scheme.",
    "<body>": "HTML must have it; some put their own in its place, so the div in it has its colours, too.",
    "<main>": "A landmark for who listens to the file; mail programs leave the tag away and keep what is in it.",
    "word-wrap": "Breaks a long address where it is heeded; where it is not, the program breaks it by itself.",
    "word-break": "The same in a table's cells; Yahoo and the old Windows Mail lack it.",
}
"""What is used although some mail programs lack it, and why nothing is lost there."""

CHECKERS_TITLES: Final = {
    "<style> element": "<style>",
    "Type selector": "<style>",
    "Class selector": "<style>",
    "Descendant combinator": "<style>",
    "@media": "@media (prefers-color-scheme: dark)",
    "<body> element": "<body>",
    "word-wrap": "word-wrap",
    "word-break": "word-break",
}
"""The same exceptions as the npm package caniemail titles them."""

CHECKERS_SLIPS: Final = {
    "height property": "It takes line-height for height.",
    "Chaining selectors": "It takes .a .b for .a.b.",
}
"""What that package reports although it is not there."""
