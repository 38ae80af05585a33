"""The service over real HTTP: what only a socket shows, and what its logs say of it."""

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest
import uvicorn

from iscg_rules.cli import serve
from iscg_rules.cli.parser import build_parser
from iscg_rules.web import create_app
from tests.test_web import ASKED, AT, ENGINE, MARK, WOMAN


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_until(is_so):
    deadline = time.monotonic() + 60
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.05)


@pytest.fixture(scope="module")
def service():
    chosen = build_parser().parse_args(["serve", "--port", str(free_port())])
    server = uvicorn.Server(uvicorn.Config(create_app(), **serve._options(chosen)))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_until(lambda: server.started)
    with httpx.Client(base_url=f"http://127.0.0.1:{chosen.port}", timeout=30) as client:
        yield client
    server.should_exit = True
    thread.join()


def connected(service):
    return socket.create_connection((service.base_url.host, service.base_url.port))


HEAD = b"POST /v1/recommend HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\n"


def test_it_says_what_the_engine_says(service):
    got = service.post("/v1/recommend", json=ASKED)
    assert got.text == ENGINE.recommend(WOMAN, at=AT).to_json()
    assert "server" not in got.headers


def test_no_log_holds_anything_that_was_sent(service, caplog):
    # Whatever the level: uvicorn's own has one below DEBUG.
    caplog.set_level(1)
    # Not the log of accesses: there is none, unless somebody listens to it.
    for name in ("uvicorn", "uvicorn.error", "asyncio"):
        caplog.set_level(1, logger=name)
    service.post("/v1/recommend", json=ASKED)
    service.post("/v1/recommend", json=ASKED | {"situation": {MARK: MARK, "role": MARK}})
    service.get(f"/{MARK}?{MARK}", headers={MARK: MARK})
    with connected(service) as connection:
        connection.sendall(f"{MARK} {MARK}\r\n\r\n".encode())
        assert MARK.encode() not in connection.recv(10_000)
    ours = [one for one in caplog.records if not one.name.startswith("http")]
    assert [text for one in ours if MARK in (text := one.getMessage())] == []
    assert [text for one in ours if "must_leave" in (text := one.getMessage())] == []


def test_fifty_megabytes_are_refused_at_once_and_not_kept(service):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with connected(service) as connection:
        started = time.perf_counter()
        connection.sendall(HEAD + b"content-length: 50000000\r\n\r\n")
        got = connection.recv(10_000)
        taken = time.perf_counter() - started
    assert got.startswith(b"HTTP/1.1 413")
    assert MARK.encode() not in got
    # A tenth of a second on a machine of its own.
    assert taken < 1
    # One who sends it all the same is answered, and not cut off before the answer is read.
    assert service.post("/v1/recommend", content=bytes(5_000_000)).status_code == 413
    chunks = (bytes(50_000) for _ in range(100))
    assert service.post("/v1/recommend", content=chunks).status_code == 413
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


def test_two_hundred_slow_clients_do_not_hold_up_another(service):
    slow = [connected(service) for _ in range(200)]
    for connection in slow:
        connection.sendall(HEAD + b"content-length: 60000\r\n\r\n{")
    started = time.perf_counter()
    assert service.post("/v1/recommend", json=ASKED).status_code == 200
    assert time.perf_counter() - started < 2
    for connection in slow:
        connection.close()


def test_two_processes_share_their_counts_and_end_when_they_are_told():
    port = free_port()
    command = [sys.executable, "-m", "iscg_rules", "serve", "--port", str(port), "--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ}) as ran:
        assert ran.stderr
        assert ran.stderr.readline() == f"http://127.0.0.1:{port}\u00a0: pays-de-saint-malo\n"

        def answers():
            try:
                return httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
            except httpx.TransportError:
                return False

        wait_until(answers)
        for _ in range(8):
            assert answers()
        httpx.post(f"http://127.0.0.1:{port}/v1/why?{MARK}", json=ASKED | {MARK: MARK})
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert 'iscg_requests_total{route="/health",status="200"} 9.0' in text
        ran.send_signal(signal.SIGTERM)
        assert MARK not in ran.stderr.read()
    assert ran.returncode == 0
