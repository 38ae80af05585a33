"""What the rules propose for many situations, counted, with small counts hidden."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from iscg_rules.batch.files.file_streams import ROW, Tally, Work
from iscg_rules.batch.files.numbered_rows import NumberedRows
from iscg_rules.errors import IscgError, Problem
from iscg_rules.language.vocabulary import Vocabulary
from iscg_rules.model.rules import URGENCIES
from iscg_rules.reports.counting import (
    ELSEWHERE,
    NOT_SAID,
    CountedAnswers,
    Months,
    Zones,
    flags,
    together,
)
from iscg_rules.reports.protection import (
    Margin,
    ShownCounts,
    group_small,
    protect_cross,
    protect_lines,
    protect_margins,
)
from iscg_rules.reports.results import Counted, Cross, CrossLine, Line, OneWay, Report
from iscg_rules.reports.samples.shares import SITUATIONS

__all__ = ["BY", "Reporter", "check_rows", "counted_of", "partition_names"]

# How situations are counted when the rules do not say `report_by`.
BY = ("role", "violence_context")
NO_ORIENTATION, NONE = "no_orientation", "none"
_LABELS = {
    "now": "maintenant",
    "today": "aujourd’hui",
    "week": "cette semaine",
    "planned": "à prévoir",
    NO_ORIENTATION: "aucune orientation certaine",
    NOT_SAID: "non précisé",
    ELSEWHERE: "hors du territoire",
}
_Int = npt.NDArray[np.int64]


class Reporter:
    """Counts chunk after chunk; memory grows with the vocabulary, not with the rows."""

    def __init__(self, work: Work, by: Iterable[str] = BY) -> None:
        self._work = work
        self._vocabulary = work.engine.rule_set.vocabulary
        self._zones = Zones.of(self._vocabulary)
        questions = self._vocabulary.attributes.values()
        one_of = [question.id for question in questions if question.type == "one_of"]
        self._by = tuple(name for name in by if name in one_of)
        self._kinds = tuple(self._vocabulary.kinds)
        attributes = self._vocabulary.attributes
        self._families = tuple(name for name in SITUATIONS if name in attributes)
        self._situations = {
            key: text.fr
            for name in self._families
            for key, text in attributes[name].choices.items()
        }
        self._tally = Tally()
        self._months = Months()
        self._sums: dict[str, _Int] = {}

    def add(self, rows: NumberedRows) -> None:
        """Count what comes of one chunk.

        Raises:
            IscgError: B001 to B003 when the chunk has no columns that can be read.
        """
        done = self._work.do(rows)
        self._tally.add(done)
        kept = np.isin(rows.numbers, done.table.column(ROW).to_numpy())
        answers = CountedAnswers.read(rows.table.filter(pa.array(kept)), self._vocabulary)
        self._months.add(answers.bound)
        self._count(answers, done.table)

    def _count(self, answers: CountedAnswers, results: pa.Table) -> None:
        kinds = flags(results.column("kinds"), self._kinds)
        gaps = flags(results.column("gaps"), self._kinds)
        urgencies = flags(results.column("urgency"), URGENCIES)
        # The list is in order: the most pressing urgency that a row has.
        nothing = ~urgencies.any(axis=1, keepdims=True)
        first = np.argmax(np.hstack([urgencies, nothing]), axis=1)
        zones = np.eye(len(self._zones.ids) + 2, dtype=np.bool_)[answers.zones(self._zones)]
        self._sum("urgency", np.bincount(first, minlength=len(URGENCIES) + 1))
        self._sum("kinds", kinds.sum(axis=0))
        self._sum("gaps", gaps.sum(axis=0))
        self._sum("no_gap", np.array([(~gaps.any(axis=1)).sum()]))
        self._sum("areas", zones.sum(axis=0))
        self._sum("gaps_by_area", together(gaps, zones))
        self._sum("gaps_by_gap", together(gaps, gaps))
        for name in self._by:
            size = len(self._vocabulary.attributes[name].values) + 1
            self._sum(name, np.bincount(answers.one_of(name), minlength=size))
        if self._situations:
            held = np.hstack([answers.many_of(name) for name in self._families])
            self._sum("situations", held.sum(axis=0))
            self._sum("no_situation", np.array([(~held.any(axis=1)).sum()]))
            self._sum("situations_by_kind", together(held, kinds))

    def _sum(self, name: str, counts: npt.NDArray[np.integer]) -> None:
        self._sums[name] = self._sums.get(name, 0) + counts.astype(np.int64)

    def report(self, *, threshold: int, rules: str, territory: str | None) -> Report:
        """Return what may be published.

        Args:
            threshold: counts above zero and below it are hidden, and others with them.
            rules: a digest of the files of rules and partners.
            territory: what to call the territory.

        Raises:
            IscgError: B030 when there are fewer rows than the threshold.
        """
        rows = self._tally.written
        check_rows(rows, threshold)
        shown = protect_margins(self._margins(), rows, threshold)
        tables = dict(self._one_way(shown))
        area, groups = self._areas(threshold)
        tables["areas"] = area
        crosses = {}
        if len(groups) > 1:
            crosses["gaps_by_area"] = self._gaps_by_area(area, groups, shown["gaps"], threshold)
        if self._situations:
            crosses["situations_by_kind"] = self._situations_by_kind(shown, threshold)
        counted = counted_of(self._tally, self._months, threshold)
        return Report(counted, rules, territory, tables, crosses)

    def _margins(self) -> dict[str, Margin]:
        urgencies = self._named("urgency", (*URGENCIES, NO_ORIENTATION))
        margins = {
            name: Margin(
                self._named(name, partition_names(self._vocabulary, name)), is_partition=True
            )
            for name in self._by
        }
        margins["urgency"] = Margin(urgencies, is_partition=True)
        if self._situations:
            none = Margin(self._named("no_situation", (NONE,)), is_partition=False)
            situations = self._named("situations", tuple(self._situations))
            margins["no_situation"] = none
            margins["situations"] = Margin(
                situations, is_partition=False, none=("no_situation", NONE)
            )
        kinds = self._named("kinds", self._kinds)
        margins["kinds"] = Margin(kinds, is_partition=False, none=("urgency", NO_ORIENTATION))
        margins["no_gap"] = Margin(self._named("no_gap", (NONE,)), is_partition=False)
        gaps = self._named("gaps", self._kinds)
        margins["gaps"] = Margin(gaps, is_partition=False, none=("no_gap", NONE), inside="kinds")
        return margins

    def _named(self, table: str, names: Sequence[str]) -> dict[str, int]:
        return dict(zip(names, self._sums[table].tolist(), strict=True))

    def _one_way(self, shown: Mapping[str, ShownCounts]) -> Iterable[tuple[str, OneWay]]:
        words = self._vocabulary.attributes
        kinds = {name: kind.label.fr for name, kind in self._vocabulary.kinds.items()}
        for name in self._by:
            labels = {key: text.fr for key, text in words[name].choices.items()}
            yield name, _table(name, words[name].label.fr, shown[name], labels, is_partition=True)
        title = "Délai de l’orientation la plus pressante"
        yield "urgency", _table("urgency", title, shown["urgency"], {}, is_partition=True)
        if self._situations:
            labels = {**self._situations, NONE: "aucun type coché, ou non précisé"}
            counts = {**shown["situations"], **shown["no_situation"]}
            yield "situations", _table("situations", "Types de situation", counts, labels)
        yield "kinds", _table("kinds", "Orientations proposées", shown["kinds"], kinds)
        labels = {**kinds, NONE: "aucun besoin sans partenaire"}
        counts = {**shown["gaps"], **shown["no_gap"]}
        yield "gaps", _table("gaps", "Besoins sans partenaire", counts, labels)

    def _areas(self, threshold: int) -> tuple[OneWay, list[list[int]]]:
        counts = self._sums["areas"].tolist()
        ids = (*self._zones.ids, ELSEWHERE, NOT_SAID)
        labels = (*self._zones.labels, _LABELS[ELSEWHERE], "commune non précisée")
        groups = group_small(counts, threshold)
        lines = []
        for group in groups:
            names = ", ".join(labels[place] for place in group)
            text = names if len(group) == 1 else f"regroupés\u00a0: {names}"
            count = sum(counts[place] for place in group)
            lines.append(Line("+".join(ids[place] for place in group), text, count))
        empty = [place for place in range(len(self._zones.ids)) if not counts[place]]
        nobody = [Line(ids[place], labels[place], 0) for place in empty]
        return OneWay("areas", "Secteurs", (*lines, *nobody), is_partition=True), groups

    def _gaps_by_area(
        self, area: OneWay, groups: list[list[int]], gaps: ShownCounts, threshold: int
    ) -> Cross:
        columns = area.lines[: len(groups)]
        sums = self._sums["gaps_by_area"]
        lines = {
            name: [int(sums[place, group].sum()) for group in groups]
            for place, name in enumerate(self._kinds)
            if gaps[name]
        }
        both = self._sums["gaps_by_gap"]
        place = {name: number for number, name in enumerate(self._kinds)}
        # Whoever knows the rules may know that one need never comes without another.
        within = [
            (one, other)
            for one in lines
            for other in lines
            if one != other and both[place[one], place[other]] == both[place[one], place[one]]
        ]
        totals = [line.count or 0 for line in columns]
        kept = protect_lines(lines, totals, self._tally.written, threshold, within)
        cross_lines = tuple(
            CrossLine(name, self._vocabulary.kinds[name].label.fr, sum(lines[name]), tuple(counts))
            for name, counts in kept.items()
        )
        title = "Besoins sans partenaire, par secteur"
        return Cross("gaps_by_area", title, columns, cross_lines, is_partition=True)

    def _situations_by_kind(self, shown: Mapping[str, ShownCounts], threshold: int) -> Cross:
        sums = self._sums["situations_by_kind"]
        counts = {
            situation: dict(zip(self._kinds, sums[place].tolist(), strict=True))
            for place, situation in enumerate(self._situations)
        }
        lines = {name: count for name, count in shown["situations"].items() if count}
        columns = {name: count for name, count in shown["kinds"].items() if count}
        kept = protect_cross(counts, lines, columns, self._tally.written, threshold)
        cross_lines = tuple(
            CrossLine(name, self._situations[name], lines[name], tuple(cells.values()))
            for name, cells in kept.items()
        )
        kinds = self._vocabulary.kinds
        heads = tuple(Line(name, kinds[name].label.fr, count) for name, count in columns.items())
        title = "Orientations proposées, par type de situation"
        return Cross("situations_by_kind", title, heads, cross_lines, is_partition=False)


def partition_names(vocabulary: Vocabulary, attribute: str) -> tuple[str, ...]:
    """Name the answers to a question, and that there is none."""
    return (*(value.id for value in vocabulary.attributes[attribute].values), NOT_SAID)


def check_rows(rows: int, threshold: int) -> None:
    """Refuse to count so few rows that even their number would be small.

    Raises:
        IscgError: B030.
    """
    if rows < threshold:
        text = f"il y a moins de {threshold} situations à compter"
        aid = "rien n'est publié de si peu de situations ; réunissez une période plus longue"
        raise IscgError([Problem("B030", text, help=aid)])


def counted_of(tally: Tally, months: Months, threshold: int) -> Counted:
    """Say which rows were counted."""
    return Counted(
        tally.written,
        tally.rejected,
        dict(sorted(tally.codes.items())),
        months.first,
        months.last,
        threshold,
        version("iscg-rules"),
    )


def _table(
    name: str,
    title: str,
    counts: ShownCounts,
    labels: Mapping[str, str],
    *,
    is_partition: bool = False,
) -> OneWay:
    words = {**_LABELS, **labels}
    lines = tuple(Line(key, words[key], count) for key, count in counts.items())
    return OneWay(name, title, lines, is_partition)
