"""The fixed French and English words of a rendered recommendation."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from iscg_rules.language.moments import day_of
from iscg_rules.language.wording import ABSENT
from iscg_rules.model.rules import Orient
from iscg_rules.reading.binding import Source
from iscg_rules.recommend.results import Answer, PartnerCard, Question
from iscg_rules.rendering.escaping import escape_address, escape_markdown

__all__ = [
    "SHARING",
    "WORDS",
    "answers",
    "closure",
    "contact",
    "counted",
    "leads",
    "moment",
    "opening",
    "orient_terms",
    "questions",
    "sources",
    "together",
]

WORDS = {
    "fr": {
        "title": "Orientations",
        "now": "MAINTENANT",
        "today": "AUJOURD’HUI",
        "week": "CETTE SEMAINE",
        "planned": "À PRÉVOIR",
        "tonight": "CE SOIR",
        "tomorrow": "DEMAIN",
        "when_today": "AUJOURD’HUI",
        "when_later": "DÈS L’OUVERTURE",
        "when_then": "ENSUITE",
        "from": "à partir de {}",
        "ask_next": "À demander\u00a0:",
        "not_offered": "Ne pas proposer\u00a0:",
        "other": "1 autre aide selon les réponses (--all) · pourquoi (--full)",
        "others": "{} autres aides selon les réponses (--all) · pourquoi (--full)",
        "settled": "Aucune réponse n’y changera plus rien · pourquoi (--full)",
        "no_one": "personne de connu ici, à chercher avec le réseau local",
        "mark": "* à vérifier",
        "answers_missing": "il manque {} réponse(s)",
        "to_settle": "À CLARIFIER TOUT DE SUITE",
        "possible": "POSSIBLE, SELON LES RÉPONSES",
        "excluded": "À NE PAS PROPOSER",
        "advice": "CONSEILS",
        "gaps": "SANS PARTENAIRE ICI",
        "nothing": "Aucune orientation certaine avec ces réponses.",
        "must": "à faire",
        "should": "conseillé",
        "may": "au choix",
        "for": "Pour\u00a0:",
        "why": "Parce que\u00a0:",
        "because_of": "Réponses\u00a0:",
        "follows": " (déduit)",
        "sharing": "Transmettre\u00a0:",
        "sources": "Sources\u00a0:",
        "else": "Sinon\u00a0:",
        "else_open": "Ouvert maintenant\u00a0:",
        "missing": "il manque\u00a0:",
        "no_partner": "Aucun partenaire connu ici\u00a0: à chercher avec le réseau local.",
        "no_contact": "contact non vérifié",
        "to_confirm": "à confirmer",
        "undated": "sans date",
        "to_check": "à vérifier\u00a0:",
        "by_commune": "selon la commune",
        "contacted": "déjà contacté",
        "declined": "déjà proposé, refusé",
        "left_out": "{} orientation(s) de plus ne sont pas montrées.",
        "open": "ouvert",
        "closed": "fermé",
        "opens": "fermé, ouvre {}",
        "closed_until": "fermé jusqu’au {}\u00a0: {}",
        "closed_for_now": "fermé, sans date de réouverture\u00a0: {}",
        "safety": "adresse tue par sécurité",
        "unknown_hours": "horaires non connus",
        "around_the_clock": "24 h/24, 7 j/7",
        "day_and_night": "24 h/24",
        "children": "les enfants",
        "author": "la personne mise en cause",
        "relatives": "les proches",
        "professional": "le professionnel",
        "person": "la personne",
    },
    "en": {
        "title": "Orientations",
        "now": "NOW",
        "today": "TODAY",
        "week": "THIS WEEK",
        "planned": "TO PLAN",
        "tonight": "TONIGHT",
        "tomorrow": "TOMORROW",
        "when_today": "TODAY",
        "when_later": "WHEN IT OPENS NEXT",
        "when_then": "AFTERWARDS",
        "from": "from {}",
        "ask_next": "To ask:",
        "not_offered": "Not to be offered:",
        "other": "1 more depending on the answers (--all) · why (--full)",
        "others": "{} more depending on the answers (--all) · why (--full)",
        "settled": "No answer can change this any more · why (--full)",
        "no_one": "nobody known here, look with the local network",
        "mark": "* to check",
        "answers_missing": "{} answer(s) missing",
        "to_settle": "TO CLEAR UP AT ONCE",
        "possible": "POSSIBLE, DEPENDING ON THE ANSWERS",
        "excluded": "NOT TO BE OFFERED",
        "advice": "ADVICE",
        "gaps": "NO PARTNER HERE",
        "nothing": "No certain orientation with these answers.",
        "must": "to do",
        "should": "advised",
        "may": "optional",
        "for": "For:",
        "why": "Because:",
        "because_of": "Answers:",
        "follows": " (follows)",
        "sharing": "Passing on:",
        "sources": "Sources:",
        "else": "Else:",
        "else_open": "Open now:",
        "missing": "missing:",
        "no_partner": "No partner known here: look with the local network.",
        "no_contact": "contact not verified",
        "to_confirm": "to be confirmed",
        "undated": "undated",
        "to_check": "to check:",
        "by_commune": "depending on the commune",
        "contacted": "already contacted",
        "declined": "already offered, declined",
        "left_out": "{} more orientation(s) are not shown.",
        "open": "open",
        "closed": "closed",
        "opens": "closed, opens {}",
        "closed_until": "closed until {}: {}",
        "closed_for_now": "closed, no known date of reopening: {}",
        "safety": "address withheld for safety",
        "unknown_hours": "hours not known",
        "around_the_clock": "24/7",
        "day_and_night": "24/7",
        "children": "the children",
        "author": "the alleged author",
        "relatives": "the relatives",
        "professional": "the professional",
        "person": "the person",
    },
}
# What may be passed on, in one line.
SHARING = {
    "none": "rien à transmettre",
    "agreement": "avec l’accord de la personne",
    "inform": "en le disant à la personne",
    "exception": "possible sans accord",
}

_DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def moment(at: date, language: str) -> str:
    """Say a moment: the day of the week, the date, and the time where it is known."""
    day = f"{_DAYS[language][at.weekday()]} {at:%d/%m}"
    if not isinstance(at, datetime):
        return day
    if language == "en":
        return f"{day} at {at:%H:%M}"
    minutes = f"{at:%M}" if at.minute else ""
    return f"{day} à {at.hour}\u00a0h\u00a0{minutes}".rstrip("\u00a0")


def leads(cards: Sequence[PartnerCard], language: str) -> Iterator[str]:
    """Say before each partner after the first why it is named: it is open, or the next to try."""
    words = WORDS[language]
    is_first_closed = bool(cards) and cards[0].is_open is False
    for card in cards[1:]:
        yield words["else_open" if is_first_closed and card.is_open else "else"]


def opening(card: PartnerCard, language: str) -> str:
    """Say whether a partner is open at the moment asked, or when it opens."""
    words = WORDS[language]
    if card.closed_because:
        return closure(card, language)
    if card.hours == "24/7":
        return words["around_the_clock"]
    if card.is_open is None:
        return words["unknown_hours"]
    if card.is_open:
        return words["open"]
    if card.opens_at is None:
        return words["closed"]
    return words["opens"].format(moment(card.opens_at, language))


def closure(card: PartnerCard, language: str) -> str:
    """Say until which day a partner is closed and why; an empty text where it is not."""
    words = WORDS[language]
    if not card.closed_because:
        return ""
    if card.closed_until is None:
        return words["closed_for_now"].format(card.closed_because)
    return words["closed_until"].format(f"{card.closed_until:%d/%m/%Y}", card.closed_because)


def contact(card: PartnerCard, language: str) -> str:
    """Say how to reach a partner, with what must be known before relying on it."""
    words = WORDS[language]
    parts = [f"SMS {text}" if name == "sms" else text for name, text in card.contact.items()]
    parts = parts or [card.access or words["no_contact"]]
    if card.withheld:
        parts.append(words[card.withheld])
    parts.append(opening(card, language))
    if card.to_confirm:
        parts.append(words["to_confirm"])
    if card.depends_on_commune:
        parts.append(words["by_commune"])
    if card.to_check:
        parts.append(f"{words['to_check']} {questions(card.to_check)}")
    return " · ".join(parts)


def answers(given: tuple[Answer, ...], language: str) -> str:
    """Say the answers that a reason rests on: those of one attribute together, concluded apart."""
    colon = "\u00a0: " if language == "fr" else ": "
    said: dict[tuple[str, bool], list[str]] = {}
    for answer in given:
        said.setdefault((answer.label, answer.concluded), []).append(answer.answer)
    follows = WORDS[language]["follows"]
    return "\u202f; ".join(
        f"{label}{colon}{together(words, language)}{follows if is_concluded else ''}"
        for (label, is_concluded), words in said.items()
    )


def together(said: Sequence[str], language: str) -> str:
    """Say the answers to one question: those ticked, then those not ticked as one `ni … ni …`."""
    before, _, after = ABSENT[language].partition("{}")
    absent = [one for one in said if one.startswith(before)]
    parts = [one for one in said if one not in absent]
    if len(absent) == 1 or language != "fr":
        return ", ".join([*parts, *absent])
    neither = [f"ni {one.removeprefix(before).removesuffix(after)}" for one in absent]
    return ", mais ".join(one for one in (", ".join(parts), ", ".join(neither)) if one)


def sources(
    given: Iterable[Source], at: date | None, language: str, *, linked: bool = False
) -> Iterator[str]:
    """Say each source with its date and trust, and whether it must be looked at again."""
    words = WORDS[language]
    day = day_of(at)
    for source in given:
        marks = [source.date or words["undated"], source.trust]
        if source.is_stale(day):
            marks.append(words["to_confirm"])
        title = _linked(source) if linked else source.title
        yield f"{title} ({', '.join(marks)})"


def _linked(source: Source) -> str:
    title = escape_markdown(source.title)
    return f"[{title}]({escape_address(source.url)})" if source.url else title


def questions(asked: tuple[Question, ...]) -> str:
    """Name what is missing."""
    return ", ".join(question.label for question in asked)


def counted(number: int, one: str, several: str) -> str:
    """Say how many there are of something in French: none is said as one."""
    return f"{number} {several if number > 1 else one}"


def orient_terms(orient: Orient, escape: Callable[[str], str]) -> str:
    """Say in French for whom, when and how firmly a rule orients, and what may be passed on."""
    words = WORDS["fr"]
    whom = "" if orient.for_ == "person" else f", pour {words[orient.for_]}"
    when, strength = words[orient.urgency].lower(), words[orient.strength]
    basis = f" ({escape(orient.legal_basis)})" if orient.legal_basis else ""
    return f"{whom}\u00a0: {when}, {strength}\u202f; {SHARING[orient.sharing]}{basis}"
