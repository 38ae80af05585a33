"""Puts the rules and the partners into the wheel, beside the code that reads them.

An editable install reads the ones at the root of the checkout: it gets no copy that grows old.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataHook(BuildHookInterface):
    """The build tool finds this class by its base."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files that authors edit, unless the checkout itself is installed."""
        if version != "editable":
            build_data["force_include"] |= {
                "rules": "iscg_rules/data/rules",
                "partners.yaml": "iscg_rules/data/partners.yaml",
                "territories": "iscg_rules/data/territories",
            }
