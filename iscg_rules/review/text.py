"""A review in French: text, Markdown for a pull request."""

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from iscg_rules.diff import text as diff_text
from iscg_rules.proof.results import TriedChange
from iscg_rules.rendering.escaping import escape_markdown
from iscg_rules.rendering.paragraphs import wrapped
from iscg_rules.rendering.words import counted
from iscg_rules.review.results import BrokenByChange, CaseFailure, LostGuard, MergeReview

__all__ = ["render_markdown", "render_text"]

_NBSP = "\u00a0"
_COLON = f"{_NBSP}: "
_FEW = 12
_FEW_RULES = 3
# What rules and answers mean rests on these words.
_MEANT = frozenset({"attribute", "value", "fact", "kind", "ground"})
_GUARDS = {
    ("case", "removed"): "cas retiré",
    ("case", "changed"): "cas qui essaie ou attend autre chose",
    ("guarantee", "removed"): "garantie retirée",
    ("guarantee", "changed"): "garantie qui promet autre chose",
    ("hours", "changed"): "horaires changés de",
    ("contact", "changed"): "contact changé de",
}
_SINCE = {
    True: "obtenait ce qu’il attend avant ce changement",
    False: "échouait déjà",
    None: "nouveau cas",
}


def render_text(review: MergeReview) -> str:
    """Say a review in lines of 80 columns; what stands against merging comes first."""
    lines = [_verdict(review)]
    for told in _effects(review):
        lines += wrapped(told, "", "  ")
    for title, entries in _sections(review):
        lines += ["", title.upper(), *(line for entry in entries for line in _entry(entry))]
    return "\n".join([*lines, "", diff_text.render_text(review.revision).rstrip()]) + "\n"


def render_markdown(review: MergeReview) -> str:
    """Say the same for a pull request."""
    lines = ["# Peut-on fusionner ?", "", _verdict(review)]
    lines += [line for told in _effects(review) for line in ("", escape_markdown(told))]
    for title, entries in _sections(review):
        lines += ["", f"## {title}", ""]
        for first, *details in entries:
            lines.append(f"- {escape_markdown(first)}")
            lines += [f"  - {escape_markdown(detail)}" for detail in details if "\n" not in detail]
            for sketch in (detail for detail in details if "\n" in detail):
                lines += [
                    "",
                    *textwrap.indent(f"```yaml\n{sketch.rstrip()}\n```", "  ").split("\n"),
                ]
    return "\n".join([*lines, "", diff_text.render_markdown(review.revision).rstrip()]) + "\n"


def _verdict(review: MergeReview) -> str:
    if not review.must_not_pass:
        told = list(_to_read(review))
        if not told:
            return "Rien ne s’oppose à fusionner."
        return f"Rien n’est rompu. À lire avant de fusionner{_COLON}{', '.join(told)}."
    against = []
    if review.broken:
        against.append(counted(len(review.broken), "chose rompue", "choses rompues"))
    if review.failing:
        against.append(counted(len(review.failing), "cas qui échoue", "cas qui échouent"))
    return f"À ne pas fusionner{_COLON}{', '.join(against)}."


def _effects(review: MergeReview) -> Iterator[str]:
    """Say of each changed rule, where they are few, which helps it changes and for whom."""
    changed = [one for one in review.revision.rules if one.what == "rule"]
    for one in changed if len(changed) <= _FEW_RULES else ():
        shifts = [shift for shift in review.revision.situations if one.id in shift.rules]
        if not shifts:
            continue
        labels = dict.fromkeys(shift.label for shift in shifts)
        whoms = [[answer.words for answer in shift.affected] for shift in shifts]
        # What is so of every effect: another may reach other people.
        whom = [words for words in whoms[0] if all(words in others for others in whoms)]
        for_whom = f", seulement pour{_COLON}{' ; '.join(whom)}" if whom else ""
        yield f"La règle `{one.id}` touche{_COLON}{' ; '.join(labels)}{for_whom}."


