"""A form in Django and its view, in one file; in a project, each part goes to its own.

    python examples/django_form.py runserver

The form is made of the vocabulary. What is left empty is unknown; "rien d’autre" is a box of its
own. Nothing is stored, and no refusal repeats what was typed.
"""

import sys
from typing import Any

import django
from django import forms
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django.utils.crypto import get_random_string

from iscg_rules import Engine, FormField, IscgError

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["localhost", "127.0.0.1", "testserver"],
        ROOT_URLCONF=__name__,
        SECRET_KEY=get_random_string(50),
        # Its page for errors would show the form.
        DEBUG=False,
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )
    django.setup()

ENGINE = Engine.load()
FORM = ENGINE.form("fr")
NOTHING_ELSE = "nothing_else"
PAGE = engines["django"].from_string(
    "<!doctype html><html lang=fr><meta charset=utf-8><title>Orientation</title>"
    "{% for problem in problems %}<p role=alert>{{ problem }}</p>{% endfor %}"
    "{% for one in orientations %}<p>{{ one.label }} : {{ one.called.name }}</p>{% endfor %}"
    "<form method=post>{% csrf_token %}{{ form.as_p }}<button>Voir</button></form></html>"
)


def field_of(known: FormField) -> forms.Field:
    """Return the field of one question; none is required."""
    choices = [(choice.value, choice.label) for choice in known.choices]
    label = known.ask or known.label
    if known.type == "many_of":
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=choices, label=label, required=False, widget=boxes)
    if known.type in ("one_of", "yes_no"):
        return forms.ChoiceField(choices=[("", "?"), *choices], label=label, required=False)
    return forms.CharField(label=label, required=False)


class SituationForm(forms.Form):
    """Every question of the vocabulary, safety first."""

    nothing_else = forms.MultipleChoiceField(
        choices=[
            (known.attribute, known.label) for known in FORM.fields if known.type == "many_of"
        ],
        label="Rien d’autre que ce qui est coché",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *given: Any) -> None:  # noqa: ANN401 # as Django's
        super().__init__(*given)
        for known in sorted(FORM.fields, key=lambda known: not known.screening):
            self.fields[known.attribute] = field_of(known)


def orient(request: HttpRequest) -> HttpResponse:
    """Show the form, and what follows from it."""
    form = SituationForm(request.POST or None)
    shown: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        sent = {name: value for name, value in form.cleaned_data.items() if name != NOTHING_ELSE}
        try:
            answers = FORM.answers(sent, nothing_else=form.cleaned_data[NOTHING_ELSE])
            shown["orientations"] = ENGINE.recommend(answers, at=None).orientations
        except IscgError as error:
            shown["problems"] = [problem.message for problem in error.problems]
    response = HttpResponse(PAGE.render(shown, request))
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [path("", orient)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
