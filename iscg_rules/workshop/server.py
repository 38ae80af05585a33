"""The language server: what an editor asks, and what is answered; it never dies of a question."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from iscg_rules.workshop import answers, marks, told
from iscg_rules.workshop.author_server import AuthorServer
from iscg_rules.workshop.proofs import Before
from iscg_rules.workshop.session import Session

__all__ = ["build_server"]

_WATCHED = "**/*.yaml"
Params = TypeVar("Params")
Answered = TypeVar("Answered")
Answering = Callable[["AuthorServer", Params], Awaitable[Answered]]


def build_server(territory: str | None, before: Before) -> AuthorServer:
    """Return a server that answers everything it can; `start_io` runs it."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    server = AuthorServer(territory, before)
    for name, (handler, options) in _FEATURES.items():
        server.feature(name, options)(_kept_alive(handler))
    for name, command in _COMMANDS.items():
        server.command(name)(command)
    return server


def _kept_alive(handler: Answering[Params, Answered]) -> Answering[Params, Answered | None]:
    """Return a handler that answers nothing where it fails, and says so."""

    @wraps(handler)
    async def kept(server: AuthorServer, params: Params) -> Answered | None:
        try:
            return await handler(server, params)
        except JsonRpcInvalidParams:
            raise
        except Exception as error:  # noqa: BLE001 # an editor without its server is worse
            text = f"erreur interne ({type(error).__name__} dans {handler.__name__})"
            server.window_log_message(types.LogMessageParams(types.MessageType.Warning, text))
            return None

    return kept


async def _initialized(server: AuthorServer, _: types.InitializedParams) -> None:
    workspace = server.client_capabilities.workspace
    watching = workspace and workspace.did_change_watched_files
    if watching and watching.dynamic_registration:
        watcher = types.DidChangeWatchedFilesRegistrationOptions(
            [types.FileSystemWatcher(_WATCHED)]
        )
        name = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        await server.client_register_capability_async(
            types.RegistrationParams([types.Registration("yaml", name, watcher)])
        )


async def _opened(server: AuthorServer, params: types.DidOpenTextDocumentParams) -> None:
    await _take(server, params.text_document.uri, [(None, params.text_document.text)])


async def _changed(server: AuthorServer, params: types.DidChangeTextDocumentParams) -> None:
    changes = [
        (
            each.range if isinstance(each, types.TextDocumentContentChangePartial) else None,
            each.text,
        )
        for each in params.content_changes
    ]
    await _take(server, params.text_document.uri, changes)


async def _take(
    server: AuthorServer, uri: str, changes: list[tuple[types.Range | None, str]]
) -> None:
    found = await server.session(uri)
    if found:
        session, path = found
        session.files.change(path, changes)
        session.changed(path)


async def _closed(server: AuthorServer, params: types.DidCloseTextDocumentParams) -> None:
    found = await server.known_session(params.text_document.uri)
    if found:
        session, path = found
        session.files.texts.pop(path.as_posix(), None)
        session.files.refresh()
        session.changed(path)
        server.leave(session)


async def _watched(server: AuthorServer, params: types.DidChangeWatchedFilesParams) -> None:
    seen = {}
    for change in params.changes:
        found = await server.known_session(change.uri)
        if found:
            seen[found[0]] = found[1]
    for session, path in seen.items():
        session.files.refresh()
        session.changed(path)


async def _saved(server: AuthorServer, params: types.DidSaveTextDocumentParams) -> None:
    found = await server.known_session(params.text_document.uri)
    if found:
        found[0].files.refresh()


async def _shut(server: AuthorServer, *_: object) -> None:
    for session in server.sessions.values():
        session.close()


def _sessions_with(server: AuthorServer, rule: str) -> Session | None:
    sessions = server.sessions.values()
    return next((s for s in sessions if s.rule_set and rule in s.rule_set.rules), None)


async def _tell_cases(server: AuthorServer, rule: str) -> None:
    session = _sessions_with(server, rule)
    if session:
        server.say(told.tell_cases(rule, session.proven))


async def _tell_proven(server: AuthorServer, rule: str) -> None:
    session = _sessions_with(server, rule)
    if session:
        server.say(told.tell_proven(rule, session.proven))


async def _tell_tried(server: AuthorServer, rule: str) -> None:
    session = _sessions_with(server, rule)
    if session:
        loop = asyncio.get_running_loop()
        server.say(await loop.run_in_executor(None, told.tell_tried, rule, session.project))


_FEATURES: Mapping[str, tuple[Answering[Any, Any], object]] = {
    types.INITIALIZED: (_initialized, None),
    types.SHUTDOWN: (_shut, None),
    types.TEXT_DOCUMENT_DID_OPEN: (_opened, None),
    types.TEXT_DOCUMENT_DID_CHANGE: (_changed, None),
    types.TEXT_DOCUMENT_DID_CLOSE: (_closed, None),
    types.TEXT_DOCUMENT_DID_SAVE: (_saved, None),
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: (_watched, None),
    types.TEXT_DOCUMENT_HOVER: (answers.describe_word, None),
    types.TEXT_DOCUMENT_COMPLETION: (
        answers.complete,
        types.CompletionOptions(trigger_characters=[" ", "[", "{", ",", "-"]),
    ),
    types.TEXT_DOCUMENT_DEFINITION: (answers.find_definition, None),
    types.TEXT_DOCUMENT_REFERENCES: (answers.find_references, None),
    types.TEXT_DOCUMENT_PREPARE_RENAME: (answers.prepare_rename, None),
    types.TEXT_DOCUMENT_RENAME: (answers.rename_id, types.RenameOptions(prepare_provider=True)),
    types.TEXT_DOCUMENT_FORMATTING: (answers.format_file, None),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (answers.list_symbols, None),
    types.TEXT_DOCUMENT_INLAY_HINT: (answers.list_hints, None),
    types.TEXT_DOCUMENT_CODE_LENS: (answers.list_lenses, None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        answers.list_actions,
        types.CodeActionOptions(
            [types.CodeActionKind.QuickFix, types.CodeActionKind.RefactorRewrite]
        ),
    ),
}
_COMMANDS = {marks.CASES: _tell_cases, marks.TRY: _tell_tried, marks.PROVE: _tell_proven}
