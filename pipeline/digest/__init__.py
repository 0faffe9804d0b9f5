"""The thinking that turns events into one issue, and an issue into text, Markdown, HTML and JSON."""
