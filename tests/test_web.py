"""The service, asked in this process: what the engine says, in bounds, and nothing told twice."""

import asyncio
import gc
import json
import logging
import os
import random
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from weakref import ref

import httpx
import pytest

from iscg_rules import Engine, IscgError, Problem, Result, kinds, shorten
from iscg_rules.cli import main
from iscg_rules.web import create_app
from iscg_rules.web.endpoints import ENDPOINTS
from iscg_rules.web.guard import MOST_BYTES, Guard
from iscg_rules.web.metrics import Metrics, forget_ended
from iscg_rules.web.refusals import refusal

WOMAN = {
    "role": "victim",
    "gender": "woman",
    "violence_context": "intimate_partner",
    "housing": "must_leave_tonight",
    "minors": {"yes": ["3_12"]},
    "commune": "35288",
}
AT = "2026-11-27T22:30"
ASKED = {"situation": WOMAN, "at": AT}
# What no file of ours holds.
MARK = "zqxj-marque-42"
ENGINE = Engine.load()


@pytest.fixture(scope="module")
def app():
    return create_app(territories=["pays-de-saint-malo", "rennes"])


class Service:
    """Asks an application without a network."""

    def __init__(self, app):
        self.app = app

    def ask(self, method, path, **given):
        return asyncio.run(self._ask(method, path, given))

    async def _ask(self, method, path, given):
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.request(method, path, **given)

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, **fields):
        return self.ask("POST", f"/v1/{path}", json=ASKED | fields)

    def send(self, content, path="recommend"):
        headers = {"content-type": "application/json"}
        return self.ask("POST", f"/v1/{path}", content=content, headers=headers)


@pytest.fixture(scope="module")
def service(app):
    return Service(app)


SHELTER: dict[str, object] = {"kind": kinds.EMERGENCY_SHELTER}
SAID: dict[str, tuple[dict[str, object], Callable[[], Result]]] = {
    "recommend": ({}, lambda: ENGINE.recommend(WOMAN, at=AT)),
    "recommend, short": ({"detail": "short"}, lambda: shorten(ENGINE.recommend(WOMAN, at=AT))),
    "recommend, two": ({"limit": 2}, lambda: ENGINE.recommend(WOMAN, at=AT, limit=2)),
    "why": (SHELTER, lambda: ENGINE.why(WOMAN, kinds.EMERGENCY_SHELTER, at=AT)),
    "why-not": (SHELTER, lambda: ENGINE.why_not(WOMAN, kinds.EMERGENCY_SHELTER, at=AT)),
    "what-if": (SHELTER, lambda: ENGINE.what_if(WOMAN, kinds.EMERGENCY_SHELTER, at=AT)),
    "questions": ({"limit": 3}, lambda: ENGINE.next_questions(WOMAN, at=AT, limit=3)),
    "note": (
        SHELTER | {"needs": ["un lit"]},
        lambda: ENGINE.recommend(WOMAN, at=AT).referral_note(
            kinds.EMERGENCY_SHELTER, needs=["un lit"]
        ),
    ),
}


@pytest.mark.parametrize("what", SAID)
def test_it_says_what_the_engine_says(service, what):
    fields, said = SAID[what]
    got = service.post(what.partition(",")[0], **fields)
    assert got.status_code == 200
    assert got.text == said().to_json()


def test_two_situations_are_compared(service):
    asked = {"before": {}, "after": WOMAN, "at": AT, "language": "en"}
    got = service.ask("POST", "/v1/compare", json=asked)
    assert got.text == ENGINE.compare({}, WOMAN, at=AT, language="en").to_json()


@pytest.mark.parametrize(
    ("path", "fields", "kind", "beginning"),
    [
        ("note", SHELTER | {"format": "html"}, "text/html", "<!doctype html>"),
        ("note", SHELTER | {"format": "markdown"}, "text/markdown", "# Rien à transmettre"),
        ("sheet", {}, "text/html", "<!doctype html>"),
        ("sheet", {"format": "text", "named": True}, "text/plain", "# Numéros utiles"),
    ],
)
def test_papers_come_as_they_are_printed(service, path, fields, kind, beginning):
    got = service.post(path, **fields)
    assert got.headers["content-type"] == f"{kind}; charset=utf-8"
    assert got.text.startswith(beginning)