def _to_read(review: MergeReview) -> Iterator[str]:
    """Say what only a reader can judge: nothing of it is broken, and it may be wrong."""
    revision = review.revision
    if revision.is_changed:
        there = revision.share.share or revision.share.error
        yield diff_text.say_share(revision.share) if there else "des situations, plus tard"
    released = sum(shift.change == "released" for shift in revision.situations)
    parts = [(word.what, word.part) for word in revision.words]
    meanings = sum(what in _MEANT and part in ("label", "ask") for what, part in parts)
    sources = sum(part == "source" for _, part in parts)
    counts = (
        (released, "interdit levé", "interdits levés"),
        (len(review.guards), "chose que rien ne prouve", "choses que rien ne prouve"),
        (len(review.unseen), "condition sans cas", "conditions sans cas"),
        (len(review.findings) + len(review.remarks), "constat nouveau", "constats nouveaux"),
        (meanings, "mot qui peut dire autre chose", "mots qui peuvent dire autre chose"),
        (sources, "source changée", "sources changées"),
        (len(parts) - meanings - sources, "texte changé", "textes changés"),
    )
    yield from (counted(*count) for count in counts if count[0])


def _sections(review: MergeReview) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield each part that holds something: a title, and entries of a line and its details."""
    parts: tuple[tuple[str, list[list[str]]], ...] = (
        ("Ce qui est rompu", [_broken(one) for one in review.broken]),
        ("Cas qui échouent", [_failing(one) for one in review.failing]),
        ("Ce que seul un lecteur peut juger", [_guard(one) for one in review.guards]),
        ("Ce qu’aucun cas ne montre", list(_unseen(review.unseen))),
        ("Nouveaux constats", [_noted(str(one)) for one in review.findings]),
        ("Nouvelles remarques", [_noted(str(one)) for one in review.remarks]),
    )
    for title, entries in parts:
        if entries:
            more = len(entries) - _FEW
            rest = [[f"et {counted(more, 'autre', 'autres')}"]] if more > 0 else []
            yield title, [*entries[:_FEW], *rest]
    if review.settled:
        one, several = "constat d’avant n’est plus", "constats d’avant ne sont plus"
        text = counted(review.settled, one, several)
        yield "Ce qui est réglé", [[text]]


def _broken(one: BrokenByChange) -> list[str]:
    where = f"{one.place}{_COLON}" if one.place else ""
    found = [f"{where}{one.finding.problem.code} {one.finding.problem.message}"]
    if one.rules:
        found.append(f"règles changées{_COLON}{', '.join(f'`{rule}`' for rule in one.rules)}")
    if one.kinds:
        found.append(f"aides{_COLON}{', '.join(f'`{kind}`' for kind in one.kinds)}")
    if one.finding.example:
        found.append(f"exemple{_COLON}{one.finding.example}")
    return found


def _failing(one: CaseFailure) -> list[str]:
    first = f"{one.place}{_COLON}{one.case}, {one.title} ({_SINCE[one.was_kept]})"
    return [first, *one.differences]


def _guard(one: LostGuard) -> list[str]:
    where = f"{one.place}{_COLON}" if one.place else ""
    if one.what == "accepted":
        return [f"{where}accepté{_COLON}{one.id}", f"raison{_COLON}{one.words}"]
    return [
        f"{where}{_GUARDS[one.what, one.change]} `{one.id}`",
        *([one.words] if one.words else []),
    ]


def _unseen(changes: Sequence[TriedChange]) -> Iterator[list[str]]:
    """Say what no case notices, each with a case and its file; the same case is written once."""
    drafted: dict[str, str] = {}
    for one in changes:
        where = f"{one.file}:{one.line}{_COLON}" if one.file else ""
        first = f"{where}`{one.id}`{_COLON}{one.words}"
        name, _, rest = (one.draft or "").partition("\n")
        name = name.partition("id: ")[2]
        if one.draft is None:
            yield [first]
        elif drafted.setdefault(rest, name) != name:
            yield [first, f"le cas `{drafted[rest]}`, ci-dessus, le montre aussi"]
        elif one.file:
            file = PurePosixPath(one.file)
            cases = file.parent / "cases" / file.name
            paste = f"à coller à la fin de {cases} (nouveau\u202f? première ligne{_COLON}`cases:`)"
            yield [first, paste, one.draft]
        else:
            yield [first, one.draft]


def _noted(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n")][:2]


def _entry(entry: list[str]) -> Iterator[str]:
    first, *details = entry
    yield from wrapped(first, "", "  ")
    for detail in details:
        if "\n" in detail:
            # Indented as in its file: it is copied from here.
            yield from detail.rstrip().split("\n")
        else:
            yield from wrapped(detail, "  ", "    ")
