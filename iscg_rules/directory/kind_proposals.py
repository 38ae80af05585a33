"""`rules/imports/kinds.yaml`: which words of open data propose which kind of help.

A proposal binds nobody: a person says yes or no to each.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from iscg_rules.directory.records import Record
from iscg_rules.directory.texts import phrase, words_of
from iscg_rules.errors import IscgError, Noted, Place, Problem
from iscg_rules.language.condition_parsing import ConditionReader
from iscg_rules.language.conditions import Condition, all_of
from iscg_rules.language.vocabulary import WITHOUT_PARTNER, Vocabulary
from iscg_rules.reading.binding import Frozen, Id, OneOrMany, OneOrMore, YesNo, bind
from iscg_rules.reading.documents import child, file_label, note_unknown, place_of, read_sections

__all__ = ["KindProposals", "ProposedKind", "load_kind_proposals"]

Phrase = tuple[str, ...]
TextList = OneOrMany[Annotated[str, Field(min_length=1)]]


class KindRule(Frozen):
    """One entry: every key that is given must hold; within one, any of its values."""

    to: Id
    theme: TextList = ()
    type: TextList = ()
    public: TextList = ()
    desk: TextList = ()
    word: TextList = ()
    name: TextList = ()
    not_: TextList = Field(default=(), alias="not")
    shelter: YesNo = False


class ThemeRule(Frozen):
    """The themes of data·inclusion that a kind of help belongs to."""

    kind: Id
    theme: OneOrMore[str]


class PublicRule(Frozen):
    """What a public says of a person, as a condition."""

    public: str
    accepts: Any


@dataclass(frozen=True, slots=True)
class ProposedKind:
    """A kind, what proposes it, and whether its address must stay untold."""

    kind: str
    because: str
    is_shelter: bool


class _Phrases:
    """Finds which of many phrases a list of words holds, in one walk."""

    def __init__(self, phrases: set[Phrase]) -> None:
        self._by_first: dict[str, list[Phrase]] = {}
        for words in sorted(phrases):
            self._by_first.setdefault(words[0], []).append(words)

    def find(self, words: list[str]) -> set[Phrase]:
        """Return the phrases that stand in the words."""
        found: set[Phrase] = set()
        for place, word in enumerate(words):
            for wanted in self._by_first.get(word, ()):
                if tuple(words[place : place + len(wanted)]) == wanted:
                    found.add(wanted)
        return found


class KindProposals:
    """The entries, ready to be asked about one record after another."""

    def __init__(
        self,
        rules: tuple[KindRule, ...],
        accepts: Mapping[str, Any],
        conditions: Mapping[str, Condition],
        themes: Mapping[str, tuple[str, ...]],
        known: frozenset[str],
    ) -> None:
        self._known = known
        self._conditions = dict(conditions)
        self._themes = dict(themes)
        self._rules = [(rule, _phrases(rule)) for rule in rules]
        self._accepts = dict(accepts)
        self._shelters = frozenset(rule.to for rule in rules if rule.shelter)
        every = {words for _, by_key in self._rules for some in by_key.values() for words in some}
        self._phrases = _Phrases(every)
        # Most entries wait for a phrase or a desk; the rest are looked at for every record.
        self._by_phrase: dict[Phrase, list[int]] = {}
        self._of_desks: list[int] = []
        self._wordless: list[int] = []
        for number, (rule, by_key) in enumerate(self._rules):
            wanted = by_key["name"] or by_key["word"]
            if not wanted:
                (self._of_desks if rule.desk else self._wordless).append(number)
            for words in wanted:
                self._by_phrase.setdefault(words, []).append(number)

    def of(self, record: Record) -> tuple[ProposedKind, ...]:
        """Return the kinds that a record may offer, in the order of the file, each once."""
        if record.kinds:
            return tuple(
                ProposedKind(kind, "dit par la source", kind in self._shelters)
                for kind in record.kinds
                if kind in self._known
            )
        name = self._phrases.find(words_of(record.name)) | self._phrases.find(
            words_of(record.organisation)
        )
        text = name | self._phrases.find(words_of(record.text))
        waiting = {number for words in text for number in self._by_phrase.get(words, ())}
        waiting.update(self._wordless, self._of_desks if record.desks else ())
        found: dict[str, ProposedKind] = {}
        for number in sorted(waiting):
            rule, by_key = self._rules[number]
            because = _because(rule, by_key, record, name, text)
            if because is not None:
                known = found.get(rule.to)
                is_shelter = rule.shelter or (known is not None and known.is_shelter)
                found[rule.to] = ProposedKind(
                    rule.to, known.because if known else because, is_shelter
                )
        return tuple(found.values())

    def accepts(self, publics: tuple[str, ...]) -> object:
        """Return the condition that the publics are, or None where everybody may come."""
        if not publics or any(public not in self._accepts for public in publics):
            return None
        conditions = [self._accepts[public] for public in sorted(publics)]
        return conditions[0] if len(conditions) == 1 else {"any": conditions}

    def publics_of(self, condition: Condition | None) -> tuple[str, ...]:
        """Return the publics that a condition is; none where there is no word for it."""
        if condition is None:
            return ("tous-publics",)
        return tuple(public for public, said in self._conditions.items() if said == condition)

    def themes_of(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """Return the themes that kinds of help belong to."""
        return tuple(sorted({theme for kind in kinds for theme in self._themes.get(kind, ())}))


def _phrases(rule: KindRule) -> dict[str, dict[Phrase, str]]:
    by_key = {"word": rule.word, "name": rule.name, "not": rule.not_}
    return {
        key: {words: text for text in texts if (words := phrase(text))}
        for key, texts in by_key.items()
    }


def _because(
    rule: KindRule,
    by_key: Mapping[str, Mapping[Phrase, str]],
    record: Record,
    name: set[Phrase],
    text: set[Phrase],
) -> str | None:
    """Say what of a record meets a rule; None where it is not met."""
    reasons: list[str] = []
    for label, wanted, given in (
        ("thème", rule.theme, record.themes),
        ("type", rule.type, (record.form or "",)),
        ("public", rule.public, record.publics),
        ("guichet", rule.desk, record.desks),
    ):
        if wanted:
            met = [word for word in given if any(map(_fits, [word] * len(wanted), wanted))]
            if not met:
                return None
            reasons.append(f"{label} {met[0]}")
    for key, words in (("name", name), ("word", text)):
        if by_key[key]:
            met = [said for wanted, said in by_key[key].items() if wanted in words]
            if not met:
                return None
            reasons.append(f"mot « {met[0]} »")
    if any(words in text for words in by_key["not"]):
        return None
    return ", ".join(reasons) if reasons else None


def _fits(given: str, wanted: str) -> bool:
    """Tell whether a word is the wanted one, or lies under it: `famille--*`."""
    return given.startswith(wanted[:-1]) if wanted.endswith("*") else given == wanted


def load_kind_proposals(
    rules: Path, vocabulary: Vocabulary, facts: tuple[str, ...]
) -> KindProposals:
    """Read the entries of a folder of rules.

    Raises:
        IscgError: every problem of the file.
    """
    problems = Noted()
    path = rules / "imports" / "kinds.yaml"
    sections = read_sections(
        path, ("kinds", "publics", "themes"), problems, label=file_label(path, rules)
    )
    kinds = [
        rule
        for node in sections["kinds"]
        if (rule := bind(KindRule, node, problems))
        and not note_unknown("V004", rule.to, vocabulary.kinds, place_of(node, "to"), problems)
        and _has_partner(rule, place_of(node, "to"), vocabulary, problems)
    ]
    reader = ConditionReader(vocabulary, facts, problems)
    accepts: dict[str, Any] = {}
    conditions: dict[str, Condition] = {}
    for node in sections["publics"]:
        said = bind(PublicRule, node, problems)
        condition = child(node, "accepts")
        if said and condition is not None:
            conditions[said.public] = reader.read(condition) or all_of(())
            accepts[said.public] = said.accepts
    themes = {
        told.kind: told.theme
        for node in sections["themes"]
        if (told := bind(ThemeRule, node, problems))
        and not note_unknown("V004", told.kind, vocabulary.kinds, place_of(node, "kind"), problems)
    }
    if problems:
        raise IscgError(problems)
    known = frozenset(
        kind.id for kind in vocabulary.kinds.values() if kind.nature not in WITHOUT_PARTNER
    )
    return KindProposals(tuple(kinds), accepts, conditions, themes, known)


def _has_partner(
    rule: KindRule, place: Place, vocabulary: Vocabulary, problems: list[Problem]
) -> bool:
    if vocabulary.kinds[rule.to].nature in WITHOUT_PARTNER:
        problems.append(Problem("P002", f"`{rule.to}` n'a pas de partenaire propre", place))
        return False
    return True
