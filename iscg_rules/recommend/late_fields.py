"""Fields of frozen results that are worked out when somebody first reads them."""

from typing import TYPE_CHECKING, Self

__all__ = ["LateFields"]


class LateFields:
    """Base of a frozen dataclass with slots, some of which are filled on first reading.

    A filled slot never changes. Comparing, hashing, pickling and copying read every field, so a
    copy holds values only, and nothing of what would have worked them out.
    """

    __slots__ = ("_worker",)

    @classmethod
    def made_later(cls, worker: object, **known: object) -> Self:
        """Return a result of which only some fields are known yet.

        Args:
            worker: has, for each other field, a method of its name that works it out; called as
                often as it may be, from any thread, it returns the same.
            known: the fields that are known.
        """
        result = object.__new__(cls)
        for name, value in known.items():
            object.__setattr__(result, name, value)
        object.__setattr__(result, "_worker", worker)
        return result

    # Not for type checkers, who would take any misspelt field for one of these.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Fill an empty slot; Python asks here only where a field has no value yet."""
            if name not in type(self).__slots__:
                raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
            worker = object.__getattribute__(self, "_worker")
            # Two threads may both come here: each works out the same, and a slot is whole or empty.
            value = getattr(worker, name)()
            object.__setattr__(self, name, value)
            return value
