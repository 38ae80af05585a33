"""What `check` says of partners, by class where it is much: how many, the first, who else."""

import re
import textwrap
from collections.abc import Iterator, Sequence

from iscg_rules.errors import Problem
from iscg_rules.proof.findings.finding import Finding

__all__ = ["group"]

NBSP = "\u00a0"
# A territory that begins lacks half of all kinds, and an import brings hundreds of partners.
_ABOUT_PARTNERS = ("U001", "U002", "U003", "F012", "W001")
_MANY, _FEW, _NAMED, _WIDTH = 20, 3, 14, 100
_NAME = re.compile(r"`([^`]+)`")


def group(seen: Sequence[Problem | Finding], *, show_all: bool) -> Iterator[str]:
    """Yield each finding; where many are about partners, of each class the first, and a count."""
    problems = [one.problem if isinstance(one, Finding) else one for one in seen]
    classes: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.code in _ABOUT_PARTNERS:
            classes.setdefault(problem.code, []).append(problem)
    is_much = not show_all and sum(map(len, classes.values())) > _MANY
    for one, problem in zip(seen, problems, strict=True):
        alike: Sequence[Problem] = classes.get(problem.code, ()) if is_much else ()
        if len(alike) <= _FEW:
            yield str(one)
        elif problem is alike[0]:
            yield str(one)
            yield _rest(alike[1:])


def _rest(alike: Sequence[Problem]) -> str:
    named = [found for one in alike for found in _NAME.findall(one.message)[:1]]
    names = list(dict.fromkeys(named))
    more = ", …" if len(names) > _NAMED else ""
    told = ", ".join(names[:_NAMED])
    text = f"et {len(alike)} autres {alike[0].code}, que --all montre{NBSP}: {told}{more}"
    return textwrap.fill(
        text, _WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
    )
