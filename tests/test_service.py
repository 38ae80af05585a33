"""The service over real HTTP: what only a socket shows, and what its logs say of it."""

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

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


@contextmanager
def two_processes(folder):
    port = free_port()
    command = [sys.executable, "-m", "iscg_rules", "serve", "--port", str(port), "--workers", "2"]
    command += ["--rules", "rules", "--partners", "partners.yaml", "--look-every", "1"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as ran:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                wait_until(lambda: answers(client))
                yield ran, client
        finally:
            ran.send_signal(signal.SIGTERM)


def answers(client):
    try:
        return client.get("/health").status_code == 200
    except httpx.TransportError:
        return False


def held_by(process, port):
    """Count the connections to a port that each process has which was started by one."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    known = {f"socket:[{one[9]}]" for one in lines if one[1].endswith(f":{port:04X}")}
    listening = {f"socket:[{one[9]}]" for one in lines if one[3] == "0A"}
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    held = []
    for child in children:
        files = {str(path.readlink()) for path in Path(f"/proc/{child}/fd").iterdir()}
        if files & known:
            held.append(len(files & known - listening))
    return held


def test_connections_are_shared_and_both_processes_tell_of_rules_that_are_wrong(checkout):
    with two_processes(checkout) as (ran, client), ExitStack() as opened:
        client.close()
        # Both have started, or the first one would have them all.
        wait_until(lambda: len(held_by(ran.pid, client.base_url.port)) == 2)
        clients = [opened.enter_context(httpx.Client(base_url=client.base_url)) for _ in range(8)]
        assert all(answers(one) for one in clients)
        assert sorted(held_by(ran.pid, client.base_url.port)) in ([3, 5], [4, 4])
        (checkout / "rules" / "more.yaml").write_text("rules: [}")
        statuses = {"ok"}

        def told():
            statuses.clear()
            statuses.update(one.get("/health").json()["status"] for one in clients)
            return statuses == {"degraded"}

        wait_until(told)
        assert statuses == {"degraded"}
        assert "iscg_degraded 1.0" in clients[0].get("/metrics").text
        # Who goes on asking is answered by the rules of before.
        assert clients[0].post("/v1/recommend", json={"situation": {}, "at": AT}).is_success
        (checkout / "rules" / "more.yaml").unlink()
        wait_until(lambda: "iscg_degraded 0.0" in clients[0].get("/metrics").text)
        assert "iscg_degraded 0.0" in clients[0].get("/metrics").text


def test_no_answer_waits_until_half_of_it_is_acknowledged(checkout):
    with two_processes(checkout) as (_, client):
        taken = []
        for _ in range(20):
            started = time.perf_counter()
            client.post("/v1/recommend", json={"situation": {}, "at": AT})
            taken.append(time.perf_counter() - started)
    # Linux acknowledges after 40 ms; the best of twenty is no matter of load.
    assert min(taken) < 0.03


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
