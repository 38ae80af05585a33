"""`iscg-rules partners review`: proposals one by one, in the terminal, ending in plain diffs."""

import argparse
import difflib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from iscg_rules.cli.days import chosen_day
from iscg_rules.cli.output_files import write_text
from iscg_rules.cli.partner_files import (
    check_files,
    files_that_may_change,
    place_of_proposals,
    read_territory,
    refuse_installed,
    refuse_other_than_ours,
    require_package,
)
from iscg_rules.cli.partner_questions import TITLES, ask_line, read_answers, show_item, write_lines
from iscg_rules.errors import IscgError
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.reading.territories import Layout

if TYPE_CHECKING:
    from iscg_rules.directory.decisions import ReviewAnswer
    from iscg_rules.directory.proposals import Proposal
    from iscg_rules.directory.review import ReviewItem

__all__ = ["add_review"]

NBSP = "\u00a0"


@dataclass(frozen=True)
class _ReviewedFiles:
    """The files of a territory as they stood when they were read, and what is to decide of them."""

    layout: Layout
    rule_set: RuleSet
    directory: Directory
    target: Path
    files: Mapping[str, tuple[Path, str]]
    proposed: str
    proposals: Mapping[str, "Proposal"]
    items: Sequence["ReviewItem"]

    @property
    def is_as_read(self) -> bool:
        """Whether nobody has written into them since."""
        files = files_that_may_change(self.layout)
        return (files, _text(self.target)) == (self.files, self.proposed)

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], "ReviewItem"]:
        return {(item.proposal.key, item.review_class): item for item in self.items}

    def allows(self, answer: "ReviewAnswer") -> bool:
        """Tell whether what was answered is still what stands there."""
        item = answer.item
        key = item.proposal.key
        if item == self._by_key.get((key, item.review_class)):
            return True
        # A person may say by hand which partner a proposal is.
        return (
            item.partner is not None
            and item.partner == self.directory.partners.get(item.partner.id)
            and item.proposal == self.proposals.get(key)
        )


def add_review(part: argparse.ArgumentParser) -> None:
    """Add what `review` takes."""
    part.set_defaults(run=review_partners)
    part.add_argument("territory", metavar="TERRITOIRE", help="le territoire à relire")
    part.add_argument("--list", action="store_true", help="montre, sans rien demander")
    part.add_argument("--yes", action="append", default=[], choices=tuple(TITLES), metavar="CLASSE")
    part.add_argument("--no", action="append", default=[], choices=tuple(TITLES), metavar="CLASSE")
    part.add_argument("--kind", metavar="TYPE", help="seulement ce type d'aide")
    part.add_argument("--rules", metavar="DOSSIER", help="dossier des règles (livré sinon)")
    part.add_argument("--at", metavar="JOUR", help="jour de la relecture (ou aujourd'hui)")
    part.epilog = f"CLASSE : {', '.join(TITLES)} ; --yes et --no décident de toute une classe"


def review_partners(chosen: argparse.Namespace) -> bool:
    """Ask about each proposal; write nothing before the differences were shown and agreed to.

    Whatever somebody writes into the files meanwhile stays.

    Raises:
        IscgError: the files cannot be read, or would no longer be readable.
    """
    require_package()
    from iscg_rules.directory.proposals import write_proposals  # noqa: PLC0415

    day = chosen_day(chosen)
    read = _read(chosen)
    write_lines(_overview(read.items, read.directory, day))
    if chosen.list:
        write_lines(line for item in read.items for line in ("", *show_item(item)))
        return bool(read.items)
    refuse_installed(read.target)
    by_class = dict.fromkeys(chosen.no, "no") | dict.fromkeys(chosen.yes, "yes")
    answers = [*read_answers(read.items, by_class, read.directory)]
    while answers:
        again = _decided(chosen, answers, day)
        if again is None:
            return True
        read, changed, decided = again
        if not by_class and not _agreed(len(changed)):
            return False
        if read.is_as_read:
            for label, text in changed.items():
                write_text(read.files[label][0], text)
            # What was decided last stands last, as it was read again.
            after = {**read.proposals, **decided}
            write_text(read.target, write_proposals(after.values()))
            return False
        write_lines(["", "un fichier a changé pendant la relecture : voici ce qui s'écrirait"])
    return False


