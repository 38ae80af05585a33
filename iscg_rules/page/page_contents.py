"""What the page knows beside the exported rules: words, notice, rescue, hours in words."""

from typing import Any

from iscg_rules.engine import Engine
from iscg_rules.language.vocabulary import WITHOUT_PARTNER
from iscg_rules.model.closed_words import Language
from iscg_rules.page.page_words import load_families, load_words
from iscg_rules.reading.territories import Transparency
from iscg_rules.recommend.results import SHELTERS
from iscg_rules.rendering.hours_in_words import hours_in_words
from iscg_rules.rendering.person_sheet import rescue_cards
from iscg_rules.transparency.notice import make_notice
from iscg_rules.transparency.text import notice_lines

__all__ = ["page_contents"]


def page_contents(engine: Engine, told: Transparency, language: Language) -> dict[str, Any]:
    """Return plain values for JSON.

    Args:
        engine: whose rules, partners and territory they are.
        told: who answers for the tool, as its territory says.
        language: of the words; papers and the notice are French in any language.
    """
    hours = {one.hours for one in engine.directory.partners.values() if one.hours}
    return {
        "words": load_words(language),
        "families": load_families(language),
        "notice": [*notice_lines(make_notice(engine.identity, told))],
        "rescue": [
            [kind, name, contact, hours_in_words(said) if said else None]
            for kind, name, contact, said in rescue_cards(
                engine.rule_set.vocabulary, engine.directory
            )
        ],
        "hours": {one: hours_in_words(one) for one in sorted(hours)},
        "shelters": sorted(SHELTERS),
        "without_partner": sorted(WITHOUT_PARTNER),
    }
