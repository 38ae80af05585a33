"""Everything that authors wrote for one post, read in one go: rules, partners, promises, cases."""

from dataclasses import dataclass

from iscg_rules.errors import Noted, Problem
from iscg_rules.model.cases import Case, read_cases
from iscg_rules.model.files import read_files
from iscg_rules.model.guarantees import GuaranteeSet, read_guarantees
from iscg_rules.model.partners import Directory
from iscg_rules.model.rules import RuleSet
from iscg_rules.model.written_communes import find_wrong_codes
from iscg_rules.reading.documents import without_cascade
from iscg_rules.reading.territories import Layout

__all__ = ["WrittenProject", "read_project"]


@dataclass(frozen=True)
class WrittenProject:
    """What could be read; `wrong`: what is wrong with that on which no recommendation leans."""

    rule_set: RuleSet
    directory: Directory
    guarantees: GuaranteeSet
    cases: tuple[Case, ...]
    wrong: Noted


def read_project(
    layout: Layout, problems: list[Problem], same_cases: WrittenProject | None = None
) -> WrittenProject:
    """Read all files of a layout; what is wrong is left out.

    Args:
        layout: the files.
        problems: where everything wrong with rules and partners is noted.
        same_cases: what was read, without any problem, of other files with the same cases.
    """
    rule_set, directory = read_files(layout, problems)
    words, facts = rule_set.vocabulary, tuple(rule_set.facts)
    noted = Noted()
    guarantees = read_guarantees(layout.folders(), words, facts, noted)
    if same_cases is not None and _reads_the_same(same_cases, rule_set):
        cases = same_cases.cases
    else:
        cases = read_cases(layout.folders(), words, frozenset(rule_set.rules), noted)
    wrong = Noted(find_wrong_codes(layout.territories))
    wrong.extend(without_cascade(noted, problems))
    return WrittenProject(rule_set, directory, guarantees, cases, wrong)


def _reads_the_same(before: WrittenProject, rule_set: RuleSet) -> bool:
    """Tell whether cases that were read in other words read the same in these.

    What was wrong with them must be told again, and a case may name a rule that is gone.
    """
    if before.wrong or before.rule_set.vocabulary != rule_set.vocabulary:
        return False
    return before.rule_set.rules.keys() <= rule_set.rules.keys()
