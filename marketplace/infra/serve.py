"""One command that serves: web processes and the background worker, watched together.

Each child leads a process group of its own, so that stopping it stops what it started. A child that
ends is started again; one that cannot stay up ends the whole, so that whoever watches us knows.
"""

import contextlib
import ctypes
import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from marketplace.infra.config import ROOT, Settings

log = logging.getLogger(__name__)

TICK_SECONDS = 0.1
STOP_SECONDS = 15.0
# So many ends within this time are not bad luck: the child cannot run here.
QUICK_ENDS, QUICK_SECONDS = 5, 30.0
# Granian's threads get 2 MiB, and OpenBLAS leaps over the end of that unseen: it takes half a
# megabyte for each level of a matrix, on as many threads as there are cores.
STACK_BYTES = 8 * 1024 * 1024

_PR_SET_PDEATHSIG = 1


def port_is_free(address: str, port: int) -> bool:
    """True where nobody listens at `address`:`port`."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


@dataclass(slots=True)
class Child:
    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    ends: list[float] = field(default_factory=list)


def children_of(settings: Settings) -> list[Child]:
    """The web server and the worker, as commands of this very Python."""
    python = sys.executable
    web = [python, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"]
    web += ["--host", settings.listen_on, "--port", str(settings.port)]
    web += ["--workers", str(settings.web_processes), "--respawn-failed-workers"]
    web += ["--blocking-threads", str(settings.web_threads), "--workers-kill-timeout", "10"]
    web += ["--working-dir", str(ROOT), "wsgi:app"]
    worker = [python, "-m", "flask", "--app", str(ROOT / "wsgi.py"), "worker"]
    return [Child("web", web), Child("worker", worker)]


def environment_of(settings: Settings) -> dict[str, str]:
    """What the children find in their environment besides ours."""
    return {
        **os.environ,
        # The web server changes its folder: a relative DATA_DIR must not move with it.
        "DATA_DIR": str(settings.data_dir.resolve()),
        "BUILD_INDEX_AT_START": "1",
        "RUST_MIN_STACK": str(STACK_BYTES),
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "1"),
    }


class Supervisor:
    """Keep `children` running until a signal says stop; `on_ready` runs once `answers` is true."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        answers: Callable[[], bool],
        on_ready: Callable[[], None],
        environment: dict[str, str],
    ) -> None:
        self._children = children
        self._answers, self._on_ready = answers, on_ready
        self._environment = environment
        self._stopping = False

    def run(self) -> int:
        """Return the exit status: 0 after a signal, 1 where a child could not stay up."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        status, ready = 0, False
        try:
            for child in self._children:
                self._start(child)
            while not self._stopping:
                if not all(self._keep_up(child) for child in self._children):
                    status = 1
                    break
                if not ready and self._answers():
                    ready = True
                    self._on_ready()
                time.sleep(TICK_SECONDS)
        finally:
            self._end_all()
        return status

    def _stop(self, _number: int, _frame: object) -> None:
        self._stopping = True

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(  # noqa: S603 - our own commands
            child.command,
            env=self._environment,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def _keep_up(self, child: Child) -> bool:
        """Start an ended child again; False where it ends over and over."""
        if child.process is None or child.process.poll() is None:
            return True
        _signal_group(child, signal.SIGKILL)  # what it left behind
        moment = time.monotonic()
        child.ends = [one for one in child.ends if moment - one < QUICK_SECONDS] + [moment]
        log.warning("%s ended with status %s", child.name, child.process.returncode)
        if len(child.ends) >= QUICK_ENDS:
            log.error("%s cannot stay up; giving up", child.name)
            return False
        self._start(child)
        return True

    def _end_all(self) -> None:
        running = [child for child in self._children if child.process is not None]
        for child in running:
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.warning("%s did not stop in time", child.name)
            _signal_group(child, signal.SIGKILL)
            child.process.wait()


def _signal_group(child: Child, number: int) -> None:
    assert child.process is not None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, number)


def _die_with_parent() -> None:
    # Where we are killed without a word, Linux tells our children.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def answers_at(address: str, port: int) -> Callable[[], bool]:
    """A check whether the site at `address`:`port` answers at all."""

    def check() -> bool:
        connection = http.client.HTTPConnection(address, port, timeout=2)
        try:
            connection.request("GET", "/sign-in")
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return check


def serve(settings: Settings, *, on_ready: Callable[[], None]) -> int:
    """Serve until a signal; returns the exit status."""
    reachable = "127.0.0.1" if settings.listen_on in {"0.0.0.0", "::"} else settings.listen_on  # noqa: S104
    supervisor = Supervisor(
        children_of(settings),
        answers=answers_at(reachable, settings.port),
        on_ready=on_ready,
        environment=environment_of(settings),
    )
    return supervisor.run()