def _read(chosen: argparse.Namespace) -> _ReviewedFiles:
    from iscg_rules.directory.proposals import BEGINNING, load_proposals  # noqa: PLC0415
    from iscg_rules.directory.review import find_items  # noqa: PLC0415

    layout, rule_set, directory = read_territory(chosen.rules, chosen.territory)
    target = place_of_proposals(layout)
    refuse_other_than_ours(target, BEGINNING)
    # What changes after this line is noticed before anything is written.
    files, proposed = files_that_may_change(layout), _text(target)
    proposals = {one.key: one for one in load_proposals(target)}
    rank = rule_set.vocabulary.kind_rank
    items = [
        item
        for item in find_items(proposals.values(), directory, rank)
        if not chosen.kind or chosen.kind in item.proposal.fields["offers"]
    ]
    return _ReviewedFiles(layout, rule_set, directory, target, files, proposed, proposals, items)


def _text(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def _decided(
    chosen: argparse.Namespace, answers: Sequence["ReviewAnswer"], day: date
) -> tuple[_ReviewedFiles, dict[str, str], dict[str, "Proposal"]] | None:
    """Read the files anew; show and give what the answers would write into them.

    A file that somebody left half written is told, and read again once they have mended it; None
    where they leave.
    """
    while True:
        try:
            read = _read(chosen)
            return read, *_applied(read, answers, day)
        except IscgError as error:
            sys.stderr.write(f"{error}\n")
            if ask_line("réparez, puis [o]ui ; [n]on laisse tout comme avant\n> ").lower() != "o":
                return None


def _applied(
    read: _ReviewedFiles, answers: Sequence["ReviewAnswer"], day: date
) -> tuple[dict[str, str], dict[str, "Proposal"]]:
    """Show what answers would write, and what is left to a person; give both."""
    from iscg_rules.directory.decisions import apply_answers  # noqa: PLC0415

    texts = {label: text for label, (_, text) in read.files.items()}
    own = read.layout.territories[-1].file("partners.yaml")[1]
    standing: list[ReviewAnswer] = []
    moved: list[ReviewAnswer] = []
    for answer in answers:
        (standing if read.allows(answer) else moved).append(answer)
    decided = apply_answers(standing, texts, own, read.directory.entries, day)
    changed = {label: text for label, text in decided.files.items() if text != texts[label]}
    check_files(read.layout, read.rule_set, changed)
    write_lines(line for label in sorted(changed) for line in _diff(label, texts, changed))
    write_lines(f"à changer à la main{NBSP}: {one}" for one in decided.by_hand)
    write_lines(
        f"a changé pendant la relecture, à revoir{NBSP}: {answer.item.proposal.id}"
        for answer in moved
    )
    return changed, decided.proposals


def _overview(items: Sequence["ReviewItem"], directory: Directory, day: date) -> Iterator[str]:
    counts = Counter[str](item.review_class for item in items)
    for name, title in TITLES.items():
        yield f"{counts[name]} {title} ({name})"
    local = [p for p in directory.partners.values() if not directory.is_national(p)]
    stale = [partner.id for partner in local if partner.is_stale(day)]
    without = [partner.id for partner in local if not partner.public_contact]
    yield f"{len(stale)} à vérifier de nouveau{_named(stale)}"
    yield f"{len(without)} sans contact{_named(without)}"


def _named(ids: Sequence[str]) -> str:
    return f"{NBSP}: {', '.join(ids)}" if ids else ""


def _agreed(count: int) -> bool:
    files = f"{count} fichier{'s' if count > 1 else ''} et les propositions"
    return ask_line(f"écrire {files} ? [o]ui, [n]on\n> ").lower() == "o"


def _diff(label: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    yield ""
    old, new = (texts[label].splitlines() for texts in (before, after))
    yield from difflib.unified_diff(old, new, label, label, lineterm="")
