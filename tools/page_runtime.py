"""The runtime of the page in an embedded V8: no browser, no Node.js."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from py_mini_racer import MiniRacer

__all__ = ["RUNTIME", "PageRuntime"]

RUNTIME = Path(__file__).parents[1] / "iscg_rules" / "page" / "runtime.js"
# Many in one call: each call into V8 waits for another thread.
_TOLD = """
const told = (cases) => JSON.stringify(cases.map(({answers, at, ...options}) => {
  try { return engine.recommend(answers, at, options); }
  catch (error) { if (!error.problems) throw error; return {problems: error.problems}; }
}));
"""


class PageRuntime:
    """One export, loaded into the runtime."""

    def __init__(self, exported: str, *, source: str | None = None) -> None:
        self._context = MiniRacer()
        self._context.eval(RUNTIME.read_text("utf-8") if source is None else source)
        self._context.eval(f"const engine = load({exported});{_TOLD}0")

    def recommend(self, cases: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return what each case leads to: `answers`, `at`, where given `already` and `limit`."""
        given = json.dumps(list(cases))
        told: list[dict[str, Any]] = json.loads(str(self.eval(f"told({given})")))
        return told

    def eval(self, code: str) -> Any:  # noqa: ANN401 # whatever the code gives
        """Return the value of some code."""
        return self._context.eval(code, timeout_sec=300)
