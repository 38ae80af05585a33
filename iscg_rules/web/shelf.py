"""Engines, one a territory, that are read anew all at once or not at all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock

from iscg_rules.engine import Engine
from iscg_rules.errors import IscgError, Problem, failed_at
from iscg_rules.language.moments import PARIS
from iscg_rules.model.closed_words import LANGUAGES, Language
from iscg_rules.model.files import find_files
from iscg_rules.page.assembly import load_page
from iscg_rules.reading.territories import Transparency

__all__ = ["EngineShelf", "RuleFiles", "ServedEngines"]

_Stamps = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """Where engines are read from: as for `Engine.load`, with any number of territories."""

    rules: str | None = None
    partners: str | None = None
    territories: tuple[str, ...] = ()

    def load(self) -> dict[str, Engine]:
        """Return the engine of each territory by its name, in the order that was given.

        Raises:
            IscgError: every problem of every file of the first territory that has any.
        """
        engines = [
            Engine.load(self.rules, self.partners, territory=name)
            for name in self.territories or (None,)
        ]
        for engine in engines:
            _warm(engine)
        return {engine.identity.territory or "": engine for engine in engines}

    def transparency(self) -> dict[str, Transparency]:
        """Return what each territory, by its name, says of who answers for the tool."""
        layouts = (
            find_files(self.rules, self.partners, name, []) for name in self.territories or (None,)
        )
        return {
            one.territories[-1].id if one.territories else "": one.transparency for one in layouts
        }

    def stamps(self) -> _Stamps:
        """Return what changes when one of the files does: names, times and sizes."""
        found: set[Path] = set()
        for name in self.territories or (None,):
            layout = find_files(self.rules, self.partners, name, [])
            found.update(path for path, _ in layout.partner_files())
            found.update(path for folder, _ in layout.folders() for path in folder.glob("*.yaml"))
        return tuple(_stamp(path) for path in sorted(found))


def _warm(engine: Engine) -> None:
    """Let an engine make what it makes when it is first asked, so that nobody waits for it."""
    for language in LANGUAGES:
        engine.recommend({}, at=None, language=language).to_json()
    engine.next_questions({}, at=None)


def _stamp(path: Path) -> tuple[str, int, int]:
    known = path.stat()
    return str(path), known.st_mtime_ns, known.st_size


@dataclass(frozen=True)
class ServedEngines:
    """What is served from one reading of the files to the next.

    Attributes:
        since: when it was read.
        problems: what is wrong with the files as they are now, which are therefore not served.
        page: the page of a territory for a day, in a language; made once.
        count: how many problems there are; not all of them are kept.
    """

    engines: dict[str, Engine]
    since: datetime
    page: Callable[[str, date, Language], bytes]
    problems: tuple[Problem, ...] = ()
    count: int = 0

    def engine(self, territory: str | None) -> Engine:
        """Return the engine of a territory, or the first one.

        Raises:
            IscgError: A011.
        """
        if territory is None:
            return next(iter(self.engines.values()))
        if territory not in self.engines:
            aid = "servis ici : " + ", ".join(f"`{name}`" for name in self.engines)
            raise IscgError([Problem("A011", "territoire inconnu", help=aid)])
        return self.engines[territory]


class EngineShelf:
    """Holds what is served. One assignment replaces it, so that no request sees half of it."""

    def __init__(self, files: RuleFiles) -> None:
        self._files = files
        self._reading = Lock()
        self._stamps = files.stamps()
        self.served: ServedEngines = _served(files)

    def reload(self) -> bool:
        """Read the files anew and serve them; where anything is wrong, go on with the old ones.

        Returns:
            Whether what is served now is what the files say.
        """
        with self._reading:
            stamps: _Stamps = ()
            try:
                stamps = self._files.stamps()
                self.served = _served(self._files)
            except IscgError as error:
                self.served = _degraded(self.served, error)
            except Exception as error:  # noqa: BLE001 # whatever it is, the old rules still answer
                text = f"les fichiers ne peuvent pas être lus ({failed_at(error)})"
                self.served = _degraded(self.served, IscgError([Problem("Y001", text)]))
            self._stamps = stamps
        return not self.served.problems

    def watched(self) -> Iterator[bool | None]:
        """Yield at each look: None where nothing moved, else whether `reload` went well.

        Files that changed since the last look are read at the next one, when they rest: an editor
        writes several of them.
        """
        seen = self._stamps
        while True:
            now = _or_nothing(self._files)
            if now == seen and now != self._stamps:
                yield self.reload()
            else:
                yield None
            seen = now


def _or_nothing(files: RuleFiles) -> _Stamps:
    try:
        return files.stamps()
    except (IscgError, OSError):
        return ()


def _degraded(served: ServedEngines, error: IscgError) -> ServedEngines:
    return replace(served, problems=error.problems, count=error.count)


def _served(files: RuleFiles) -> ServedEngines:
    engines = files.load()
    told = files.transparency()

    # A page lasts a day: two languages of each territory, and those of yesterday.
    @lru_cache(maxsize=4 * len(engines))
    def page(territory: str, day: date, language: Language) -> bytes:
        return load_page(engines[territory], day, told[territory], language=language).encode()

    return ServedEngines(engines, datetime.now(PARIS).replace(microsecond=0), page)
