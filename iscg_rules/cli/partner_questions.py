"""What is shown of proposals in a terminal, what is asked about them, and the answers."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from iscg_rules.model.partners import Directory

if TYPE_CHECKING:
    from iscg_rules.directory.decisions import ReviewAnswer
    from iscg_rules.directory.review import ReviewItem

__all__ = ["TITLES", "ask_line", "read_answers", "show_item", "write_lines"]

NBSP = "\u00a0"
TITLES = {
    "new": "nouveau",
    "twin": "ressemble à une autre proposition",
    "completes": "complète un partenaire",
    "changed": "a changé dans sa source",
    "conflict": "diffère de ce que vous avez écrit",
    "gone": "n'est plus dans sa source",
}
_QUESTION = "[o]ui, [n]on, plus [t]ard, la [c]lasse entière, [q]uitter"
_FIELDS = ("name", "offers", "area", "accepts", "hours", "contact", "withheld", "description")


def show_item(item: "ReviewItem") -> Iterator[str]:
    """Yield the lines by which a person may decide."""
    from iscg_rules.directory.yaml_lines import write_value  # noqa: PLC0415

    proposal = item.proposal
    yield f"{proposal.id}{NBSP}: {TITLES[item.review_class]}"
    if item.twin is not None:
        yield f"  ressemble à la proposition `{item.twin}`"
    if item.partner is None:
        for name in (*_FIELDS, "source"):
            if name in proposal.fields:
                note = f"  ({proposal.notes[name]})" if name in proposal.notes else ""
                yield f"  {name}{NBSP}: {write_value(proposal.fields[name])}{note}"
        if proposal.quality:
            yield f"  qualité dite par la source{NBSP}: {proposal.quality}"
        return
    yield f"  partenaire `{item.partner.id}`{NBSP}: {item.partner.name}"
    yield f"  source{NBSP}: {proposal.fields['name']} ({proposal.key})"
    for one in item.differences:
        yield f"  {one.field}"
        yield f"    écrit{NBSP}: {write_value(one.written) if one.written else 'rien'}"
        yield f"    source{NBSP}: {write_value(one.proposed) if one.proposed else 'rien'}"


def read_answers(
    items: Sequence["ReviewItem"], by_class: Mapping[str, str], directory: Directory
) -> Iterator["ReviewAnswer"]:
    """Yield the answers: of whole classes, or asked one by one until somebody leaves."""
    from iscg_rules.directory.decisions import ReviewAnswer  # noqa: PLC0415
    from iscg_rules.directory.review import compare  # noqa: PLC0415

    if by_class:
        for item in items:
            if item.review_class in by_class:
                yield ReviewAnswer(item, "yes" if by_class[item.review_class] == "yes" else "no")
        return
    whole: dict[str, str] = {}
    for item in items:
        word = whole.get(item.review_class)
        if word is None:
            write_lines(["", *show_item(item)])
            word = _asked(item, whole, directory)
        if word == "q":
            return
        if word == "n":
            yield ReviewAnswer(item, "no")
        elif word.startswith("="):
            yield ReviewAnswer(compare(item.proposal, directory.partners[word[1:].strip()]), "yes")
        elif word == "o" or word[:1].isdigit():
            yield ReviewAnswer(item, "yes", _kinds(item, word))


def _asked(item: "ReviewItem", whole: dict[str, str], directory: Directory) -> str:
    offers = item.proposal.fields["offers"]
    several = item.partner is None and len(offers) > 1
    hint = "".join(f"\n  {n} {kind}" for n, kind in enumerate(offers, 1)) if several else ""
    numbers = ", ou les numéros des types d'aide à garder" if several else ""
    numbers += ", ou `=` et le nom du partenaire qu'il complète" if item.partner is None else ""
    while True:
        word = ask_line(f"{_QUESTION}{numbers}{hint}\n> ").lower()
        if word == "c":
            answer = ask_line("pour toute la classe, [o]ui ou [n]on\n> ").lower()
            if answer in ("o", "n"):
                whole[item.review_class] = answer
                return answer
        if word.startswith("=") and item.partner is None and word[1:].strip() in directory.partners:
            return word
        if word in ("o", "n", "t", "q") or (several and word.replace(" ", "").isdigit()):
            return word


def _kinds(item: "ReviewItem", word: str) -> tuple[str, ...]:
    offers = item.proposal.fields["offers"]
    if not word[:1].isdigit():
        return tuple(offers)
    chosen = {int(number) for number in word.split()}
    return tuple(kind for n, kind in enumerate(offers, 1) if n in chosen)


def ask_line(question: str) -> str:
    """Return what is typed; whoever closes the terminal leaves."""
    sys.stdout.write(question)
    sys.stdout.flush()
    try:
        return input().strip()
    except EOFError:
        return "q"


def write_lines(lines: Iterable[str]) -> None:
    """Print lines."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
