"""`iscg-rules check` and `iscg-rules test`: all that can be said of a rule set."""

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from iscg_rules.authoring.acceptance import accept, acceptance_sketch
from iscg_rules.authoring.case_verdicts import Verdict, judge
from iscg_rules.authoring.remarks import find
from iscg_rules.cli.days import chosen_day
from iscg_rules.cli.file_arguments import add_territory
from iscg_rules.cli.grouped_findings import group
from iscg_rules.cli.printing import print_json, print_lines
from iscg_rules.cli.written_files import WhatIsWritten, load_sound, read_all
from iscg_rules.errors import IscgError, Problem
from iscg_rules.proof.findings.all_findings import prove
from iscg_rules.proof.findings.finding import Finding
from iscg_rules.rendering.words import counted

__all__ = ["add_check", "add_test", "check", "test"]

VERSION = 1
NBSP = "\u00a0"


_UNPROVEN = 3
_NOTHING_PROVEN = (
    f"RIEN N’EST PROUVÉ{NBSP}: une garantie rompue ne se verrait pas ; "
    "pip install 'iscg-rules[proof]', ou --without-proof pour s’en passer"
)
_ACCEPTANCE_HEAD = """\
# À recopier dans guarantees.yaml, du dossier dont il s'agit : gardez ce que vous supportez, et
# écrivez pourquoi. Le reste continue d'être montré.
"""


@dataclass(frozen=True)
class _Found:
    """What an author should look at: read off the files, and proven; None when not proven.

    `accepted`: what the authors bear, each with its reason; it is in neither of the others.
    """

    remarks: tuple[Problem, ...] = ()
    proofs: tuple[Finding, ...] | None = ()
    accepted: tuple[tuple[Problem | Finding, str], ...] = ()

    @property
    def count(self) -> int:
        """Count all that nobody accepted."""
        return len(self.remarks) + len(self.proofs or ())


def _add_folders(command: argparse.ArgumentParser, *formats: str) -> None:
    command.add_argument("rules", nargs="?", metavar="DOSSIER", help="dossier des règles")
    command.add_argument("partners", nargs="?", metavar="PARTENAIRES", help="fichier partners.yaml")
    command.add_argument("--format", choices=formats, default="text")
    add_territory(command)


def add_check(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `check`."""
    command.set_defaults(run=check)
    _add_folders(command, "text", "json", "github", "accepted")
    command.add_argument("--strict", action="store_true", help="sort avec 1 pour une remarque")
    without = "ne prouve rien, et ne sort pas avec 3 pour autant"
    command.add_argument("--without-proof", action="store_true", help=without)
    text = "montre aussi ce que les auteurs acceptent, avec leur raison"
    command.add_argument("--accepted", action="store_true", help=text)
    text = "montre chaque constat, même s'il y en a beaucoup sur les partenaires"
    command.add_argument("--all", action="store_true", help=text)
    command.add_argument("--at", metavar="JOUR", help="jour de l'âge des sources (ou aujourd'hui)")


def add_test(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `test`."""
    command.set_defaults(run=test)
    _add_folders(command, "text", "json")


def check(chosen: argparse.Namespace) -> int:
    """Print every problem, or, where there is none, what an author should look at.

    Returns:
        1 where something must not be, 3 where nothing else is wrong and nothing could be proven.
    """
    files = _with_contacts(read_all(chosen))
    found = _Found()
    if not files.problems:
        day = chosen_day(chosen)
        engine = files.engine()
        proofs = None if chosen.without_proof else _prove(files, day)
        remarks = (*files.unread, *find(engine, judge(engine, files.cases), day=day))
        found = _sorted_out(files, _Found(remarks, proofs))
    if chosen.accepted and chosen.format == "text":
        print_lines(_accepted_lines(found))
    if chosen.format == "text":
        _write_text(files, found, show_all=chosen.all)
        is_sound = found.proofs is not None and not any(one.is_broken for one in found.proofs)
        if found.count and is_sound and not chosen.strict:
            print_lines(["Vos fichiers sont bons ; ce qui est montré est à lire, rien ne bloque."])
    else:
        _SHOW[chosen.format](files, found)
    is_broken = any(finding.is_broken for finding in found.proofs or ())
    if files.problems or is_broken or (chosen.strict and found.count > 0):
        return 1
    return _UNPROVEN if found.proofs is None and not chosen.without_proof else 0


def _sorted_out(files: WhatIsWritten, found: _Found) -> _Found:
    """Set apart what the authors accept, and add what they accept for nothing."""
    seen: list[Problem | Finding] = [*found.remarks, *(found.proofs or ())]
    by_problem = {one.problem if isinstance(one, Finding) else one: one for one in seen}
    is_proven = found.proofs is not None
    acceptance = accept(tuple(by_problem), files.guarantees.findings, is_proven=is_proven)
    reasons = acceptance.reasons
    proofs = tuple(one for one in found.proofs or () if one.problem not in reasons)
    return _Found(
        (*(one for one in found.remarks if one not in reasons), *acceptance.stale),
        proofs if is_proven else None,
        tuple((by_problem[problem], reason) for problem, reason in reasons.items()),
    )


def _with_contacts(files: WhatIsWritten) -> WhatIsWritten:
    """Add the contacts that cannot be right; nothing where the package for it is not installed."""
    try:
        from iscg_rules.directory.contacts import find_contact_problems  # noqa: PLC0415 # when asked
    except ImportError:
        return files
    found = [*files.problems, *find_contact_problems(files.directory)]
    return replace(files, wrong=IscgError(found)) if len(found) > len(files.problems) else files


def _prove(files: WhatIsWritten, day: date) -> tuple[Finding, ...] | None:
    """Prove what can be; None where the package for it is not installed."""
    try:
        return prove(files.rule_set, files.directory, files.guarantees, day=day)
    except IscgError as error:
        if {problem.code for problem in error.problems} == {"A012"}:
            return None
        raise


def _write_text(files: WhatIsWritten, found: _Found, *, show_all: bool) -> None:
    seen: list[Problem | Finding] = [*files.problems, *found.remarks, *(found.proofs or ())]
    first = [_NOTHING_PROVEN] if found.proofs is None and not files.problems else []
    told = group(seen, show_all=show_all)
    print_lines([*first, *told, *_read_from(files), _summary(files, found)])


def _read_from(files: WhatIsWritten) -> tuple[str, ...]:
    """Say what was read; where something is wrong, each line names its file."""
    return () if files.problems else (f"lu{NBSP}: {', '.join(files.places)}",)


def _accepted_lines(found: _Found) -> Iterable[str]:
    """Say what is accepted: each reason once, with all that it is about."""
    for reason in dict.fromkeys(reason for _, reason in found.accepted):
        yield f"accepté{NBSP}: {reason}"
        for one, why in found.accepted:
            if why == reason:
                problem = one.problem if isinstance(one, Finding) else one
                yield "  " + str(replace(problem, help=None))


def _as_json(files: WhatIsWritten, found: _Found) -> None:
    print_json(
        {
            "version": VERSION,
            "problems": [problem.as_dict() for problem in files.problems],
            "findings": [problem.as_dict() for problem in found.remarks],
            "proofs": None if found.proofs is None else [f.as_dict() for f in found.proofs],
            "accepted": [{**one.as_dict(), "because": reason} for one, reason in found.accepted],
        }
    )


def _as_annotations(files: WhatIsWritten, found: _Found) -> None:
    """Write what a forge shows beside the line that it is about."""
    lines = [_annotation("error", problem, "") for problem in files.problems]
    lines += [_annotation("notice", problem, "") for problem in found.remarks]
    for finding in found.proofs or ():
        level = "error" if finding.is_broken else "warning"
        example = f"exemple{NBSP}: {finding.example}" if finding.example else ""
        lines.append(_annotation(level, finding.problem, example))
    print_lines([*lines, _summary(files, found)])


def _annotation(level: str, problem: Problem, more: str) -> str:
    place = problem.place
    where = f"file={place.file},line={place.line},col={place.column}," if place else ""
    parts = (problem.message, problem.help and f"aide{NBSP}: {problem.help}", more)
    text = "\n".join(part for part in parts if part)
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} {where}title={problem.code}::{escaped}"


