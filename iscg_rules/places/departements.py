"""The département of a commune, by its code."""

__all__ = ["departement_of"]


def departement_of(commune: str) -> str:
    """Return the département of an INSEE code: two characters, three overseas."""
    return commune[:3] if commune[:2] in ("97", "98") else commune[:2]
