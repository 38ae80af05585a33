"""The service over loopback: eight clients, how many answers a second, how long, at what cost.

python benchmarks/service.py [--seconds 20] [--workers 2] [--detail short] [--reload]

It starts `iscg-rules serve` over a copy of the rules, asks the cases of their authors, and, with
`--reload`, changes a file of rules every two seconds, every third time into one that cannot be
read. Clients are threads of one process with a connection each.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

ROOT = Path(__file__).parents[1]
AT = "2026-11-27T22:30"


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--detail", default="full")
    parser.add_argument("--path", default="/v1/recommend")
    parser.add_argument("--slow", type=int, default=0, help="clients that send a byte a second")
    parser.add_argument("--reload", action="store_true")
    chosen = parser.parse_args()
    with TemporaryDirectory() as scratch:
        for name in ("rules", "territories"):
            shutil.copytree(ROOT / name, Path(scratch) / name)
        shutil.copy(ROOT / "partners.yaml", scratch)
        port = _free_port()
        command = [sys.executable, "-m", "iscg_rules", "serve", "--port", str(port)]
        command += ["--workers", str(chosen.workers), "--rules", f"{scratch}/rules"]
        command += ["--look-every", "1"]
        service = subprocess.Popen(command, cwd=scratch)
        try:
            _measure(chosen, port, service.pid, Path(scratch))
        finally:
            service.terminate()
            service.wait()


def _measure(chosen: argparse.Namespace, port: int, pid: int, folder: Path) -> None:
    requests = _requests(chosen)
    _wait(port, requests[0])
    before, done = _cpu(pid), threading.Event()
    own = time.process_time()
    found: list[list[tuple[float, int]]] = [[] for _ in range(chosen.clients)]
    threads = [
        threading.Thread(target=_client, args=(port, requests[n :: chosen.clients], taken, done))
        for n, taken in enumerate(found)
    ]
    if chosen.reload:
        threads.append(threading.Thread(target=_change, args=(folder, done)))
    if chosen.slow:
        threads.append(threading.Thread(target=_dawdle, args=(port, chosen.slow, done)))
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    time.sleep(chosen.seconds)
    done.set()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    spent, own = _cpu(pid) - before, time.process_time() - own
    times = sorted(taken for one in found for taken, _ in one)
    wrong = sum(status != 200 for one in found for _, status in one)  # noqa: PLR2004
    print(f"{len(times)} answers in {elapsed:.1f} s: {len(times) / elapsed:.0f} a second")
    for share in (0.5, 0.99, 0.999):
        print(f"p{share * 100:g}: {times[int(share * len(times))] * 1e3:.1f} ms")
    print(f"other than 200: {wrong}; answers by client: {[len(one) for one in found]}")
    each = 1e3 / len(times)
    print(f"CPU: {spent * each:.2f} ms an answer in the service, {own * each:.2f} in the clients")
    print(f"load average: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"mean {statistics.mean(times) * 1e3:.1f} ms")


def _requests(chosen: argparse.Namespace) -> list[bytes]:
    cases = [
        case["situation"]
        for path in sorted(ROOT.glob("rules/cases/*.yaml"))
        for case in yaml.load(path.read_text(), yaml.BaseLoader)["cases"]  # noqa: S506
        if isinstance(case["situation"], dict)
    ]
    made = []
    for situation in cases:
        asked = {"situation": situation, "at": AT}
        if chosen.path == "/v1/recommend":
            asked["detail"] = chosen.detail
        body = json.dumps(asked).encode()
        head = f"POST {chosen.path} HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\n"
        made.append(head.encode() + f"content-length: {len(body)}\r\n\r\n".encode() + body)
    return made


def _client(
    port: int, requests: list[bytes], taken: list[tuple[float, int]], done: threading.Event
) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = 0
        while not done.is_set():
            started = time.perf_counter()
            status = _ask(connection, requests[number % len(requests)])
            taken.append((time.perf_counter() - started, status))
            number += 1


def _ask(connection: socket.socket, request: bytes) -> int:
    connection.sendall(request)
    got = b""
    while b"\r\n\r\n" not in got:
        more = connection.recv(262_144)
        if not more:
            return 0
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    left = length - len(body)
    while left > 0:
        left -= len(connection.recv(262_144))
    return int(head[9:12])


def _change(folder: Path, done: threading.Event) -> None:
    """Write a file of rules anew, again and again, and sometimes wrongly."""
    path, number = folder / "rules" / "zz-extra.yaml", 0
    while not done.wait(2):
        number += 1
        path.write_text("rules: [}" if number % 3 == 0 else f"# {number}\nrules: []\n")


def _dawdle(port: int, count: int, done: threading.Event) -> None:
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    head = b"POST /v1/recommend HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\n"
    for connection in connections:
        connection.sendall(head + b"content-length: 60000\r\n\r\n")
    while not done.wait(1):
        for connection in connections:
            try:
                connection.sendall(b"{")
            except OSError:
                continue
    for connection in connections:
        connection.close()


def _wait(port: int, request: bytes) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port)) as connection:
                _ask(connection, request)
                return
        except OSError:
            time.sleep(0.2)


def _cpu(pid: int) -> float:
    """Give the seconds of a process and of all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    own = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return own + sum(_cpu(int(child)) for child in children)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    main()
