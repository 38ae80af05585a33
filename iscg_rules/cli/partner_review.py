"""`iscg-rules partners review`: proposals one by one, in the terminal, ending in plain diffs."""

import argparse
import difflib
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from iscg_rules.cli.days import chosen_day
from iscg_rules.cli.output_files import write_text
from iscg_rules.cli.partner_files import (
    check_files,
    files_that_may_change,
    place_of_proposals,
    read_territory,
    refuse_installed,
    require_package,
)
from iscg_rules.model.partners import Directory

if TYPE_CHECKING:
    from iscg_rules.directory.decisions import ReviewAnswer
    from iscg_rules.directory.review import ReviewItem

__all__ = ["add_review"]

NBSP = "\u00a0"
_TITLES = {
    "new": "nouveau",
    "twin": "ressemble à une autre proposition",
    "completes": "complète un partenaire",
    "changed": "a changé dans sa source",
    "conflict": "diffère de ce que vous avez écrit",
    "gone": "n'est plus dans sa source",
}
_QUESTION = "[o]ui, [n]on, plus [t]ard, la [c]lasse entière, [q]uitter"
_FIELDS = ("name", "offers", "area", "accepts", "hours", "contact", "withheld", "description")


def add_review(part: argparse.ArgumentParser) -> None:
    """Add what `review` takes."""
    part.set_defaults(run=review_partners)
    part.add_argument("territory", metavar="TERRITOIRE", help="le territoire à relire")
    part.add_argument("--list", action="store_true", help="montre, sans rien demander")
    part.add_argument(
        "--yes", action="append", default=[], choices=tuple(_TITLES), metavar="CLASSE"
    )
    part.add_argument("--no", action="append", default=[], choices=tuple(_TITLES), metavar="CLASSE")
    part.add_argument("--kind", metavar="TYPE", help="seulement ce type d'aide")
    part.add_argument("--rules", metavar="DOSSIER", help="dossier des règles (livré sinon)")
    part.add_argument("--at", metavar="JOUR", help="jour de la relecture (ou aujourd'hui)")
    part.epilog = f"CLASSE : {', '.join(_TITLES)} ; --yes et --no décident de toute une classe"


def review_partners(chosen: argparse.Namespace) -> bool:
    """Ask about each proposal; write nothing before the differences were shown and agreed to.

    Raises:
        IscgError: the files cannot be read, or would no longer be readable.
    """
    require_package()
    from iscg_rules.directory.proposals import load_proposals, write_proposals  # noqa: PLC0415
    from iscg_rules.directory.review import find_items  # noqa: PLC0415

    day = chosen_day(chosen)
    layout, rule_set, directory = read_territory(chosen.rules, chosen.territory)
    target = place_of_proposals(layout)
    proposals = {one.key: one for one in load_proposals(target)}
    rank = rule_set.vocabulary.kind_rank
    items = [
        item
        for item in find_items(proposals.values(), directory, rank)
        if not chosen.kind or chosen.kind in item.proposal.fields["offers"]
    ]
    _write_lines(_overview(items, directory, day))
    if chosen.list:
        _write_lines(line for item in items for line in ("", *_shown(item)))
        return bool(items)
    by_class = dict.fromkeys(chosen.no, "no") | dict.fromkeys(chosen.yes, "yes")
    answers = [*_answers(items, by_class, directory)]
    if not answers:
        return False
    from iscg_rules.directory.decisions import apply_answers  # noqa: PLC0415

    refuse_installed(target)
    files = files_that_may_change(layout)
    own = layout.territories[-1].file("partners.yaml")[1]
    texts = {label: text for label, (_, text) in files.items()}
    decided = apply_answers(answers, texts, own, directory.entries, day)
    changed = {label: text for label, text in decided.files.items() if text != texts[label]}
    check_files(layout, rule_set, changed)
    _write_lines(line for label in sorted(changed) for line in _diff(label, texts, changed))
    _write_lines(f"à changer à la main{NBSP}: {one}" for one in decided.by_hand)
    if not by_class and not _agreed(len(changed)):
        return False
    for label, text in changed.items():
        write_text(files[label][0], text)
    for key, proposal in decided.proposals.items():
        del proposals[key]
        proposals[key] = proposal
    write_text(target, write_proposals(proposals.values()))
    return False


def _overview(items: Sequence["ReviewItem"], directory: Directory, day: date) -> Iterator[str]:
    counts = Counter[str](item.review_class for item in items)
    for name, title in _TITLES.items():
        yield f"{counts[name]} {title} ({name})"
    local = [p for p in directory.partners.values() if not _is_national(p.area, directory)]
    stale = [partner.id for partner in local if partner.is_stale(day)]
    without = [partner.id for partner in local if not partner.public_contact]
    yield f"{len(stale)} à vérifier de nouveau{_named(stale)}"
    yield f"{len(without)} sans contact{_named(without)}"


def _is_national(areas: Iterable[str], directory: Directory) -> bool:
    return any(directory.areas[name].everywhere for name in areas)


def _named(ids: Sequence[str]) -> str:
    return f"{NBSP}: {', '.join(ids)}" if ids else ""


def _shown(item: "ReviewItem") -> Iterator[str]:
    from iscg_rules.directory.yaml_lines import write_value  # noqa: PLC0415

    proposal = item.proposal
    yield f"{proposal.id}{NBSP}: {_TITLES[item.review_class]}"
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


def _answers(
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
            _write_lines(["", *_shown(item)])
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
        word = _line(f"{_QUESTION}{numbers}{hint}\n> ").lower()
        if word == "c":
            answer = _line("pour toute la classe, [o]ui ou [n]on\n> ").lower()
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


def _agreed(count: int) -> bool:
    files = f"{count} fichier{'s' if count > 1 else ''} et les propositions"
    return _line(f"écrire {files} ? [o]ui, [n]on\n> ").lower() == "o"


def _line(question: str) -> str:
    """Return what is typed; whoever closes the terminal leaves."""
    sys.stdout.write(question)
    sys.stdout.flush()
    try:
        return input().strip()
    except EOFError:
        return "q"


def _diff(label: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    yield ""
    old, new = (texts[label].splitlines() for texts in (before, after))
    yield from difflib.unified_diff(old, new, label, label, lineterm="")


def _write_lines(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
