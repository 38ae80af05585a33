"""What an id says in French: beside it, and in full where somebody points at it."""

from collections.abc import Iterator
from types import MappingProxyType

from iscg_rules.rendering.words import WORDS
from iscg_rules.workshop.author_files import AuthorFiles
from iscg_rules.workshop.entry_blocks import Entry
from iscg_rules.workshop.meanings import Meaning

__all__ = ["SCALES", "describe", "label"]

_NBSP, _JOINT = "\u00a0", "\u202f; "
_WORDS = WORDS["fr"]
SCALES = MappingProxyType(
    {
        "urgency": ("now", "today", "week", "planned"),
        "strength": ("must", "should", "may"),
        "for": ("person", "children", "author", "relatives", "professional"),
    }
)
_YES_NO = {"yes": "oui", "no": "non"}
_ROLES = {
    "attribute": "question",
    "fact": "mot défini",
    "answer": "réponse",
    "kind": "type d’aide",
    "area": "lieu",
    "source": "source",
    "partner": "partenaire",
    "rule": "règle",
    "ground": "fondement",
    "case": "cas",
    "guarantee": "garantie",
    "impossible": "impossible",
    "territory": "territoire",
    "scale": "mot d’une liste",
}
_TYPES = {
    "one_of": "une seule réponse",
    "many_of": "plusieurs réponses",
    "yes_no": "oui ou non",
    "number": "un nombre",
    "commune": "une commune",
}
# Whoever uses an id, shortest first; more are counted.
_MOST_USERS = 8


def label(files: AuthorFiles, meaning: Meaning) -> str | None:
    """Return the French words for an id; None where nobody wrote any."""
    owner, _, answer = meaning.id.partition("=")
    if meaning.role == "scale":
        return _WORDS[answer].lower() if answer in SCALES[owner] else None
    if meaning.role == "answer" and files.type_of(owner) == "yes_no":
        return _YES_NO.get(answer)
    found = files.definition(meaning)
    if found is None:
        return None
    if meaning.role == "answer":
        return found.entry.text(*found.word.path[:-1], "label", "fr")
    return label_of(found.entry)


def label_of(entry: Entry) -> str | None:
    """Return the French words that an entry gives itself."""
    paths = (("label", "fr"), ("title", "fr"), ("title",), ("name",), ("because", "fr"))
    return next(filter(None, (entry.text(*path) for path in paths)), None)


def describe(files: AuthorFiles, meaning: Meaning, said: str | None = None) -> str | None:
    """Return all that is to be said of an id, as Markdown.

    Args:
        files: where it is written and used.
        meaning: the id.
        said: the sentence that a rule or a fact reads as.
    """
    name = label(files, meaning)
    found = files.definition(meaning)
    if name is None and found is None:
        return None
    role = _ROLES[meaning.role]
    lines = [
        f"**{name or meaning.id}**{_NBSP}· {role} `{meaning.id.partition('=')[2] or meaning.id}`"
    ]
    if meaning.role == "answer":
        owner = Meaning("attribute", meaning.id.partition("=")[0])
        lines.append(f"à la question «{_NBSP}{label(files, owner) or owner.id}{_NBSP}»")
    elif found is not None and meaning.role != "scale":
        lines += _parts(files, found.entry, meaning)
    if said:
        lines.append(said)
    if meaning.role != "scale":
        lines += _users(files, meaning)
    return "\n\n".join(lines)


def _parts(files: AuthorFiles, entry: Entry, meaning: Meaning) -> Iterator[str]:
    for path in (("ask", "fr"), ("description", "fr"), ("because", "fr")):
        text = entry.text(*path)
        if text and text != label_of(entry):
            yield f"_{text}_" if path[0] == "ask" else text
    if meaning.role == "attribute":
        yield "".join([_TYPES.get(entry.text("type") or "", ""), *_answers(entry)])
    for key, word in (("legal_basis", "texte"), ("hours", "horaires"), ("url", "page")):
        if text := entry.text(key):
            yield f"{word}{_NBSP}: {text}"
    if phone := entry.text("contact", "phone"):
        yield f"téléphone{_NBSP}: {phone}"
    if offers := entry.listed("offers"):
        kinds = (label(files, Meaning("kind", kind)) or kind for kind in offers)
        yield f"propose{_NBSP}: {', '.join(kinds)}"
    if meaning.role == "source":
        facts = (entry.text("date"), entry.text("trust"), entry.text("checked"))
        words = ("du", "fiabilité", "lue en")
        yield ", ".join(f"{word} {fact}" for word, fact in zip(words, facts, strict=True) if fact)
    named = [label(files, Meaning("source", name)) or name for name in entry.listed("source")]
    if named:
        yield f"source{_NBSP}: {_JOINT.join(named)}"


def _answers(entry: Entry) -> Iterator[str]:
    for path, text in entry.texts.items():
        if path[:1] == ("values",) and path[-1] == "id":
            yield f"\n- `{text}`{_NBSP}: {entry.text(*path[:-1], 'label', 'fr') or '?'}"


def _users(files: AuthorFiles, meaning: Meaning) -> Iterator[str]:
    users: dict[str, list[str]] = {}
    for found in files.named(meaning):
        if not found.meaning.is_definition and found.entry.id is not None:
            users.setdefault(found.entry.section, []).append(found.entry.id)
    words = {"rules": "règles", "facts": "mots définis", "cases": "cas", "partners": "partenaires"}
    for section, ids in users.items():
        names = list(dict.fromkeys(ids))
        shown = ", ".join(f"`{name}`" for name in names[:_MOST_USERS])
        more = f" … {len(names)} en tout" if len(names) > _MOST_USERS else ""
        text = str(len(names)) if section == "cases" else shown + more
        yield f"{words.get(section, section)} qui s’en servent{_NBSP}: {text}"
