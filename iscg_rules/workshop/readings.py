"""A project read as `check` reads it, with what an editor has not saved."""

import ctypes
import gc
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from iscg_rules.errors import IscgError, Noted, Problem
from iscg_rules.model.files import find_files
from iscg_rules.model.partners import Directory
from iscg_rules.model.written_project import WrittenProject, read_project
from iscg_rules.reading.document_paths import overlaid_root
from iscg_rules.reading.memory import Memory
from iscg_rules.reading.yaml_files import read_file

__all__ = ["ProjectReader", "Reading", "give_back"]


@dataclass(frozen=True)
class Reading:
    """All that stands in the files of one territory, and what is wrong with it."""

    problems: tuple[Problem, ...]
    project: WrittenProject | None = None


# So much that is new stays, and is looked through no more.
_MANY = 1_000


@dataclass(frozen=True)
class ProjectReader:
    """Reads one project again and again: only what other bytes stand in, and what leans on it."""

    rules: Path
    memory: Memory = field(default_factory=Memory)
    # By territory: the partners and where they stand, and what is wrong with their contacts.
    _contacts: MutableMapping[str | None, tuple[object, tuple[Problem, ...]]] = field(
        default_factory=dict
    )

    def read(
        self,
        territory: str | None,
        texts: Mapping[str, str],
        is_wanted: Callable[[], bool] | None = None,
    ) -> Reading:
        """Read everything of a territory, in the place of `check`; never raises for what is wrong.

        Args:
            territory: its name; None where there is none.
            texts: what stands in open files, by absolute name.
            is_wanted: whether somebody still waits; asked again and again.

        Raises:
            OutdatedError: nobody waits any more.
        """
        problems = Noted()
        folder = overlaid_root(self.rules, texts, self.memory)
        with _uncollected(self.memory):
            self.memory.is_wanted = is_wanted
            try:
                layout = find_files(folder, None, territory, problems)
                project = read_project(layout, problems)
            except IscgError as error:
                return Reading(error.problems)
            finally:
                self.memory.is_wanted = None
            problems += project.wrong
            problems += self._contact_problems(territory, project.directory)
        return Reading(IscgError(problems).problems, project)

    def look(self, name: str, texts: Mapping[str, str]) -> tuple[Problem, ...]:
        """Return what forbids to read one file at all, whatever leans on it; nothing else.

        Args:
            name: under the folder in which that of rules lies.
            texts: what stands in open files, by absolute name.
        """
        path = overlaid_root(self.rules.parent, texts, self.memory) / name
        node, problems = read_file(path, name)
        return () if node is not None else tuple(problems)

    def _contact_problems(self, territory: str | None, directory: Directory) -> tuple[Problem, ...]:
        now = (directory.partners, directory.entries)
        before, found = self._contacts.get(territory, (None, ()))
        if before != now:
            found = _contact_problems(directory)
            self._contacts[territory] = (now, found)
        return found


def _contact_problems(directory: Directory) -> tuple[Problem, ...]:
    try:
        from iscg_rules.directory.contacts import find_contact_problems  # noqa: PLC0415 # an extra
    except ImportError:
        return ()
    return tuple(find_contact_problems(directory))


@contextmanager
def _uncollected(memory: Memory) -> Iterator[None]:
    """Keep Python from looking for what holds itself: nothing that is read does.

    Of ten thousand rules there are millions of things to look through, while nobody else can work.
    """
    before, was_enabled = memory.made, gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if memory.made - before > _MANY:
            gc.freeze()
        if was_enabled:
            gc.enable()


def give_back() -> None:
    """Give back the memory of what nobody holds any more."""
    gc.unfreeze()
    gc.collect()
    with suppress(OSError, AttributeError):
        # What was freed in small pieces is kept by the C library, where it is that of GNU.
        ctypes.CDLL(None).malloc_trim(0)
