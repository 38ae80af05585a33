"""What the page is made of, beside this module."""

from importlib.resources import files

__all__ = ["load_text"]


def load_text(name: str) -> str:
    """Return one of the files of the page."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
