"""One editor: its projects, and what it is told."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.uris import to_fs_path

from iscg_rules.release import __version__
from iscg_rules.workshop.author_files import AuthorFile, AuthorFiles, NamedWord, rules_around
from iscg_rules.workshop.diagnostics import ShownProblem
from iscg_rules.workshop.proofs import Before
from iscg_rules.workshop.readings import give_back
from iscg_rules.workshop.session import Session

__all__ = ["Asked", "AuthorServer"]

_LONGEST_MESSAGE = 900
# So many are written at once; more, beside the loop.
_FEW = 100
# Seconds after which a project is ended of which no file is open.
_UNUSED = 20
Answered = TypeVar("Answered")


@dataclass(frozen=True, slots=True)
class _Written:
    """An answer as it is sent: of ten thousand entries, writing it takes a while."""

    text: str


class Asked(Protocol):
    """Whatever an editor asks about a place."""

    @property
    def text_document(self) -> types.TextDocumentIdentifier:
        """The file."""
        ...

    @property
    def position(self) -> types.Position:
        """Where in it."""
        ...


class _Protocol(LanguageServerProtocol):
    """As it is, but texts are ours: positions past the end of a line are taken for its end."""

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Iterator[Any]:
        """Leave the change to our own handler."""
        handler = self.fm.features.get(types.TEXT_DOCUMENT_DID_CHANGE)
        if handler is not None:
            yield handler, (params,), None

    def _send_response(
        self, msg_id: str | int, result: object = None, error: types.ResponseError | None = None
    ) -> None:
        if isinstance(result, _Written):
            self._result_types.pop(msg_id, None)
            self._send(f'"id": {json.dumps(msg_id)}, "result": {result.text}')
        else:
            super()._send_response(msg_id, result, error)

    def notify(self, method: str, params: object = None) -> None:
        """Tell the editor something, written already perhaps."""
        if isinstance(params, _Written):
            self._send(f'"method": {json.dumps(method)}, "params": {params.text}')
        else:
            super().notify(method, params)

    def _send(self, parts: str) -> None:
        body = f'{{"jsonrpc": "2.0", {parts}}}'
        if self.writer is not None:
            self.writer.write(f"Content-Length: {len(body)}\r\n\r\n{body}".encode("ascii"))


class AuthorServer(LanguageServer):
    """One editor with its projects, each found around a file that is opened."""

    def __init__(self, territory: str | None, before: Before) -> None:
        """Wait for an editor.

        Args:
            territory: the one that was chosen, None for all of each project.
            before: gives rules and partners of the last commit.
        """
        super().__init__("iscg-rules", __version__, protocol_cls=_Protocol)
        self.sessions: dict[Path, Session] = {}
        self._ready: dict[Path, asyncio.Task[None]] = {}
        self._territory = territory
        self._before = before
        # By the rules of a project, then by file.
        self._published: dict[Path, dict[Path, tuple[types.Diagnostic, ...]]] = {}
        self._ending: asyncio.Future[None] | None = None
        self._refresh: asyncio.Future[None] | None = None
        self._answering = ThreadPoolExecutor(max_workers=2, thread_name_prefix="answering")

    @property
    def encoding(self) -> str:
        """In whose units the editor counts."""
        chosen = self.workspace.position_encoding
        return str(getattr(chosen, "value", chosen))

    async def session(self, uri: str) -> tuple[Session, Path] | None:
        """Return the project around a file, read at least once, and the path of the file."""
        name = to_fs_path(uri)
        rules = rules_around(Path(name)) if name else None
        if name is None or rules is None:
            return None
        if rules not in self.sessions:
            files = AuthorFiles(rules, self.encoding)
            publish = partial(self.publish, rules)
            self.sessions[rules] = Session(
                files, publish, self.say, territory=self._territory, before=self._before
            )
            loop = asyncio.get_running_loop()
            self._ready[rules] = asyncio.ensure_future(loop.run_in_executor(None, files.refresh))
        session = self.sessions[rules]
        await asyncio.shield(self._ready[rules])
        return session, Path(name)

    async def known_session(self, uri: str) -> tuple[Session, Path] | None:
        """Return the project around a file where somebody works in it."""
        name = to_fs_path(uri)
        rules = rules_around(Path(name)) if name else None
        return await self.session(uri) if rules in self.sessions else None

    def leave(self, session: Session) -> None:
        """End a project of which no file is open, after a while: its memory is given back."""
        asyncio.get_running_loop().call_later(_UNUSED, self._end_unused, session)

    def _end_unused(self, session: Session) -> None:
        rules = session.files.rules
        if session.files.texts or self.sessions.get(rules) is not session:
            return
        session.close()
        del self.sessions[rules], self._ready[rules]
        self._ending = asyncio.ensure_future(self._give_back(rules))

    async def _give_back(self, rules: Path) -> None:
        await self.publish(rules, {})
        # What was begun comes to its end, and holds nothing any more.
        await asyncio.sleep(1)
        await self.beside(give_back)

    async def place(self, params: "Asked") -> tuple[Session, AuthorFile, int, int] | None:
        """Return the project, the file, the line and the column of a question."""
        found = await self.session(params.text_document.uri)
        file = found and found[0].files.file(found[1])
        if not found or not file:
            return None
        return (found[0], file, *file.text.column(params.position))

    async def found(self, params: "Asked") -> tuple[Session, NamedWord] | None:
        """Return the project and the word of a question, where it stands for something."""
        at = await self.place(params)
        if at is None:
            return None
        session, file, line, column = at
        found = session.files.meaning(file, line, column)
        return None if found is None else (session, found)

    async def beside(self, work: Callable[[], Answered]) -> Answered:
        """Return what takes a while, worked out beside the loop: the next key does not wait."""
        return await asyncio.get_running_loop().run_in_executor(self._answering, work)

    async def written(self, work: Callable[[], Answered]) -> Answered:
        """Return an answer that may be long, worked out and written beside the loop."""
        return await self.beside(partial(self._write, work))  # type: ignore[arg-type] # it is sent as what it stands for

    def _write(self, work: Callable[[], object]) -> _Written:
        return _Written(json.dumps(self.protocol._converter.unstructure(work())))  # noqa: SLF001 # pygls does not say

    async def publish(self, rules: Path, shown: Mapping[Path, tuple[ShownProblem, ...]]) -> None:
        """Tell the editor what changed of what is to be shown of a project."""
        now = {path: tuple(each.diagnostic for each in some) for path, some in shown.items()}
        before = self._published.get(rules, {})
        self._published[rules] = now
        for path in sorted({*now, *before}):
            diagnostics = now.get(path, ())
            if diagnostics != before.get(path, ()):
                params = types.PublishDiagnosticsParams(path.as_uri(), list(diagnostics))
                if len(diagnostics) <= _FEW:
                    self.text_document_publish_diagnostics(params)
                else:
                    written = await self.written(partial(_same, params))
                    self.protocol.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, written)
        workspace = self.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self._refresh = asyncio.ensure_future(self.workspace_code_lens_refresh_async(None))

    def say(self, text: str) -> None:
        """Tell the author something: in short, and in full among the messages."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Info, text))
        short = text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}…"
        self.window_show_message(types.ShowMessageParams(types.MessageType.Info, short))


def _same(params: Answered) -> Answered:
    return params
