"""Scripts and styles without what only people read: comments, indentation, spaces around signs."""

import re

__all__ = ["bare_script", "bare_style"]

_LINE_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/ ?", re.DOTALL)
_INDENT = re.compile(r"^\s+", re.MULTILINE)
# Not `+` nor `-`, of which two in a row are another sign.
_SCRIPT_SIGN = re.compile(r'("(?:[^"\\]|\\.)*")| ?([=(){}\[\],;:?<>|&*]) ?')
# In these, a space may be one of a text or of a pattern.
_TELLING = re.compile("[`'/]")
_STYLE_SIGN = re.compile(r"\s*([{};,])\s*|(?<=:) ")


def bare_script(code: str) -> str:
    """Return a script that does the same; its lines stay lines, for they may end statements."""
    text = _INDENT.sub("", _LINE_COMMENT.sub("", _BLOCK_COMMENT.sub("", code)))
    lines = text.splitlines(keepends=True)
    return "".join(line if _TELLING.search(line) else _bare_line(line) for line in lines)


def _bare_line(line: str) -> str:
    return _SCRIPT_SIGN.sub(lambda found: found[1] or found[2], line)


def bare_style(style: str) -> str:
    """Return a style that looks the same."""
    return _STYLE_SIGN.sub(lambda found: found[1] or "", _BLOCK_COMMENT.sub("", style)).strip()
