"""What a text may hold: a number in plain digits, and no character that hides or turns it round."""

import re

__all__ = ["NUMBER", "ODD_CHARACTER"]

# Python takes the digits of every script for digits, and 1_0 for ten.
NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")

# Control characters, line breaks of every kind, what is not seen, and what changes the direction
# of writing: a number that is read may then not be the number that is written.
ODD_CHARACTER = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