def test_each_territory_answers_with_its_own_rules(service):
    versions = service.get("/version").json()["rules"]
    assert [*versions] == ["pays-de-saint-malo", "rennes"]
    got = service.post("recommend", territory="rennes").json()
    assert got["identity"] == versions["rennes"]
    assert service.post("recommend").json()["identity"]["territory"] == "pays-de-saint-malo"
    unknown = service.post("recommend", territory=MARK)
    assert unknown.status_code == 422
    assert "servis ici : `pays-de-saint-malo`, `rennes`" in unknown.text


def test_now_is_a_moment_and_no_moment_has_to_be_said(service):
    assert re.match(r"20\d\d-", service.post("recommend", at="now").json()["at"])
    assert service.post("recommend", at=None).json()["at"] is None
    got = service.ask("POST", "/v1/recommend", json={"situation": WOMAN})
    assert (got.status_code, got.json()["problems"][0]["message"]) == (422, "`at` est attendu")


def test_words_are_those_of_a_form_and_of_every_kind(service):
    got = service.get("/v1/vocabulary?language=en").json()
    assert got["form"] == ENGINE.form("en").as_dict()
    assert [one["kind"] for one in got["kinds"]] == [*ENGINE.rule_set.vocabulary.kinds]


def test_the_page_asks_nobody_and_may_not_be_framed(service):
    got = service.get("/")
    assert got.text.startswith("<!doctype html>")
    assert got.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert "default-src 'none'" in got.text.partition("<style>")[0]
    assert service.get("/?territory=rennes&language=en").text != got.text


def test_the_served_page_says_who_answers_for_each_territory(checkout):
    for name in ("here", "there"):
        place = checkout / "territories" / name
        place.mkdir(parents=True)
        told = f'label: {{fr: "Ici"}}\ntransparency: {{administration: "Service {name}"}}\n'
        (place / "territory.yaml").write_text(told, "utf-8")
    names = ["here", "there", "here"]
    service = Service(create_app(rules="rules", partners="partners.yaml", territories=names))
    assert "Service here emploie un outil" in service.get("/").text
    assert "Service there emploie un outil" in service.get("/?territory=there").text


def test_nothing_is_kept_on_the_way(service):
    got = service.post("recommend")
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "access-control-allow-origin" not in got.headers


def test_pages_of_other_origins_ask_only_where_they_are_named(service):
    ask = {"origin": "https://elsewhere.example", "access-control-request-method": "POST"}
    assert service.ask("OPTIONS", "/v1/recommend", headers=ask).status_code == 405
    named = Service(create_app(allow_origins=["https://here.example"]))
    assert named.ask("OPTIONS", "/v1/recommend", headers=ask).status_code == 400
    got = named.ask("OPTIONS", "/v1/recommend", headers=ask | {"origin": "https://here.example"})
    assert got.headers["access-control-allow-origin"] == "https://here.example"


# What somebody may send by mistake or on purpose; the mark stands wherever it may be told again.
HOSTILE: dict[str, dict[str, object]] = {
    "an answer": {"situation": {"role": MARK}},
    "a key": {"situation": {MARK: "yes"}},
    "a commune": {"situation": {"commune": MARK}},
    "a tick": {"situation": {"minors": [MARK]}},
    "a nested key": {"situation": {"minors": {MARK: []}}},
    "a text": {"situation": MARK},
    "a field": {MARK: 1},
    "a moment": {"at": MARK},
    "a language": {"language": MARK},
    "a limit": {"limit": MARK},
    "a detail": {"detail": MARK},
    "what was tried": {"already": {MARK: "contacted"}},
    "how it was tried": {"already": {kinds.CRIP: MARK}},
}


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_that_was_sent_comes_back_or_is_logged(service, what, caplog):
    caplog.set_level(logging.DEBUG)
    got = service.post("recommend", **HOSTILE[what])
    assert got.status_code == 422
    assert got.json()["count"] >= 1
    assert MARK not in got.text + repr(got.headers) + service.get("/metrics").text
    assert [line for line in map(str, caplog.messages) if MARK in line] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/{MARK}", 404),
        ("GET", f"/v1/recommend/{MARK}", 404),
        ("GET", f"/v1/recommend?{MARK}={MARK}", 405),
        ("POST", f"/v1/recommend?{MARK}", 404),
        ("GET", f"/v1/vocabulary?{MARK}={MARK}", 422),
        ("GET", f"/?territory={MARK}", 422),
        ("GET", f"/health/?{MARK}", 404),
        ("DELETE", "/v1/recommend", 405),
    ],
)
def test_an_address_is_not_repeated_either(service, method, path, status):
    got = service.ask(method, path, json=ASKED) if method == "POST" else service.ask(method, path)
    assert got.status_code == status
    assert MARK not in got.text + repr(got.headers) + service.get("/metrics").text


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 60_000, 400),
        (b'{"situation": {}, "at": null, "limit": NaN}', 400),
        (b'{"situation": {}, "at": null, "limit": ' + b"9" * 5_000 + b"}", 400),
        (b'{"situation": {"role": "victim", "role": "witness"}, "at": null}', 422),
        (b"[]", 422),
        (b"7", 422),
        (b"{}", 422),
    ],
)
def test_what_is_no_request_is_refused(service, content, status):
    got = service.send(content)
    assert (got.status_code, got.json()["count"] > 0) == (status, True)


