"""An editor for tests: a client of `iscg-rules lsp` over real stdio, with its own copy of texts."""

import asyncio
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial

from lsprotocol import types
from pygls.lsp.client import LanguageClient

# Only what fails waits so long: on a machine that runs much else, a minute was not enough.
PATIENCE = 240


class Editor:
    """One server; files are opened, changed and asked about from a test that waits."""

    def __init__(self, encoding="utf-16"):
        self.shown, self.said, self.texts = {}, [], {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._changed = threading.Condition()
        self._version = 0
        self.client = LanguageClient("tests", "1")
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(partial(self._show))
        self.client.feature(types.WINDOW_LOG_MESSAGE)(partial(self._note))
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(lambda _: None)
        command = (sys.executable, "-m", "iscg_rules", "lsp", "--stdio")
        self.run(self.client.start_io(*command))
        general = types.GeneralClientCapabilities(position_encodings=[encoding])
        wanted = types.ClientCapabilities(general=general)
        self.can = self.run(
            self.client.initialize_async(types.InitializeParams(capabilities=wanted))
        ).capabilities
        self.client.initialized(types.InitializedParams())

    def _show(self, params):
        with self._changed:
            self.shown[params.uri] = params.diagnostics
            self._changed.notify_all()

    def _note(self, params):
        with self._changed:
            self.said.append(params.message)
            self._changed.notify_all()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    def wait(self, is_so, patience=PATIENCE):
        end = time.monotonic() + patience
        # What is asked may itself ask the server: nothing is held meanwhile.
        while not is_so():
            assert time.monotonic() < end
            with self._changed:
                self._changed.wait(0.2)

    def of(self, path):
        """Give what is shown of a file, as code and the text that is underlined."""
        lines = self.texts.get(path, path.read_text(encoding="utf-8")).split("\n")
        return [
            (each.code, lines[each.range.start.line][_span(lines, each.range)])
            for each in self.shown.get(path.as_uri(), ())
        ]

    def codes(self, path):
        return {each.code for each in self.shown.get(path.as_uri(), ())}

    def open(self, path, text=None):
        self.texts[path] = path.read_text(encoding="utf-8") if text is None else text
        item = types.TextDocumentItem(path.as_uri(), "yaml", 0, self.texts[path])
        self._tell(self.client.text_document_did_open, types.DidOpenTextDocumentParams(item))

    def write(self, path, text):
        """Replace a whole text, as some editors do at each key."""
        self.texts[path] = text
        self._send(path, types.TextDocumentContentChangeWholeDocument(text))

    def replace(self, path, start, end, new):
        """Replace a part of a text, given in characters, as most editors do."""
        text = self.texts[path]
        where = types.Range(position(text, start), position(text, end))
        self.texts[path] = text[:start] + new + text[end:]
        self._send(path, types.TextDocumentContentChangePartial(range=where, text=new))

    def _send(self, path, change):
        self._version += 1
        name = types.VersionedTextDocumentIdentifier(version=self._version, uri=path.as_uri())
        params = types.DidChangeTextDocumentParams(name, [change])
        self._tell(self.client.text_document_did_change, params)

    def close(self, path):
        params = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(path.as_uri()))
        self._tell(self.client.text_document_did_close, params)

    def _tell(self, notify, params):
        # In the loop, as whatever else is sent: somebody else may be asking meanwhile.
        self._loop.call_soon_threadsafe(notify, params)

    def ask(self, method, params, path, offset=None, **more):
        """Ask something about a file, or about a place in it."""
        given = {"text_document": types.TextDocumentIdentifier(path.as_uri()), **more}
        if offset is not None:
            given["position"] = position(self.texts[path], offset)
        return self.run(getattr(self.client, f"{method}_async")(params(**given)))

    def stop(self):
        self.run(self.client.shutdown_async(None))
        self.client.exit(None)
        self.run(self.client.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


def units(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def position(text, offset):
    before = text[:offset]
    return types.Position(before.count("\n"), units(before[before.rfind("\n") + 1 :]))


def _span(lines, where):
    line = lines[where.start.line].encode("utf-16-le", "surrogatepass")
    start, end = where.start.character, where.end.character
    head, body = (
        part.decode("utf-16-le") for part in (line[: 2 * start], line[2 * start : 2 * end])
    )
    return slice(len(head), len(head) + len(body))


def applied(text, edits):
    """Give a text after edits that do not overlap, the last of them first."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)

    def offset(place):
        line = lines[place.line].encode("utf-16-le", "surrogatepass")
        return starts[place.line] + len(line[: 2 * place.character].decode("utf-16-le"))

    for edit in sorted(edits, key=lambda e: (e.range.start.line, e.range.start.character))[::-1]:
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


@contextmanager
def editing(**options):
    editor = Editor(**options)
    try:
        yield editor
    finally:
        editor.stop()
