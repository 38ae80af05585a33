"""What never changes once it is made."""

from typing import TYPE_CHECKING, NoReturn, Self

__all__ = ["Unchanging"]


class Unchanging:
    """Base of what is filled when it is made, refuses every change, and is its own copy."""

    __slots__ = ()

    # Not for type checkers, who would then take any name for one that can be set.
    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object) -> NoReturn:
            # Privacy: Python's own error might show the value.
            raise AttributeError(f"nothing of {type(self).__name__} can be changed")

        def __delattr__(self, name: str) -> NoReturn:
            raise AttributeError(f"nothing of {type(self).__name__} can be changed")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self