def test_twenty_problems_are_told_and_all_are_counted(service):
    fields = service.post("recommend", **{f"x{n}": 1 for n in range(99)}).json()
    assert fields["problems"][0]["params"] == {"count": 99}
    answers = service.post("recommend", situation={f"x{n}": 1 for n in range(99)}).json()
    assert (len(answers["problems"]), answers["count"]) == (20, 99)
    assert answers["problems"][-1]["code"] == "A008"


def test_past_twenty_problems_the_last_one_counts_the_others():
    def said(problems):
        told = json.loads(refusal(IscgError(problems)))
        return len(told["problems"]), told["problems"][-1]["params"], told["count"]

    wrong = [Problem("A010", f"{n}") for n in range(300)]
    assert said(wrong[:20]) == (20, {}, 20)
    assert said(wrong[:21]) == (20, {"more": 2}, 21)
    # Of more than a hundred, an error keeps a hundred.
    assert said(wrong) == (20, {"more": 281}, 300)
    counted = [*wrong[:3], Problem("A008", "plus", params={"more": 7})]
    assert said(counted) == (4, {"more": 7}, 10)


def test_half_a_character_is_no_text_of_a_note(service):
    asked = ASKED | SHELTER | {"reason": "\ud800", "needs": ["\ud800"]}
    got = service.send(json.dumps(asked), "note")
    assert [one["params"]["field"] for one in got.json()["problems"]] == ["needs", "reason"]


@pytest.mark.parametrize(("limit", "status"), [(2, 200), (2.0, 200), (2.5, 422), (True, 422)])
def test_a_number_is_what_json_means_by_it(service, limit, status):
    assert service.post("recommend", limit=limit).status_code == status


# What a description that is believed, and a program that is not, may send; found by schemathesis.
JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    "",
    "x" * 300,
    [],
    {},
    [[]],
    {"yes": 1},
    {"no": {}},
    "\ud800",
]


def junk(number):
    """Make a request of the right shape with wrong things in it, the same for the same number."""
    chance = random.Random(number)  # noqa: S311 # no secret
    situation = WOMAN | {chance.choice([*WOMAN, MARK]): chance.choice(JUNK) for _ in range(2)}
    asked: dict[str, Any] = {**ASKED, "situation": situation, "kind": kinds.CRIP}
    for name in ("limit", "at", "kind", "language", "goal", "reason", "format", "situation"):
        if chance.random() < 0.15:
            asked[name] = chance.choice(JUNK)
    content = json.dumps(asked).encode()
    if chance.random() < 0.2:
        content = content[: chance.randrange(len(content))]
    return chance.choice(ENDPOINTS).path, content


def test_whatever_is_sent_is_answered_or_refused(app):
    statuses: Counter[int] = Counter()

    async def ask_all():
        transport = httpx.ASGITransport(app)
        headers = {"content-type": "application/json"}
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            for number in range(300):
                path, content = junk(number)
                got = await client.post(path, content=content, headers=headers)
                assert MARK not in got.text
                statuses[got.status_code] += 1

    asyncio.run(ask_all())
    assert statuses.keys() == {200, 400, 422}


def test_other_than_json_is_refused(service):
    got = service.ask("POST", "/v1/recommend", data={"role": MARK})
    assert (got.status_code, MARK in got.text) == (415, False)


