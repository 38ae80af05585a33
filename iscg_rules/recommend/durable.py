"""The same rules on the Rete network of durable-rules: slower, and a second opinion.

Everything odd about durable-rules 2.0 is dealt with here and nowhere else:

- an event lets only one rule act, so answers are asserted as facts, one a variable;
- `True`, `1` and `"true"` are the same to it, and so are null and present, so a fact holds the
  number of a class of answers and nothing else; an unknown answer is a fact of its own;
- a fact that meets more than about 64 tests writes beyond its stack, and a rule set holds at most
  4,096 actions, so rules are dealt out to many small rule sets;
- joins are limited to 16 facts, so a long alternative is cut into pieces that must all hold;
- no match raises an exception that carries the facts: it is dropped, and never shown;
- an error in an action is swallowed, so an action does nothing that can fail;
- a state that is not deleted is never freed, so each evaluation deletes its own; deleting one that
  no rule ever saw is a crash, so each evaluation begins with a fact that always matches;
- a host starts two endless threads that act on their own, so ours does not;
- it cannot be shared between threads, so one evaluation runs at a time.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from iscg_rules.errors import MissingPackageError
from iscg_rules.language.conditions import Left
from iscg_rules.language.situations import AnswerValue, Situation
from iscg_rules.recommend.bit_tables import CompiledRules, Conjunction, Count, Stage
from iscg_rules.recommend.reference import Evaluation

__all__ = ["DurableEvaluator"]

# Both far below the limits at which durable-rules refuses or breaks.
_MOST_TESTS_OF_A_VARIABLE = 24
_MOST_ACTIONS = 1_000
_MOST_FACTS = 12
_SID = "evaluation"
_BEGIN = MappingProxyType({"begin": 1})

_Pieces = dict[tuple[int, int], Conjunction]


class DurableEvaluator:
    """Evaluates one compiled rule set, one evaluation at a time.

    Raises:
        MissingPackageError: durable-rules is not installed, as on Python 3.13 and later.
    """

    def __init__(self, compiled: CompiledRules) -> None:
        self._compiled = compiled
        self._closed = compiled.closing.closed
        self._dated = compiled.dated
        self._made = _Made.of(compiled)

    def evaluate(self, situation: Situation, day: date | None) -> Evaluation:
        """Tell which rules hold and which are open, as `reference.evaluate` does."""
        closed = self._closed(situation)
        made = self._made
        if made.process != os.getpid():
            # A child forked while another thread evaluated: the lock is held by nobody there, and
            # the networks are half-way.
            made = self._made = _Made.of(self._compiled)
        with made.lock:
            known = dict(closed.values)
            for step, network in made.hidden:
                _add_hidden(step, network, known, closed.left)
            held, possible = made.rules.match(known, closed.left)
        gone = {rule.id for rule in self._dated if not rule.is_in_force(day)}
        fired = sorted(held - gone)
        return Evaluation(tuple(fired), tuple(sorted(possible - held - gone)))


class _Made(NamedTuple):
    """The networks of one process, and whose turn it is."""

    process: int
    lock: threading.Lock
    hidden: "tuple[tuple[Stage | Count, _Network | None], ...]"
    rules: "_Network"

    @classmethod
    def of(cls, compiled: CompiledRules) -> "_Made":
        hidden = tuple(
            (step, None if isinstance(step, Count) else _Network(step)) for step in compiled.hidden
        )
        return cls(os.getpid(), threading.Lock(), hidden, _Network(compiled.rules))


def _add_hidden(
    step: Stage | Count,
    network: "_Network | None",
    known: dict[str, AnswerValue],
    left: Mapping[str, Left],
) -> None:
    if isinstance(step, Count):
        step.add(known)
        return
    assert network is not None
    certain, possible = network.match(known, left)
    for name in step.masks:
        if name in certain:
            known[name] = "yes"
        elif name not in possible:
            known[name] = "no"


class _Network:
    """One stage on durable-rules: pieces of alternatives, dealt out to small rule sets."""

    def __init__(self, stage: Stage) -> None:
        self._owners = stage.owners
        self._class_of = {table.variable: table.class_of for table in stage.tables}
        self._number = {table.variable: place for place, table in enumerate(stage.tables)}
        self._pieces = [len(list(_cut(alternative))) for alternative in stage.alternatives]
        pieces = {
            (place, number): piece
            for place, alternative in enumerate(stage.alternatives)
            for number, piece in enumerate(_cut(alternative))
        }
        self._found: set[tuple[str, int, int]] = set()
        self._host = _quiet_host()
        self._variables: dict[str, tuple[str, ...]] = {}
        for place, part in enumerate(_dealt_out(pieces)):
            name = f"part{place}"
            # The definition is used up by the host: it is made for it alone.
            self._host.register_rulesets({name: self._definition(part)})
            self._variables[name] = tuple({v: None for piece in part.values() for v in piece})

    def match(
        self, known: Mapping[str, AnswerValue], left: Mapping[str, Left]
    ) -> tuple[set[str], set[str]]:
        """Give the owners that certainly hold, and those that are not certainly out.

        Where only some answers of a variable are left, each is tried: an alternative certainly
        holds where it does with all of them, and may hold where it does with one of them, for each
        such variable on its own.
        """
        narrow = {name: sorted(left[name]) for name in self._number if name in left}
        certain, possible = self._found_with(known)
        for name, answers in narrow.items():
            tried = (self._found_with({**known, name: answer})[1] for answer in answers)
            possible = possible.intersection(set().union(*tried))
        for turn in range(max(map(len, narrow.values()), default=0)):
            taken = {name: answers[turn % len(answers)] for name, answers in narrow.items()}
            held, _ = self._found_with({**known, **taken})
            certain = certain & held if turn else held
        owners = self._owners
        return {owners[place] for place in certain}, {owners[place] for place in possible}

    def _found_with(self, known: Mapping[str, AnswerValue]) -> tuple[set[int], set[int]]:
        self._found.clear()
        facts = {
            variable: {f"k{number}": self._class_of[variable](known[variable])}
            if variable in known
            else {f"u{number}": 1}
            for variable, number in self._number.items()
        }
        for name, variables in self._variables.items():
            given = [_BEGIN, *(facts[variable] for variable in variables)]
            self._assert_facts(name, [{**fact, "sid": _SID} for fact in given])
        return self._alternatives("certain"), self._alternatives("possible")

    def _assert_facts(self, name: str, facts: list[dict[str, object]]) -> None:
        not_handled = _engine().MessageNotHandledException
        try:
            for fact in facts:
                with contextlib.suppress(not_handled):
                    self._host.assert_fact(name, fact)
        finally:
            self._host.delete_state(name, _SID)

    def _alternatives(self, mode: str) -> set[int]:
        return {
            place
            for place, count in enumerate(self._pieces)
            if all((mode, place, number) in self._found for number in range(count))
        }

    def _definition(self, part: _Pieces) -> dict[str, Any]:
        definition: dict[str, Any] = {
            "begin": {"all": [{"m0": dict(_BEGIN)}], "run": lambda _: None}
        }
        for (place, number), piece in part.items():
            for mode in ("certain", "possible"):
                tests = [
                    self._test(variable, classes, is_open=mode == "possible")
                    for variable, classes in piece.items()
                ]
                # A test that no answer passes: only an unknown one leaves it open.
                if None not in tests:
                    conjunction = [{f"m{count}": test} for count, test in enumerate(tests)]
                    action = self._action(mode, place, number)
                    definition[f"{mode}{place}-{number}"] = {"all": conjunction, "run": action}
        return definition

    def _test(
        self, variable: str, classes: frozenset[int], *, is_open: bool
    ) -> dict[str, Any] | None:
        number = self._number[variable]
        choices: list[dict[str, Any]] = [{f"k{number}": one} for one in sorted(classes)]
        if is_open:
            choices.append({f"u{number}": 1})
        if not choices:
            return None
        return choices[0] if len(choices) == 1 else {"$or": choices}

    def _action(self, mode: str, place: int, number: int) -> Callable[[object], None]:
        found = self._found

        def note(_closure: object) -> None:
            found.add((mode, place, number))

        return note


def _cut(alternative: Conjunction) -> Iterator[Conjunction]:
    """Cut an alternative into pieces that a join can hold; one without a test has none."""
    tests = sorted(alternative.items())
    for start in range(0, len(tests), _MOST_FACTS):
        yield dict(tests[start : start + _MOST_FACTS])


def _dealt_out(pieces: _Pieces) -> Iterator[_Pieces]:
    """Deal pieces out so that no variable is tested too often in one rule set."""
    part: _Pieces = {}
    tested: dict[str, int] = {}
    for key, piece in pieces.items():
        is_full = any(tested.get(v, 0) >= _MOST_TESTS_OF_A_VARIABLE for v in piece)
        if is_full or 2 * len(part) >= _MOST_ACTIONS:
            yield part
            part, tested = {}, {}
        part[key] = piece
        for variable in piece:
            tested[variable] = tested.get(variable, 0) + 1
    if part:
        yield part


def _engine() -> Any:  # noqa: ANN401 # durable-rules has no types
    try:
        from durable import engine  # noqa: PLC0415 # slow, and absent on newer Pythons
    except ImportError:
        aid = "avec Python 3.11 ou 3.12, et un compilateur C : pip install 'iscg-rules[durable]'"
        text = "l'évaluateur `durable` n'est pas installé ici"
        raise MissingPackageError(text, aid) from None
    return engine


def _quiet_host() -> Any:  # noqa: ANN401 # durable-rules has no types
    engine = _engine()

    class QuietHost(engine.Host):  # type: ignore[misc, name-defined]  # the base has no type
        """A host without its two threads: what is asserted is worked off at once."""

        def _run(self) -> None:
            pass

    return QuietHost()
