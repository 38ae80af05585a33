"""What may be written at a place, found by its French label: only what fits there."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import get_args

from pydantic import BaseModel

from iscg_rules.language.vocabulary import STATION, WITHOUT_PARTNER
from iscg_rules.model.closed_words import Already
from iscg_rules.model.grounds import NOTHING
from iscg_rules.plain_letters import plain_letters
from iscg_rules.workshop.author_files import AuthorFile, AuthorFiles
from iscg_rules.workshop.entry_blocks import Entry, EntryBlock, cut_lines
from iscg_rules.workshop.file_keys import INNER, MODELS, SECTIONS
from iscg_rules.workshop.labels import SCALES, label, label_of
from iscg_rules.workshop.lenient_words import Word
from iscg_rules.workshop.meanings import Meaning, condition_at, role_at

__all__ = ["FittingWord", "FittingWords", "offer"]

# Stands where the author is: no file holds it.
_HERE = "\ue000"
_JOINTS = MappingProxyType(
    {
        "all": "tout ce qui suit est vrai",
        "any": "au moins une ligne est vraie",
        "not": "ce qui suit est faux",
        "at_least": "au moins tant de ces lignes sont vraies",
    }
)
_GROUPS = MappingProxyType({"all_of": "toutes ces réponses", "none_of": "aucune de ces réponses"})


@dataclass(frozen=True, slots=True)
class FittingWord:
    """One thing to write: its id, its words, and whether a value follows it."""

    text: str
    label: str
    detail: str = ""
    is_key: bool = False

    @property
    def search(self) -> str:
        """What an author may type for it: the words with and without accents, and the id."""
        return " ".join(dict.fromkeys((self.label, plain_letters(self.label), self.text)))


@dataclass(frozen=True, slots=True)
class FittingWords:
    """What fits at a place, and the columns that it takes the place of."""

    offers: tuple[FittingWord, ...]
    start: int
    end: int


def offer(files: AuthorFiles, file: AuthorFile, line: int, column: int) -> FittingWords:
    """Return what may be written at a place.

    Args:
        files: the whole project.
        file: where the author writes.
        line, column: where the author is, both from 0.
    """
    entry = file.entry_at(line)
    first = entry.first_line if entry else line
    written = file.text.lines[line]
    lines = [*file.text.lines[first:line], written[:column] + _HERE]
    # What stands above is looked at as far as it was written: nothing after it matters.
    head = entry.lines[0] if entry and entry.first_line == line else None
    above = cut_lines(lines)
    here = above[-1] if above else None
    section = entry.section if entry else ""
    if here is not None and head is None and not here.section:
        here = Entry(first, EntryBlock(section, here.block.text))
    word = next((w for w in reversed(here.words) if _HERE in w.text), None) if here else None
    if word is None or not written[:column].startswith((" ", "-")):
        start = min(column, len(written) - len(written.lstrip()))
        return FittingWords(tuple(_sections(file)), start, column)
    assert here is not None
    placed = Entry(first, EntryBlock(section or here.section, here.block.text))
    start = word.start + (written[word.start : word.start + 1] in ('"', "'"))
    asked = _Cursor(files, placed, entry, word)
    taken = {*asked.beside}
    offers = tuple(each for each in asked.offers() if each.text not in taken)
    return FittingWords(offers, start, max(column, start))


def _sections(file: AuthorFile) -> Iterator[FittingWord]:
    for name in SECTIONS[file.kind]:
        if name not in file.sections:
            yield FittingWord(name, name, "une partie du fichier", is_key=True)


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Where the author is: the entry up to there, and the whole of it as it was."""

    files: AuthorFiles
    entry: Entry
    whole: Entry | None
    word: Word

    @property
    def path(self) -> tuple[str | int, ...]:
        """Where a value would stand, or the mapping in which a key would."""
        return self.word.path[:-1] if self.word.is_key else self.word.path

    @property
    def beside(self) -> Iterator[str]:
        """What stands beside it already: keys of the same mapping, items of the same list."""
        words = self.whole.words if self.whole else ()
        is_item = not self.word.is_key and any(isinstance(step, int) for step in self.path[-1:])
        base = self.path[:-1] if is_item else self.path
        for word in words:
            is_here = word.line == self.word.line and word.start <= self.word.start <= word.end
            if not is_here and word.path[:-1] == base and len(word.path) == len(base) + 1:
                yield word.text

    def offers(self) -> Iterator[FittingWord]:
        section = self.entry.section
        place = condition_at(section, self.path)
        if place is not None:
            yield from self._in_condition(place)
        elif section == "cases" and self.path[:1] == ("situation",):
            yield from self._in_answers(self.path[1:])
        elif self.word.is_key:
            yield from self._keys()
        else:
            yield from self._values()
            if self.path == () or (self.path[-1:] and self._model() is not None):
                yield from self._keys()

    def _in_condition(self, place: tuple[str | int, ...]) -> Iterator[FittingWord]:
        if not place:
            yield from self._attributes(Meaning("attribute", STATION))
            yield from self._all("facts", "fact", is_key=True)
            yield from (FittingWord(key, words, key, is_key=True) for key, words in _JOINTS.items())
            return
        yield from self._answers(str(place[0]))
        is_whole = len(place) == 1 and not self.word.is_key
        if self.files.type_of(str(place[0])) == "many_of" and (self.word.is_key or is_whole):
            yield from (FittingWord(key, words, key, is_key=True) for key, words in _GROUPS.items())

    def _in_answers(self, steps: tuple[str | int, ...]) -> Iterator[FittingWord]:
        if not steps:
            yield from self._attributes()
        elif self.files.type_of(str(steps[0])) == "commune":
            for entry in self.files.entries("areas"):
                codes = entry.listed("communes")
                if len(codes) == 1:
                    yield FittingWord(f'"{codes[0]}"', label_of(entry) or codes[0], codes[0])
        else:
            yield from self._answers(str(steps[0]))

    def _attributes(self, *but: Meaning) -> Iterator[FittingWord]:
        unwanted = {meaning.id for meaning in but}
        for each in self._all("attributes", "attribute", is_key=True):
            if each.text not in unwanted:
                yield each

    def _answers(self, attribute: str) -> Iterator[FittingWord]:
        kind = self.files.type_of(attribute)
        if kind in (None, "yes_no"):
            # A fact is yes or no, too.
            yield from (FittingWord("yes", "oui", "yes"), FittingWord("no", "non", "no"))
        elif kind == "commune":
            yield from self._all("areas", "area")
        else:
            found = self.files.definition(Meaning("attribute", attribute))
            for path, text in found.entry.texts.items() if found else ():
                if path[:1] == ("values",) and path[-1] == "id":
                    words = found.entry.text(*path[:-1], "label", "fr") if found else None
                    yield FittingWord(text, words or text, text)

    def _all(self, section: str, role: str, *, is_key: bool = False) -> Iterator[FittingWord]:
        for entry in self.files.entries(section):
            name = entry.id or ""
            words = label(self.files, Meaning(role, name)) or name
            yield FittingWord(name, words, name, is_key=is_key)

    def _model(self) -> type[BaseModel] | None:
        """Return what the mapping holds in which a key would stand."""
        names = [step for step in self.path if isinstance(step, str)]
        if not names:
            return MODELS.get(self.entry.section)
        return INNER.get(names[-1])

    def _keys(self) -> Iterator[FittingWord]:
        if role_at(self.entry.section, (*self.path, ""), is_key=True) == "kind":
            yield from self._all("kinds", "kind", is_key=True)
            return
        model = self._model()
        for name, field in model.model_fields.items() if model else ():
            key = field.alias or name
            yield FittingWord(key, key, "obligatoire" if field.is_required() else "", is_key=True)

    def _values(self) -> Iterator[FittingWord]:
        section, role = self.entry.section, role_at(self.entry.section, self.path, is_key=False)
        match role:
            case "urgency" | "strength" | "for":
                yield from self._scale(role)
            case "ground":
                yield FittingWord(NOTHING.id, NOTHING.label.fr, NOTHING.id)
                yield from self._grounds()
            case "kind":
                kinds = self._all("kinds", "kind")
                yield from (each for each in kinds if self._may_offer(section, each.text))
            case "partner":
                yield from self._serving(str(self.path[-1]))
            case "source" | "area" | "attribute" | "rule":
                yield from self._all(f"{role}s", role)
            case _:
                yield from self._listed()

    def _may_offer(self, section: str, kind: str) -> bool:
        """Tell whether a kind fits: a partner offers what a partner can."""
        found = self.files.definition(Meaning("kind", kind)) if section == "partners" else None
        return found is None or found.entry.text("nature") not in WITHOUT_PARTNER

    def _listed(self) -> Iterator[FittingWord]:
        """Yield the words of a key that takes only some, as `type` and `fixed` do."""
        match (self.entry.section, *self.path):
            case ("cases", "already", _):
                yield from (FittingWord(word, word) for word in get_args(Already))
            case (_, "raising" | "changing" as way, "along" | "between", *_):
                name = self.whole.text(way, "attribute") if self.whole else None
                yield from self._answers(name) if name else ()
        model, key = self._owner()
        field = model.model_fields.get(key) if model else None
        if field is None or model is None:
            return
        schema = model.model_json_schema(by_alias=True)["properties"].get(field.alias or key, {})
        options = [schema, *schema.get("anyOf", ())]
        for option in options:
            for word in (*option.get("enum", ()), *filter(None, [option.get("const")])):
                yield FittingWord(str(word), str(word))

    def _owner(self) -> tuple[type[BaseModel] | None, str]:
        names = [step for step in self.path if isinstance(step, str)]
        if not names:
            return None, ""
        inner = INNER.get(names[-2]) if len(names) > 1 else MODELS.get(self.entry.section)
        return inner, names[-1]

    def _grounds(self) -> Iterator[FittingWord]:
        """Yield the grounds on which the kind beside may be told."""
        kind = self.whole.text(*self.path[:-1], "to") if self.whole else None
        found = self.files.definition(Meaning("kind", kind)) if kind else None
        nature = found.entry.text("nature") if found else None
        for entry in self.files.entries("grounds"):
            kinds = entry.listed("kinds")
            natures = entry.listed("natures")
            if (nature is None or nature in natures) and (not kinds or kind in kinds):
                yield FittingWord(entry.id or "", label_of(entry) or "", entry.id or "")

    def _scale(self, scale: str) -> Iterator[FittingWord]:
        for word in SCALES[scale]:
            yield FittingWord(
                word, label(self.files, Meaning("scale", f"{scale}={word}")) or word, word
            )

    def _serving(self, kind: str) -> Iterator[FittingWord]:
        for entry in self.files.entries("partners"):
            if kind in entry.listed("offers"):
                yield FittingWord(entry.id or "", label_of(entry) or "", entry.id or "")
