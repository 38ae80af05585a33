"""Telephone numbers and e-mail addresses: whether they can be right, and how they are written.

Nothing is called and no network asked: a number may be well formed and nobody's.
"""

import re
from collections.abc import Iterator

import email_validator
import phonenumbers

from iscg_rules.errors import Problem
from iscg_rules.model.partners import Directory

__all__ = ["find_contact_problems", "read_email", "read_phone"]

_COUNTRY = "FR"
_SPACES = re.compile(r"[\s.\u00a0\u202f-]+")
_NUMBER = re.compile(r"\+?[0-9]+")
# What a person may type into a telephone in France without it being ten digits long.
_SHORT = re.compile(r"1[0-9]|1[01][0-9]|116[0-9]{3}|10[0-9]{2}|3[0-9]{3}|118[0-9]{3}")


def read_phone(text: str) -> str | None:
    """Return a number as the French write it; None where it cannot be one.

    >>> read_phone("+33299544488"), read_phone("3919"), read_phone("02 99 54 44")
    ('02 99 54 44 88', '3919', None)
    """
    digits = _SPACES.sub("", text.replace("(0)", ""))
    if not _NUMBER.fullmatch(digits):
        return None
    if _SHORT.fullmatch(digits):
        return text.strip() if " " in text.strip() else digits
    try:
        number = phonenumbers.parse(digits, _COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    is_ours = number.country_code == phonenumbers.country_code_for_region(_COUNTRY)
    shape = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, shape.NATIONAL if is_ours else shape.INTERNATIONAL)


def read_email(text: str) -> str | None:
    """Return an address in its usual form; None where it cannot be one.

    >>> read_email("accueil@exemple.org"), read_email("accueil.exemple.org")
    ('accueil@exemple.org', None)
    """
    try:
        found = email_validator.validate_email(
            text.strip(), check_deliverability=False, test_environment=True
        )
    except email_validator.EmailNotValidError:
        return None
    return found.normalized


def find_contact_problems(directory: Directory) -> Iterator[Problem]:
    """Yield each contact of a partner that cannot be right."""
    for partner in directory.partners.values():
        place = directory.entries.get(partner.id)
        for name, given in (("phone", partner.contact.phone), ("sms", partner.contact.sms)):
            if given is not None and given.isprintable() and read_phone(given) is None:
                text = f"`{name}` de `{partner.id}` n'est pas un numéro que l'on peut composer"
                aid = "dix chiffres, ou un numéro court comme 115 ou 3919"
                if read_phone(given.replace("O", "0").replace("o", "0")) is not None:
                    aid = "la lettre O y tient la place d'un zéro"
                yield Problem("P010", text, place, aid)
        email = partner.contact.email
        if email is not None and read_email(email) is None:
            text = f"`email` de `{partner.id}` n'est pas une adresse électronique"
            yield Problem("P011", text, place, "nom@domaine.fr")