def _as_acceptance(files: WhatIsWritten, found: _Found) -> None:
    """Write what could be accepted, for an author to add why."""
    seen = [*found.remarks, *(finding.problem for finding in found.proofs or ())]
    sys.stdout.write(_ACCEPTANCE_HEAD + acceptance_sketch(seen))
    if files.problems:
        raise files.wrong


_SHOW = {"accepted": _as_acceptance, "json": _as_json, "github": _as_annotations}


def test(chosen: argparse.Namespace) -> bool:
    """Replay the authors' cases and print how each failing one differs.

    Raises:
        IscgError: the files cannot be read: every problem.
    """
    files = load_sound(chosen)
    verdicts = judge(files.engine(), files.cases)
    failed = [verdict for verdict in verdicts if not verdict.is_kept]
    if chosen.format == "json":
        print_json({"version": VERSION, "cases": [_as_dict(verdict) for verdict in verdicts]})
    else:
        lines = [line for verdict in failed for line in _failure(verdict)]
        total = counted(len(verdicts), "cas", "cas")
        end = f"{len(failed)} à revoir" if failed else "tous obtiennent ce qu'ils attendent"
        print_lines([*lines, f"{total}{NBSP}: {end}"])
    return bool(failed)


def _failure(verdict: Verdict) -> Iterable[str]:
    yield f"{verdict.place}: C001 {verdict.case}, {verdict.title}"
    yield from (f"  - {difference}" for difference in verdict.differences)


def _as_dict(verdict: Verdict) -> dict[str, object]:
    return {
        "id": verdict.case,
        "title": verdict.title,
        "file": verdict.place.file,
        "line": verdict.place.line,
        "kept": verdict.is_kept,
        "differences": verdict.differences,
    }


def _summary(files: WhatIsWritten, found: _Found) -> str:
    parts = [
        counted(len(files.rule_set.rules), "règle", "règles"),
        counted(len(files.rule_set.facts), "fait", "faits"),
        counted(len(files.directory.partners), "partenaire", "partenaires"),
        counted(len(files.guarantees.guarantees), "garantie", "garanties"),
        counted(len(files.cases), "cas", "cas"),
    ]
    wrong = counted(files.wrong.count, "problème", "problèmes")
    notes = ""
    if not files.problems:
        remarks = counted(len(found.remarks), "remarque", "remarques")
        number = len(found.accepted)
        known = f"{counted(number, 'acceptée', 'acceptées')} (--accepted), " if number else ""
        notes = f", {remarks}, {known}{_proven(found)}"
    return f"{', '.join(parts)}{NBSP}: {wrong}{notes}"


def _proven(found: _Found) -> str:
    if found.proofs is None:
        return "rien de prouvé"
    broken = sum(finding.is_broken for finding in found.proofs)
    others = counted(len(found.proofs) - broken, "constat", "constats")
    faults = f"{counted(broken, 'faute', 'fautes')}, " if broken else ""
    return f"toutes les situations examinées ({faults}{others})"
