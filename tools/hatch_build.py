"""Puts the rules and the partners into the wheel, and makes the README hold away from here.

An editable install reads the rules at the root of the checkout: it gets no copy that grows old.
"""

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

CARRIED = ("rules", "territories", "safety", "schemas", "partners.yaml")
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)]+)\)")


class DataHook(BuildHookInterface):
    """The build tool finds this class by its base."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add what the package reads, unless the checkout itself is installed."""
        if version != "editable":
            build_data["force_include"] |= {name: f"iscg_rules/data/{name}" for name in CARRIED}


class ReadmeHook(MetadataHookInterface):
    """The same."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Give the README with links that lead to the repository, wherever it is shown."""
        text = (Path(self.root) / "README.md").read_text("utf-8")
        base = f"{metadata['urls']['Repository']}/blob/main"
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": LINK.sub(rf"]({base}/\1)", text),
        }
