"""A project read as `check` reads it, with what an editor has not saved."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from iscg_rules.errors import IscgError, Noted, Problem
from iscg_rules.model.cases import Case, read_cases
from iscg_rules.model.files import find_files, read_files
from iscg_rules.model.guarantees import GuaranteeSet, read_guarantees
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.reading.document_paths import overlaid_root
from iscg_rules.reading.documents import without_cascade
from iscg_rules.reading.territories import Layout

__all__ = ["ProjectReader", "Reading"]


@dataclass(frozen=True)
class Reading:
    """All that stands in the files of one territory, and what is wrong with it."""

    problems: tuple[Problem, ...]
    rule_set: RuleSet | None = None
    directory: Directory | None = None
    promises: GuaranteeSet | None = None
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True)
class ProjectReader:
    """Reads one project again and again; a file whose bytes are the same is not parsed again."""

    rules: Path
    _kept: MutableMapping[str, tuple[bytes, object]] = field(default_factory=dict)
    # By territory: what the cases were read from, what came out, and what was wrong.
    _cases: MutableMapping[str | None, tuple[object, tuple[Case, ...], list[Problem]]] = field(
        default_factory=dict
    )

    def read(self, territory: str | None, texts: Mapping[str, str]) -> Reading:
        """Read everything of a territory, in the place of `check`; never raises for what is wrong.

        Args:
            territory: its name; None where there is none.
            texts: what stands in open files, by absolute name.
        """
        try:
            return self._read(territory, texts)
        except IscgError as error:
            return Reading(error.problems)

    def _read(self, territory: str | None, texts: Mapping[str, str]) -> Reading:
        problems = Noted()
        folder = overlaid_root(self.rules, texts, self._kept)
        layout = find_files(folder, None, territory, problems)
        rule_set, directory = read_files(layout, problems)
        noted = Noted()
        words, facts = rule_set.vocabulary, tuple(rule_set.facts)
        promises = read_guarantees(layout.folders(), words, facts, noted)
        cases, wrong = self._read_cases(territory, layout, rule_set, texts)
        noted.extend(wrong)
        problems += without_cascade(noted, problems)
        return Reading(IscgError(problems).problems, rule_set, directory, promises, cases)

    def _read_cases(
        self, territory: str | None, layout: Layout, rule_set: RuleSet, texts: Mapping[str, str]
    ) -> tuple[tuple[Case, ...], list[Problem]]:
        """Read the cases, unless they are read already: half of the time goes there."""
        paths = [path for folder, _ in layout.folders() for path in folder.glob("cases/*.yaml")]
        words, rules = rule_set.vocabulary, frozenset(rule_set.rules)
        written = [(path.as_posix(), texts.get(path.as_posix()) or _state(path)) for path in paths]
        now = (words, rules, written)
        before, cases, wrong = self._cases.get(territory, (None, (), []))
        if before != now:
            wrong = Noted()
            cases = read_cases(layout.folders(), words, rules, wrong)
            self._cases[territory] = (now, cases, wrong)
        return cases, wrong


def _state(path: Path) -> tuple[int, int]:
    """Tell a file on the disk from itself as it was."""
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size
