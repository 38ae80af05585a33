"""The same situations under other rules: what would have changed, counted, small counts hidden."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from iscg_rules.batch.columns.column_checks import AT
from iscg_rules.batch.files.cell_decoding import Refused, list_names
from iscg_rules.batch.files.file_streams import ROW, Done, Tally, Work
from iscg_rules.batch.files.numbered_rows import NumberedRows
from iscg_rules.language.vocabulary import Attribute, Vocabulary, variable_of
from iscg_rules.model.rules import URGENCIES
from iscg_rules.reports.counting import (
    CountedAnswers,
    Flags,
    Months,
    entries,
    flags,
    places,
    together,
)
from iscg_rules.reports.protection import (
    Margin,
    ShownCounts,
    group_small,
    protect_lines,
    protect_margins,
)
from iscg_rules.reports.report import BY, check_rows, counted_of, partition_names
from iscg_rules.reports.results import VERSION, Cross, CrossLine, Line, OneWay, Replay

__all__ = ["CLASSES", "Replayer", "merge_vocabularies"]

# What may change for a row, in the order in which it is told.
CLASSES: Mapping[str, str] = {
    "gained": "orientation gagnée",
    "lost": "orientation perdue",
    "earlier": "délai plus proche",
    "later": "délai plus lointain",
    "partner": "autre partenaire",
    "excluded": "orientation exclue, ne l’était pas",
    "no_longer_excluded": "orientation qui n’est plus exclue",
}
_NOT_SAID = "non précisé"


def merge_vocabularies(old: Vocabulary, new: Vocabulary) -> Vocabulary:
    """Return a vocabulary in which a table for either can be read; the newer words win."""
    attributes = dict(new.attributes)
    for name, attribute in old.attributes.items():
        mine = attributes.setdefault(name, attribute)
        if mine.type == attribute.type:
            known = {value.id for value in mine.values}
            more = [value for value in attribute.values if value.id not in known]
            attributes[name] = mine.model_copy(update={"values": (*mine.values, *more)})
    kinds = {**new.kinds, **old.kinds, **new.kinds}
    return Vocabulary(attributes, kinds, new.areas, new.home, new.sources, new.station)


class Replayer:
    """Counts chunk after chunk what changes between two sets of rules."""

    def __init__(self, old: Work, new: Work, by: Iterable[str] = BY) -> None:
        self._works = (old, new)
        first, second = (work.engine.rule_set.vocabulary for work in self._works)
        self.vocabulary: Final = merge_vocabularies(first, second)
        questions = self.vocabulary.attributes.values()
        one_of = [question.id for question in questions if question.type == "one_of"]
        self._by = tuple(name for name in by if name in one_of)
        self._kinds = tuple(self.vocabulary.kinds)
        partners = {name for work in self._works for name in work.engine.directory.partners}
        self._partners = tuple(sorted(partners))
        self._tally = Tally()
        self._months = Months()
        self._unchanged = 0
        self._classes = np.zeros(len(CLASSES), np.int64)
        self._by_kind = np.zeros((len(CLASSES), len(self._kinds)), np.int64)
        self._by_answer = {
            name: np.zeros((len(CLASSES), self._size(name)), np.int64) for name in self._by
        }
        self._answers = {name: np.zeros(self._size(name), np.int64) for name in self._by}

    def _size(self, attribute: str) -> int:
        return len(partition_names(self.vocabulary, attribute))

    def add(self, rows: NumberedRows) -> None:
        """Compare what both sets of rules make of one chunk; a row that one refuses is left out.

        Raises:
            IscgError: B001 to B003 when the chunk has no columns that can be read.
        """
        done = [work.do(_told(rows, work.engine.rule_set.vocabulary)) for work in self._works]
        numbers = [side.table.column(ROW).to_numpy() for side in done]
        both = np.intersect1d(*numbers)
        common = [
            side.table.filter(pa.array(np.isin(mine, both)))
            for side, mine in zip(done, numbers, strict=True)
        ]
        refused = sorted({*done[0].refused, *done[1].refused})
        self._tally.add(Done(common[0], refused, rows.count))
        kept = rows.table.filter(pa.array(np.isin(rows.numbers, both)))
        answers = CountedAnswers.read(kept, self.vocabulary)
        self._months.add(answers.bound)
        self._count(answers, self._changes(*common))

    def _changes(self, old: pa.Table, new: pa.Table) -> list[Flags]:
        """Return, for each class, which kinds of which rows are in it: rows x kinds."""
        urgency = [self._spread(side, "urgency", URGENCIES) for side in (old, new)]
        partner = [self._spread(side, "partner", self._partners) for side in (old, new)]
        excluded = [flags(side.column("excluded"), self._kinds) for side in (old, new)]
        before, after = (side >= 0 for side in urgency)
        stays = before & after
        return [
            after & ~before,
            before & ~after,
            stays & (urgency[1] < urgency[0]),
            stays & (urgency[1] > urgency[0]),
            stays & (partner[0] != partner[1]),
            excluded[1] & ~excluded[0],
            excluded[0] & ~excluded[1],
        ]

    def _spread(self, table: pa.Table, name: str, words: tuple[str, ...]) -> npt.NDArray[np.intp]:
        """Return the place of what stands beside each kind; -1 where the kind is not there."""
        rows, kinds = entries(table.column("kinds"), self._kinds)
        flat = pc.list_flatten(table.column(name))
        spread = np.full((table.num_rows, len(self._kinds)), -1, np.intp)
        spread[rows, kinds] = places(flat, words, len(rows))
        return spread

    def _count(self, answers: CountedAnswers, changes: list[Flags]) -> None:
        rows = np.stack([change.any(axis=1) for change in changes], axis=1)
        self._classes += rows.sum(axis=0)
        self._unchanged += int((~rows.any(axis=1)).sum())
        self._by_kind += np.stack([change.sum(axis=0) for change in changes])
        for name in self._by:
            size = self._size(name)
            held = np.eye(size, dtype=np.bool_)[answers.one_of(name)]
            self._answers[name] += held.sum(axis=0)
            self._by_answer[name] += together(rows, held)

    def replay(self, *, threshold: int, old: str, new: str) -> Replay:
        """Return what may be published.

        Args:
            threshold: counts above zero and below it are hidden, and others with them.
            old: a digest of the rules and partners before.
            new: the same, after.

        Raises:
            IscgError: B030 when there are fewer rows than the threshold.
        """
        rows = self._tally.written
        check_rows(rows, threshold)
        none = Margin({"unchanged": self._unchanged}, is_partition=False)
        counts = dict(zip(CLASSES, self._classes.tolist(), strict=True))
        classes = Margin(counts, is_partition=False, none=("all", "unchanged"))
        shown = protect_margins({"all": none, "classes": classes}, rows, threshold)
        lines = tuple(Line(k, CLASSES[k], count) for k, count in shown["classes"].items())
        return Replay(
            version=VERSION,
            counted=counted_of(self._tally, self._months, threshold),
            old=old,
            new=new,
            unchanged=shown["all"]["unchanged"],
            classes=OneWay("classes", "Ce qui change, par situation", lines, is_partition=False),
            kinds=self._kinds_by_class(shown["classes"], threshold),
            by=tuple(
                cross
                for name in self._by
                if (cross := self._class_by_answer(name, shown["classes"], threshold))
            ),
        )

    def _kinds_by_class(self, classes: ShownCounts, threshold: int) -> Cross:
        """Return, for each class, the orientations that are in it."""
        by_class: dict[str, ShownCounts] = {}
        for place, name in enumerate(CLASSES):
            rows = classes[name]
            if rows:
                counts = dict(zip(self._kinds, self._by_kind[place].tolist(), strict=True))
                margin = Margin(counts, is_partition=False, is_covering=True)
                by_class[name] = protect_margins({"kinds": margin}, rows, threshold)["kinds"]
        concerned = [
            kind for kind in self._kinds if any(counts[kind] != 0 for counts in by_class.values())
        ]
        heads = tuple(Line(k, self.vocabulary.kinds[k].label.fr, None) for k in concerned)
        lines = tuple(
            CrossLine(name, CLASSES[name], classes[name] or 0, tuple(counts[k] for k in concerned))
            for name, counts in by_class.items()
        )
        title = "Les orientations qui changent"
        return Cross("classes_by_kind", title, heads, lines, is_partition=False)

    def _class_by_answer(self, name: str, classes: ShownCounts, threshold: int) -> Cross | None:
        counts = self._answers[name].tolist()
        groups = group_small(counts, threshold)
        if len(groups) < 2:  # noqa: PLR2004 # one class alone crosses nothing
            return None
        words = self.vocabulary.attributes[name].choices
        names = partition_names(self.vocabulary, name)
        labels = [*(text.fr for text in words.values()), _NOT_SAID]
        heads = tuple(
            Line(
                "+".join(names[place] for place in group),
                ", ".join(labels[place] for place in group),
                sum(counts[place] for place in group),
            )
            for group in groups
        )
        sums = self._by_answer[name]
        lines = {
            key: [int(sums[place, group].sum()) for group in groups]
            for place, key in enumerate(CLASSES)
            if classes[key]
        }
        totals = [head.count or 0 for head in heads]
        kept = protect_lines(lines, totals, self._tally.written, threshold)
        cross_lines = tuple(
            CrossLine(key, CLASSES[key], sum(lines[key]), tuple(cells))
            for key, cells in kept.items()
        )
        title = f"Ce qui change, par {self.vocabulary.attributes[name].label.fr.lower()}"
        return Cross(f"classes_by_{name}", title, heads, cross_lines, is_partition=True)


def _told(rows: NumberedRows, vocabulary: Vocabulary) -> NumberedRows:
    """Return only what a vocabulary can be told; a value that it lacks refuses the row."""
    known = {*list_names(vocabulary), AT}
    lacking: list[Refused] = []
    for name in rows.table.column_names:
        attribute = _attribute_of(name, vocabulary)
        if name not in known and attribute is not None:
            is_yes = pc.fill_null(rows.table.column(name), False).to_numpy()  # noqa: FBT003 # Arrow has it so
            lacking += [
                (int(number), name, "A002") for number in rows.numbers[np.flatnonzero(is_yes)]
            ]
    table = rows.table.select([name for name in rows.table.column_names if name in known])
    if not table.num_columns:
        table = pa.table({AT: pa.nulls(rows.table.num_rows, pa.string())})
    return replace(rows, table=table, refused=sorted([*rows.refused, *lacking]))


def _attribute_of(name: str, vocabulary: Vocabulary) -> Attribute | None:
    """Return the attribute that a column of one value belongs to."""
    part_of, is_part, value = name.partition("=")
    attribute = vocabulary.attributes.get(part_of)
    is_named = bool(is_part) and name == variable_of(part_of, value)
    return attribute if is_named and attribute and attribute.type == "many_of" else None
