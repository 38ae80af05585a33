"""What stands beside the text: French labels, what can be done with a rule, the list of entries."""

from collections.abc import Iterator

from lsprotocol.types import (
    CodeLens,
    Command,
    DocumentSymbol,
    InlayHint,
    InlayHintKind,
    Range,
    SymbolKind,
)

from iscg_rules.workshop.author_files import AuthorFile, AuthorFiles
from iscg_rules.workshop.labels import label, label_of
from iscg_rules.workshop.meanings import find_meaning
from iscg_rules.workshop.session import Proven

__all__ = ["CASES", "PROVE", "TRY", "find_hints", "find_lenses", "find_symbols"]

TRY, PROVE, CASES = "iscg-rules.try", "iscg-rules.prove", "iscg-rules.cases"
_NBSP = "\u00a0"
_LONGEST = 48
# Their titles are pages long, or nobody wrote any.
_WITHOUT = frozenset({"source", "rule", "case", "guarantee", "impossible"})


def find_hints(files: AuthorFiles, file: AuthorFile, where: Range) -> Iterator[InlayHint]:
    """Yield the French label beside each id that is named in a part of a file."""
    for entry in file.between(where.start.line, where.end.line):
        for word in entry.words:
            meaning = find_meaning(entry, word, files.type_of)
            if meaning is None or meaning.is_definition or meaning.role in _WITHOUT:
                continue
            text = label(files, meaning)
            if text and text != word.text:
                at = file.text.position(entry.first_line + word.line, word.end)
                yield InlayHint(at, _short(text), kind=InlayHintKind.Type, padding_left=True)


def find_lenses(file: AuthorFile, proven: Proven) -> Iterator[CodeLens]:
    """Yield what can be done with each rule, and what is known of it."""
    for entry in file.entries:
        if entry.section not in ("rules", "facts") or entry.id is None:
            continue
        at = file.text.range(entry.first_line, 0, len(file.text.lines[entry.first_line]))
        rule = [entry.id]
        if entry.section == "rules":
            cases = proven.shown.get(entry.id)
            text = "cas" if cases is None else f"{len(cases)} cas"
            yield CodeLens(at, Command(text, CASES, arguments=rule))
            yield CodeLens(at, Command("essayer", TRY, arguments=rule))
            yield CodeLens(at, Command("prouver", PROVE, arguments=rule))
        if proven.share is not None and entry.id in proven.changed:
            yield CodeLens(at, Command(_touched(proven), PROVE, arguments=rule))
        unnoticed = sum(change.id == entry.id for change in proven.unnoticed)
        if unnoticed:
            verb = "changements que ne verrait" if unnoticed > 1 else "changement que ne verrait"
            yield CodeLens(at, Command(f"{unnoticed} {verb} aucun cas", PROVE, arguments=rule))


def _touched(proven: Proven) -> str:
    share = f"{(proven.share or 0) * 100:.1f}".replace(".", ",")
    several = len(proven.changed)
    who = "ce changement touche" if several == 1 else f"vos {several} changements touchent"
    return f"{who} {share}{_NBSP}% des situations"


def find_symbols(file: AuthorFile) -> Iterator[DocumentSymbol]:
    """Yield every entry of a file by its id, with its French words."""
    for entry in file.entries:
        if entry.id is None:
            continue
        last = entry.end_line
        first = file.text.range(entry.first_line, 0, len(file.text.lines[entry.first_line]))
        whole = Range(first.start, file.text.position(last, len(file.text.lines[last])))
        yield DocumentSymbol(entry.id, SymbolKind.Key, whole, first, detail=label_of(entry) or "")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
