"""The words of the page: those of the text, and those that only a page needs."""

import json
from typing import Any

from iscg_rules.model.closed_words import Language
from iscg_rules.page.page_files import load_text
from iscg_rules.rendering.words import WORDS

__all__ = ["load_families", "load_markup", "load_words"]

# What the answer on the page and the one on a terminal say alike.
_SHARED = (
    *(
        "now",
        "today",
        "week",
        "planned",
        "tonight",
        "tomorrow",
        "when_today",
        "when_later",
        "when_then",
        "from",
        "not_offered",
    ),
    *("no_one", "mark", "nothing", "open", "day_and_night", "children", "author", "relatives"),
    *("professional", "person", "why", "sharing", "sources", "to_check", "undated", "left_out"),
    *("closed_until", "closed_for_now", "safety"),
)


def load_words(language: Language) -> dict[str, str]:
    """Return the words of the scripts in a language, by their names."""
    own: dict[str, str] = _load(language)["words"]
    return {name: WORDS[language][name] for name in _SHARED} | own


def load_markup(language: Language) -> dict[str, str]:
    """Return the words that stand in the markup only."""
    markup: dict[str, str] = _load(language)["markup"]
    return markup


def load_families(language: Language) -> dict[str, str]:
    """Return what each family of questions is called, in their order on the page."""
    families: dict[str, str] = _load(language)["families"]
    return families


def _load(language: Language) -> dict[str, Any]:
    words: dict[str, Any] = json.loads(load_text("words.json"))[language]
    return words
