"""One command serves and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace.infra.config import ROOT, Settings
from marketplace.infra.serve import answers_at, children_of, environment_of, port_is_free

# A supervisor over two children: one writes its number and sleeps, the other ends again and again.
SCRIPT = """
import sys
from pathlib import Path
from marketplace.infra import serve

folder, second = Path(sys.argv[1]), sys.argv[2]
steady = "import os, time, pathlib;" \\
    "pathlib.Path(r'%s', str(os.getpid())).touch(); time.sleep(600)" % folder
children = [serve.Child("steady", [sys.executable, "-c", steady])]
if second == "hopeless":
    children.append(serve.Child("hopeless", [sys.executable, "-c", "raise SystemExit(3)"]))
supervisor = serve.Supervisor(
    children,
    answers=lambda: any(folder.iterdir()),
    on_ready=lambda: print("ready", flush=True),
    environment={},
)
sys.exit(supervisor.run())
"""

# What a first suggestion of a category asks of its thread: a system of equations that OpenBLAS
# takes apart with frames of half a megabyte each.
HEAVY_APP = """
import numpy as np

def app(environ, start_response):
    np.linalg.solve(np.eye(400) * 9 + np.arange(400) / 400, np.ones((400, 60)))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"solved"]
"""


def start(folder: Path, second: str = "none") -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder), second],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    with start(tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def numbers(folder: Path) -> set[int]:
    return {int(place.name) for place in folder.iterdir()}


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_for(condition, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything(
    supervisor: "subprocess.Popen[str]", tmp_path: Path, number: int
) -> None:
    (child,) = numbers(tmp_path)
    supervisor.send_signal(number)
    assert supervisor.wait(30) == 0
    assert not is_alive(child)


def test_a_child_that_was_killed_is_started_again(
    supervisor: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    (first,) = numbers(tmp_path)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(numbers(tmp_path)) == 2)
    (second,) = numbers(tmp_path) - {first}
    assert is_alive(second)
    supervisor.terminate()
    assert supervisor.wait(30) == 0
    assert not is_alive(second)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a killed parent")
def test_children_do_not_outlive_a_supervisor_that_was_killed(
    supervisor: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    (child,) = numbers(tmp_path)
    supervisor.kill()
    supervisor.wait(30)
    wait_for(lambda: not is_alive(child))


def test_a_child_that_cannot_stay_up_ends_it_all(tmp_path: Path) -> None:
    with start(tmp_path, "hopeless") as process:
        assert process.wait(60) == 1
    assert not any(is_alive(number) for number in numbers(tmp_path))


def test_a_request_that_needs_a_deep_stack_does_not_kill_its_process(tmp_path: Path) -> None:
    (tmp_path / "heavy.py").write_text(HEAVY_APP)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(data_dir=tmp_path, port=port, web_processes=1)
    command = list(children_of(settings)[0].command)
    command[command.index(str(ROOT))] = str(tmp_path)
    command[-1] = "heavy:app"
    with subprocess.Popen(command, env=environment_of(settings), cwd=tmp_path) as web:
        try:
            wait_for(answers_at("127.0.0.1", port), 20.0)
        finally:
            web.terminate()


def test_a_first_start_says_each_step_and_then_where_the_site_is(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--prepare"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port), "DATA_DIR": str(tmp_path), "WEB_PROCESSES": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as site:
        assert site.stdout is not None
        assert site.stderr is not None
        try:
            steps = [site.stderr.readline() for _ in range(3)]
            told = [site.stdout.readline() for _ in range(3)]
        finally:
            site.terminate()
    assert steps == [
        "Bringing the database to this version ...\n",
        "Loading regions, categories and words ...\n",
        "Starting the site ...\n",
    ]
    assert told == ["\n", f"Temu Gerai: http://localhost:{port}\n", "Stop: Ctrl-C\n"]


def test_a_port_in_use_is_noticed_before_anything_starts() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        other.listen()
        assert not port_is_free("127.0.0.1", port)
    assert port_is_free("127.0.0.1", port)


def test_a_port_in_use_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        other.listen()
        run = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port), "DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert run.returncode == 1
    assert run.stderr.strip().splitlines() == [
        f"Error: Port {port} is in use. Choose another, for example PORT={port + 1}."
    ]
