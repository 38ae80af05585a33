"""How an application refuses without repeating: its own and, by one call, anybody's."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from iscg_rules.errors import IscgError, Problem
from iscg_rules.web.endpoints import JSON
from iscg_rules.web.refusals import problems_of, refusal, said_of_status

__all__ = ["add_refusals", "refused"]


def add_refusals(
    app: FastAPI,
    fields: Collection[str] = (),
    count: Callable[[Iterable[Problem]], object] | None = None,
) -> None:
    """Let an application of FastAPI answer what is wrong with a request, and never what was sent.

    Its usual answer to a request of the wrong shape repeats it. An `IscgError` that an endpoint
    lets through is answered with its problems.

    Args:
        app: the application.
        fields: names of fields that may be told; a place in a request may be a key that was typed.
        count: is told of all that is refused.
    """

    async def refuse(_: Request, error: Exception) -> Response:
        assert isinstance(error, IscgError)
        return refused(error, "fr", count)

    async def misshapen(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        wrong: Any = error.errors()
        return refused(IscgError(problems_of(wrong, fields)), "fr", count)

    async def unserved(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        body = said_of_status(error.status_code)
        return Response(body, error.status_code, error.headers, JSON)

    app.add_exception_handler(IscgError, refuse)
    app.add_exception_handler(RequestValidationError, misshapen)
    app.add_exception_handler(HTTPException, unserved)


def refused(
    error: IscgError, language: str, count: Callable[[Iterable[Problem]], object] | None = None
) -> Response:
    """Return the answer that tells what is wrong."""
    if count is not None:
        count(error.problems)
    return Response(refusal(error, language), 422, media_type=JSON)
