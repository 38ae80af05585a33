"""Text that authors or workers wrote, put into Markdown so that it stays text."""

import re

from iscg_rules.reading.plain_text import ODD_CHARACTER

__all__ = ["escape_address", "escape_markdown", "unescape_markdown"]

# `_` within a word marks nothing, and addresses hold it: a_b, but _a_.
_MARKS = re.compile(r"[\\`*\[\]<|~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
# At the start of a line these begin a title, a list, a quotation or a rule.
_LEADS = re.compile(r"^(\d{0,9})([-+#=>.)])")
_ESCAPED = re.compile(r"\\([^\w\s]|_)")
_ENDING = re.compile(r"[\s()<>\\]")


def escape_markdown(text: str, *, leads: bool = False) -> str:
    r"""Return a text that reads the same in Markdown, on one line; `leads` where it begins one.

    `*Nuit* [ici](x)` becomes `\*Nuit\* \[ici\](x)`.
    """
    line = _MARKS.sub(r"\\\g<0>", ODD_CHARACTER.sub(" ", text))
    return _LEADS.sub(r"\1\\\2", line) if leads else line


def unescape_markdown(text: str) -> str:
    """Return the text that `escape_markdown` was given, on one line."""
    return _ESCAPED.sub(r"\1", text)


def escape_address(url: str) -> str:
    """Return an address that stands between the brackets of a link and does not end it."""
    return _ENDING.sub(lambda found: f"%{ord(found[0]):02X}", ODD_CHARACTER.sub("", url))
