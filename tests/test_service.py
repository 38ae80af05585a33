"""The example service over real HTTP: same answers as the engine, nothing of them in any log."""

import importlib.util
import logging
import socket
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
import uvicorn

from iscg_rules import Engine

ROOT = Path(__file__).parents[1]
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
ENGINE = Engine.load()


@pytest.fixture(scope="module")
def service():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    spec = importlib.util.spec_from_file_location("service", ROOT / "examples" / "service.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["service"] = module
    spec.loader.exec_module(module)
    config = uvicorn.Config(module.app, port=port, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    server.should_exit = True
    thread.join()


def test_recommend_says_what_the_engine_says(service):
    got = service.post("/recommend", json=ASKED)
    assert got.status_code == 200
    assert got.text == ENGINE.recommend(WOMAN, at=AT).to_json()


@pytest.mark.parametrize("path", ["why", "why-not", "what-if"])
def test_explanations_name_their_kind(service, path):
    got = service.post(f"/{path}/emergency_shelter", json=ASKED).json()
    assert got["kind"] == "emergency_shelter"
    assert got.get("is_certain", True)


def test_the_next_question_is_about_safety(service):
    got = service.post("/questions", json=ASKED).json()
    assert got["questions"][0]["attribute"] == "immediate_danger"


def test_a_refusal_names_no_answer_and_no_log_holds_one(service, caplog):
    caplog.set_level(logging.DEBUG)
    for wrong in (
        {"commune": "secret-35"},
        {"role": "secret-35"},
        {"secret-35": "yes"},
        "secret-35",
    ):
        got = service.post("/recommend", json={"situation": wrong, "at": None})
        assert got.status_code == 422
        assert "secret-35" not in got.text
    beside = service.post("/recommend", json={**ASKED, "secret-35": "yes"})
    assert beside.status_code == 422
    assert "secret-35" not in beside.text
    many = service.post("/recommend", json={"situation": {}, **{f"x{n}": 1 for n in range(99)}})
    assert (many.json()["count"], len(many.json()["problems"])) == (99, 20)
    unknown = service.post("/why/emergency_shelte", json=ASKED)
    assert unknown.status_code == 422
    assert "vouliez-vous dire `emergency_shelter`" in unknown.text
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert [text for text in ours if "secret-35" in text or "must_leave" in text] == []


def test_openapi_comes_from_the_models(service):
    schema = service.get("/openapi.json").json()
    assert "/recommend" in schema["paths"]
    assert "Recommendation" in schema["components"]["schemas"]
