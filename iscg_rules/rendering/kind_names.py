"""The kinds of a vocabulary as a Python module, so that a type checker sees a misspelt one."""

import textwrap

from iscg_rules.language.vocabulary import Vocabulary

__all__ = ["render_kind_names"]

_HEAD = '''\
"""The kinds of help as names: a type checker sees a misspelt one.

Written by `{command}`. `kinds.CRIP == "crip"`; rules of your own
have kinds of their own: write their module likewise.
"""

from typing import Final, Literal

# fmt: off
'''


def render_kind_names(vocabulary: Vocabulary, command: str) -> str:
    """Return a module with a constant a kind, and `Kinds`, the type of them all.

    Args:
        vocabulary: whose kinds they are.
        command: what writes it, for who reads it.
    """
    names = [f'{name.upper().replace("-", "_")}: Final = "{name}"' for name in vocabulary.kinds]
    words = ", ".join(f'"{name}"' for name in vocabulary.kinds)
    every = textwrap.fill(words, 96, initial_indent="    ", subsequent_indent="    ")
    return _HEAD.format(command=command) + "\n".join(
        [*names, "", f"Kinds = Literal[\n{every}\n]\n"]
    )
