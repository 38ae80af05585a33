"""Many situations in columns: `pip install iscg-rules[batch]`.

Each name is imported when it is first asked for, so that nothing heavy comes before it is needed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from iscg_rules.errors import MissingPackageError

if TYPE_CHECKING:
    from iscg_rules.batch.whole_tables import Checked, check_batch, match_batch, recommend_batch

__all__ = ["Checked", "check_batch", "match_batch", "recommend_batch"]

_OPTIONAL = ("numpy", "polars", "pyarrow")


def __getattr__(name: str) -> Any:  # noqa: ANN401 # any of the names above
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module("iscg_rules.batch.whole_tables"), name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in _OPTIONAL:
            raise
        aid = "pip install 'iscg-rules[batch]'"
        text = "il manque de quoi traiter des colonnes"
        raise MissingPackageError(text, aid) from None
