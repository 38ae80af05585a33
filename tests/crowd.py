"""Populations made up at random over a tiny vocabulary, and what is published of them."""

import random

import numpy as np

from iscg_rules import Engine
from iscg_rules.batch.files.file_streams import Work
from iscg_rules.batch.files.numbered_rows import NumberedRows
from iscg_rules.reports.counting import Zones, together
from iscg_rules.reports.report import Reporter

RULES = """
attributes:
  - id: role
    type: one_of
    label: {fr: Rôle}
    ask: {fr: Qui ?}
    values: [{id: a, label: {fr: a}}, {id: b, label: {fr: b}}]
    source: {title: x, date: 2020-01, trust: A}
  - id: everyday_situation
    type: many_of
    label: {fr: Situations}
    ask: {fr: Quoi ?}
    values: [{id: s1, label: {fr: s1}}, {id: s2, label: {fr: s2}}, {id: s3, label: {fr: s3}}]
    source: {title: x, date: 2020-01, trust: A}
kinds:
  - {id: k1, category: justice, nature: service, label: {fr: k1}}
  - {id: k2, category: justice, nature: service, label: {fr: k2}}
  - {id: k3, category: justice, nature: service, label: {fr: k3}}
areas:
  - {id: france, label: {fr: France}, everywhere: yes}
"""
RULE = """
rules:
  - id: r1
    when: {role: a}
    orient: [{to: k1, urgency: now, strength: must, sharing: none}]
    because: {fr: Oui.}
    source: {title: x, date: 2020-01, trust: A}
"""


def load_engine(folder):
    """Load the tiny vocabulary; its one rule plays no part."""
    rules = folder / "rules"
    rules.mkdir()
    (rules / "vocabulary.yaml").write_text(RULES, "utf-8")
    (rules / "one.yaml").write_text(RULE, "utf-8")
    (folder / "partners.yaml").write_text("partners: []\n", "utf-8")
    return Engine.load(rules, folder / "partners.yaml")


def draw(rng: random.Random, people: int) -> dict[str, np.ndarray]:
    """Draw a population: areas, roles, situations, orientations, gaps, urgencies."""
    flags = {
        name: np.array([[rng.random() for _ in range(3)] for _ in range(people)])
        < np.array([rng.random() for _ in range(3)])
        for name in ("situations", "kinds", "gaps")
    }
    # Half of the populations have orientations that follow from situations, as with real rules.
    if rng.random() < 0.5:
        flags["kinds"][:, 0] |= flags["situations"][:, 0]
        flags["kinds"][:, 1] = flags["situations"][:, 1]
    flags["gaps"] &= flags["kinds"]
    urgency = np.array([rng.choice([0, 0, 1, 1, 2, 3]) for _ in range(people)])
    urgency[~flags["kinds"].any(axis=1)] = 4
    areas = [min(3, int(rng.expovariate(1.2))) for _ in range(people)]
    roles = [min(2, int(rng.expovariate(1))) for _ in range(people)]
    return {
        **flags,
        "urgency": urgency,
        "areas": np.eye(4, dtype=bool)[areas],
        "role": np.array(roles),
    }


def publish(crowd, engine, threshold):
    """Give the report of a population, as the real one is made."""
    reporter = Reporter(Work(engine), by=("role",))
    reporter._zones = Zones(("z1", "z2"), ("z1", "z2"), {})
    situations, kinds, gaps = crowd["situations"], crowd["kinds"], crowd["gaps"]
    for name, sums in {
        "urgency": np.bincount(crowd["urgency"], minlength=5),
        "kinds": kinds.sum(axis=0),
        "gaps": gaps.sum(axis=0),
        "no_gap": np.array([(~gaps.any(axis=1)).sum()]),
        "areas": crowd["areas"].sum(axis=0),
        "gaps_by_area": together(gaps, crowd["areas"]),
        "gaps_by_gap": together(gaps, gaps),
        "role": np.bincount(crowd["role"], minlength=3),
        "situations": situations.sum(axis=0),
        "no_situation": np.array([(~situations.any(axis=1)).sum()]),
        "situations_by_kind": together(situations, kinds),
    }.items():
        reporter._sum(name, sums)
    reporter._tally.written = len(crowd["urgency"])
    return reporter.report(threshold=threshold, rules="x", territory=None)


def feed(counter, *tables):
    """Let a report or a replay count tables, one chunk each, as rows of one file."""
    first = 1
    for part in tables:
        counter.add(NumberedRows(part, np.arange(first, first + len(part)), [], len(part)))
        first += len(part)
    return counter