def asked_for(body, headers=()):
    """Ask a guarded application; return what was sent, each reading and how much it was given."""
    calls: list[object] = []

    async def app(_scope, receive, send):
        got = await receive()
        calls.append(len(got["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    waiting, sent = [*body], []

    async def receive():
        calls.append("read")
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    guard = Guard(app, Metrics(), seconds=0.05)
    asyncio.run(guard({"type": "http", "headers": [*headers]}, receive, send))
    return sent, calls


def parts(*bodies):
    return [
        {"type": "http.request", "body": body, "more_body": number + 1 < len(bodies)}
        for number, body in enumerate(bodies)
    ]


CHUNKED = [(b"transfer-encoding", b"chunked")]


def test_a_body_that_is_said_to_be_too_big_is_refused_before_it_is_read():
    sent, _ = asked_for([], [(b"content-length", b"50000000")])
    assert sent[0]["status"] == 413
    # The whole answer is there before anything is read.
    assert json.loads(sent[1]["body"])["problems"][0]["code"] == "H413"


def test_a_body_without_a_length_is_read_up_to_the_bound():
    many = parts(*[b"x" * 10_000] * 5_000)
    sent, calls = asked_for(many, CHUNKED)
    assert sent[0]["status"] == 413
    assert calls.count("read") < 1_000
    sent, calls = asked_for(parts(b"x" * MOST_BYTES), CHUNKED)
    assert (sent[0]["status"], calls) == (200, ["read", MOST_BYTES])


def test_who_sends_too_slowly_is_told_so():
    sent, _ = asked_for(parts(b"x", b"y")[:1], CHUNKED)
    assert sent[0]["status"] == 408


def test_who_leaves_is_not_answered():
    sent, calls = asked_for([{"type": "http.disconnect"}], CHUNKED)
    assert (sent, calls) == ([], ["read"])


def test_a_mistake_of_ours_shows_no_answer(app, service, caplog, monkeypatch):
    def fail(*_, **__):
        raise KeyError(MARK)

    monkeypatch.setattr(Engine, "recommend", fail)
    got = service.post("recommend")
    assert (got.status_code, got.json()["problems"][0]["code"]) == (500, "H500")
    assert MARK not in got.text + caplog.text
    assert "erreur interne (KeyError, test_web.py:" in caplog.text
    text = app.state.metrics.text().decode()
    assert 'iscg_requests_total{route="/v1/recommend",status="500"} 1.0' in text


def test_a_search_that_takes_too_long_is_given_up(service, monkeypatch):
    done = threading.Event()
    monkeypatch.setattr(Engine, "what_if", lambda *_, **__: done.wait(30))
    monkeypatch.setattr("iscg_rules.web.application.MOST_SECONDS", 0.05)
    got = service.post("what-if", **SHELTER)
    done.set()
    assert (got.status_code, got.json()["problems"][0]["code"]) == (503, "H503")


def test_nothing_of_an_answer_is_left_behind():
    # What only a collection of garbage takes away stays in memory until there is one.
    def asked():
        for name, (_, answer) in SAID.items():
            assert answer().to_json(), name
        with pytest.raises(IscgError):
            ENGINE.recommend(WOMAN | {"role": MARK}, at=AT)

    asked()
    gc.collect()
    gc.disable()
    try:
        asked()
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.usefixtures("checkout")
def test_rules_that_are_replaced_are_gone_at_once():
    gc.disable()
    try:
        app = create_app(rules="rules", partners="partners.yaml")
        Service(app).get("/openapi.json")
        before = ref(app.state.shelf.served.engine(None).rule_set)
        assert app.state.shelf.reload()
        assert before() is None
    finally:
        gc.enable()


def test_metrics_have_names_of_ours_only(service):
    service.post("recommend", situation={"role": "x"})
    lines = service.get("/metrics").text.splitlines()
    labels = {pair for line in lines for pair in re.findall(r'(\w+)="([^"]*)"', line)}
    names = {name for name, _ in labels}
    assert names <= {"route", "status", "code", "le", "outcome"}
    routes = {value for name, value in labels if name == "route"}
    known = {endpoint.path for endpoint in ENDPOINTS}
    others = {"/", "/health", "/version", "/metrics", "/v1/vocabulary", "/openapi.json", "/docs"}
    assert routes <= known | others | {""}


def test_the_description_is_in_the_words_of_the_rules(service):
    described = service.get("/openapi.json").json()
    situation = described["components"]["schemas"]["Situation"]
    assert situation["additionalProperties"] is False
    assert {"const": "victim", "title": "victime"} in (
        situation["properties"]["role"]["anyOf"][0]["oneOf"]
    )
    # `true` is taken for yes, and is said to be.
    assert {"type": "boolean"} in situation["properties"]["present"]["anyOf"]
    body = described["paths"]["/v1/why"]["post"]["requestBody"]["content"]["application/json"]
    assert kinds.EMERGENCY_SHELTER in body["schema"]["properties"]["kind"]["enum"]
    assert {endpoint.path for endpoint in ENDPOINTS} < described["paths"].keys()


def test_the_manual_asks_nothing_of_anybody(service):
    page = service.get("/docs").text
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="([^"]+)"', page) == ["openapi.json"]
    assert all(f"<code>POST {endpoint.path}</code>" in page for endpoint in ENDPOINTS)


RULE = "rules:\n  - id: nowhere\n    when: {nowhere: yes}\n"


def test_files_that_changed_are_served_once_they_rest(checkout):
    app = create_app(rules="rules", partners="partners.yaml")
    shelf = app.state.shelf
    before, looks = shelf.served, shelf.watched()
    assert next(looks) is None
    path = checkout / "rules" / "more.yaml"
    path.write_text("rules: []\n")
    assert [next(looks), next(looks), next(looks)] == [None, True, None]
    assert shelf.served.engine(None).identity != before.engine(None).identity


def test_an_application_that_lives_looks_by_itself(checkout, caplog):
    app = create_app(rules="rules", partners="partners.yaml", look_every=0.01)
    before = app.state.shelf.served

    async def live():
        async with app.router.lifespan_context(app):
            (checkout / "rules" / "more.yaml").write_text("rules: []\n")
            while not caplog.messages:  # noqa: ASYNC110 # a log has no event
                await asyncio.sleep(0.01)
            assert gc.get_freeze_count() > 0

    asyncio.run(asyncio.wait_for(live(), 60))
    assert caplog.messages[0] == "règles relues"
    assert app.state.shelf.served is not before
    assert b'iscg_reloads_total{outcome="ok"} 1.0' in app.state.metrics.text()
    assert (gc.isenabled(), gc.get_freeze_count()) == (True, 0)


def test_files_with_problems_are_told_and_the_old_rules_go_on(checkout):
    app = create_app(rules="rules", partners="partners.yaml")
    service, shelf = Service(app), app.state.shelf
    first = shelf.served.engines
    path = checkout / "rules" / "more.yaml"
    path.write_text(RULE)
    assert shelf.reload() is False
    assert shelf.served.engines is first
    health = service.get("/health").json()
    assert health["status"] == "degraded"
    assert health["problems"][0]["file"] == "rules/more.yaml"
    path.unlink()
    assert shelf.reload() is True
    assert service.get("/health").json()["status"] == "ok"
    # All are counted, however few are told and kept: each rule lacks two fields, and has no such
    # attribute to name.
    path.write_text(
        "rules:\n" + "".join(RULE[7:].replace("nowhere\n", f"x{n}\n") for n in range(150))
    )
    assert shelf.reload() is False
    health = service.get("/health").json()
    assert (len(health["problems"]), health["count"]) == (20, 450)
    path.unlink()
    # A folder that is away for a moment is a problem too, and no end.
    (checkout / "rules").rename(checkout / "elsewhere")
    assert shelf.reload() is False
    assert shelf.served.engines is not None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--workers", "0"], "A011"),
        (["--port", "70000"], "A011"),
        (["--territory", "nulle-part"], "A011"),
        (["--rules", "nulle-part"], "Y001"),
    ],
)
def test_serve_says_what_is_wrong_before_it_begins(arguments, said, capsys):
    assert main(["serve", *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("is_number_taken", [False, True])
def test_what_a_killed_process_said_of_the_rules_is_forgotten(
    tmp_path, monkeypatch, is_number_taken
):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    kept = [f"gauge_livemax_{os.getpid()}.db", f"counter_{ended.pid}.db"]
    for name in (*kept, f"gauge_livemax_{ended.pid}.db"):
        (tmp_path / name).write_bytes(b"")
    if is_number_taken:
        # Another user's process has the number now.
        ask = os.kill

        def refuse(process, signal):
            if process == ended.pid:
                raise PermissionError
            ask(process, signal)

        monkeypatch.setattr("iscg_rules.web.metrics.os.kill", refuse)
    forget_ended(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
