"""What an editor asks about a place or a file, and what it is answered."""

from collections.abc import Sequence
from functools import partial
from itertools import islice

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from iscg_rules.plain_letters import plain_letters
from iscg_rules.workshop import marks
from iscg_rules.workshop.author_files import AuthorFile, NamedWord
from iscg_rules.workshop.author_server import AuthorServer
from iscg_rules.workshop.completions import FittingWord, offer
from iscg_rules.workshop.fixes import find_fixes
from iscg_rules.workshop.labels import describe
from iscg_rules.workshop.renaming import RenameError, check_renamable, rename, straighten
from iscg_rules.workshop.sentences import say
from iscg_rules.workshop.session import Session

__all__ = [
    "complete",
    "describe_word",
    "fewest",
    "find_definition",
    "find_references",
    "format_file",
    "list_actions",
    "list_hints",
    "list_lenses",
    "list_symbols",
    "prepare_rename",
    "rename_id",
]

# Of more, those are offered that fit what is written so far; the next letter asks again.
_MOST_OFFERED = 400


async def describe_word(server: AuthorServer, params: types.HoverParams) -> types.Hover | None:
    """Return what is to be said of the word that somebody points at."""
    at = await server.found(params)
    if at is None:
        return None
    session, found = at
    said = say(session.rule_set, found.meaning)
    text = await server.beside(partial(describe, session.files, found.meaning, said))
    if text is None:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.Hover(content, found.file.text.range(found.line, found.word.start, found.word.end))


async def complete(
    server: AuthorServer, params: types.CompletionParams
) -> types.CompletionList | None:
    """Return what may be written at a place."""
    at = await server.place(params)
    if at is None:
        return None
    session, file, line, column = at
    here = offer(session.files, file, line, column)
    where = file.text.range(line, here.start, here.end)
    offers = fewest(here.offers, file.text.lines[line][here.start : column])
    items = [
        types.CompletionItem(
            each.label,
            detail=each.detail or None,
            filter_text=each.search,
            sort_text=f"{number:04}",
            kind=types.CompletionItemKind.Field if each.is_key else types.CompletionItemKind.Value,
            text_edit=types.TextEdit(where, f"{each.text}: " if each.is_key else each.text),
        )
        for number, each in enumerate(offers)
    ]
    return types.CompletionList(is_incomplete=len(offers) < len(here.offers), items=items)


def fewest(offers: Sequence[FittingWord], written: str) -> Sequence[FittingWord]:
    """Return all that may be written; of very many, some that hold what is written already."""
    if len(offers) <= _MOST_OFFERED:
        return offers
    begun = plain_letters(written).casefold()
    fitting = (each for each in offers if begun in each.search.casefold())
    return tuple(islice(fitting, _MOST_OFFERED))


def _location(found: NamedWord) -> types.Location:
    where = found.file.text.range(found.line, *found.columns)
    return types.Location(found.file.path.as_uri(), where)


async def find_definition(
    server: AuthorServer, params: types.DefinitionParams
) -> types.Location | None:
    """Return where an id is written."""
    at = await server.found(params)
    found = at and at[0].files.definition(at[1].meaning)
    return _location(found) if found else None


async def find_references(
    server: AuthorServer, params: types.ReferenceParams
) -> list[types.Location] | None:
    """Return where an id is named; for a rule, the cases that show it, too."""
    at = await server.found(params)
    if at is None:
        return None
    session, found = at
    shown = session.proven.shown.get(found.meaning.id, ()) if found.meaning.role == "rule" else ()
    with_definition = params.context.include_declaration

    def located() -> list[types.Location]:
        named = session.files.named(found.meaning)
        places = [_location(n) for n in named if with_definition or not n.meaning.is_definition]
        cases = (session.files.case(name) for name in shown)
        return [*places, *(_location(case) for case in cases if case)]

    return await server.written(located)


async def prepare_rename(
    server: AuthorServer, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """Return what a renaming would be about."""
    at = await server.found(params)
    if at is None:
        return None
    try:
        found = check_renamable(at[0].files, at[1])
    except RenameError as error:
        raise JsonRpcInvalidParams(str(error)) from None
    where = found.file.text.range(found.line, *found.columns)
    return types.PrepareRenamePlaceholder(where, found.word.text)


async def rename_id(server: AuthorServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """Return the edits that give an id another name in every file."""
    at = await server.found(params)
    if at is None:
        return None
    try:
        return await server.beside(partial(rename, at[0].files, at[1], params.new_name))
    except RenameError as error:
        raise JsonRpcInvalidParams(str(error)) from None


async def _file(
    server: AuthorServer, document: types.TextDocumentIdentifier
) -> tuple[Session, AuthorFile] | None:
    found = await server.session(document.uri)
    file = found and found[0].files.file(found[1])
    return (found[0], file) if found and file else None


async def format_file(
    server: AuthorServer, params: types.DocumentFormattingParams
) -> list[types.TextEdit] | None:
    """Return the edits that put a file straight, without a word of it changed."""
    at = await _file(server, params.text_document)
    return await server.beside(partial(straighten, at[1])) if at else None


async def list_symbols(
    server: AuthorServer, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | None:
    """Return the entries of a file."""
    at = await _file(server, params.text_document)
    return await server.written(lambda: list(marks.find_symbols(at[1]))) if at else None


async def list_hints(
    server: AuthorServer, params: types.InlayHintParams
) -> list[types.InlayHint] | None:
    """Return the French labels beside the ids of a part of a file."""
    at = await _file(server, params.text_document)
    found = at and partial(marks.find_hints, at[0].files, at[1], params.range)
    return await server.written(lambda: list(found())) if found else None


async def list_lenses(
    server: AuthorServer, params: types.CodeLensParams
) -> list[types.CodeLens] | None:
    """Return what can be done with each rule."""
    at = await _file(server, params.text_document)
    found = at and partial(marks.find_lenses, at[1], at[0].proven)
    return await server.written(lambda: list(found())) if found else None


async def list_actions(
    server: AuthorServer, params: types.CodeActionParams
) -> list[types.CodeAction] | None:
    """Return the repairs that fit at a place."""
    at = await _file(server, params.text_document)
    if at is None:
        return None
    session, file = at
    shown, unnoticed = session.shown, session.proven.unnoticed
    return list(find_fixes(session.files, file, params.range, shown, unnoticed))
