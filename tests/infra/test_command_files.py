"""Commands on files: no secret, no database, no writable checkout, and nothing half-done."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from marketplace.app import create_app
from marketplace.core.errors import InvalidInput
from marketplace.infra.command_files import check_output, heeding, tell_plan, write_text
from marketplace.infra.config import ROOT, Settings
from marketplace.infra.db import db
from marketplace.infra.i18n import in_language
from marketplace.infra.links import sign

EVENT = {
    "slots": 1,
    "tables": 1,
    "participants": [{"id": "p", "side": "producer"}, {"id": "b", "side": "buyer"}],
    "requests": [{"id": "r", "producer": "p", "buyer": "b"}],
}
PLAN = {
    "producers": [{"id": "p", "capacity": 5}],
    "needs": [{"id": "n", "volume": 5}],
    "pairings": [{"producer": "p", "need": "n", "score": 2}],
}


def nowhere(place: Path) -> Path:
    """A folder that nobody can make, whoever they are."""
    (place / "file").write_text("")
    return place / "file" / "var"


def ran(place: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), *args],
        cwd=place,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(nowhere(place)), "HOME": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_on_files_needs_no_secret_no_database_and_no_folder_to_write(
    tmp_path: Path,
) -> None:
    (tmp_path / "event.json").write_text(json.dumps(EVENT))
    told = ran(tmp_path, "plan-meetings", "--input", "event.json", "--output", "made.json")
    assert (told.returncode, told.stdout) == (0, "")
    assert told.stderr.splitlines() == [
        "Permintaan yang mendapat tempat: 1 dari 1. Tidak ada rencana yang hasilnya lebih besar.",
        "Hasilnya ada di made.json.",
    ]
    assert json.loads((tmp_path / "made.json").read_text())["objective"] == 1


def test_a_service_without_a_place_for_its_data_does_not_begin(tmp_path: Path) -> None:
    told = ran(tmp_path, "serve")
    assert told.returncode == 1
    assert "DATA_DIR" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_signing_key_is_made_once_and_readable_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    keys = {Settings(data_dir=folder).resolved_secret_key() for _ in range(3)}
    assert len(keys) == 1
    assert len(keys.pop()) > 40
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["secret_key"]


def test_without_a_signing_key_no_link_is_signed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "secret_key", "")
    with app.app_context(), pytest.raises(RuntimeError):
        sign("purpose", [1])


@pytest.mark.parametrize(("command", "source"), [("plan-meetings", EVENT), ("plan-supply", PLAN)])
def test_a_result_is_never_written_over_what_was_read(
    app: Flask, tmp_path: Path, command: str, source: dict[str, object]
) -> None:
    path = tmp_path / "in.json"
    path.write_text(json.dumps(source))
    (tmp_path / "same.json").symlink_to(path)
    for output in (path, tmp_path / "same.json"):
        args = [command, "--input", str(path), "--output", str(output)]
        told = app.test_cli_runner().invoke(args=args)
        assert told.exit_code == 2
        assert "in.json" in told.stderr
    assert json.loads(path.read_text()) == source


def test_match_list_writes_over_none_of_its_files(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,title\n1,Kemplang\n")
    (tmp_path / "b.csv").write_text("id,title\n1,Kemplang\n")
    for output, timing in (("a.csv", "t.json"), ("b.csv", "t.json"), ("r.csv", "r.csv")):
        args = ["match-list", "--offers", "a.csv", "--needs", "b.csv"]
        args = [arg if "." not in arg else str(tmp_path / arg) for arg in args]
        args += ["--output", str(tmp_path / output), "--timing", str(tmp_path / timing)]
        assert app.test_cli_runner().invoke(args=args).exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]
    assert (tmp_path / "a.csv").read_text() == "id,title\n1,Kemplang\n"


def test_a_supply_plan_says_how_good_it_is_and_where_it_lies(app: Flask, tmp_path: Path) -> None:
    needs = [{"id": "n", "volume": 5}, {"id": "m", "volume": 1}]
    (tmp_path / "in.json").write_text(json.dumps({**PLAN, "needs": needs}))
    args = ["plan-supply", "--lang", "en", "--input", str(tmp_path / "in.json")]
    told = app.test_cli_runner().invoke(args=[*args, "--output", str(tmp_path / "made.json")])
    assert told.stdout == ""
    assert told.stderr.splitlines() == [
        "Lots: 1. Needs met in full: 1 of 2. No plan gains more.",
        f"The result is in {tmp_path / 'made.json'}.",
    ]


def test_what_could_still_be_gained_is_never_told_too_small(
    app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with app.test_request_context(), in_language("en"):
        tell_plan("Lots: 1.", 0.000_101, tmp_path)
    assert "At most 0.02% more could be gained." in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", "no/made.json"])
def test_a_place_where_nothing_can_be_put_is_told_before_the_work(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        check_output(tmp_path / name)


def test_half_a_character_is_spelt_out_as_it_was_told(tmp_path: Path) -> None:
    write_text(tmp_path / "made.json", json.dumps({"id": "\ud800é"}, ensure_ascii=False))
    assert json.loads((tmp_path / "made.json").read_text(encoding="utf-8")) == {"id": "\ud800é"}


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_who_is_told_to_end_while_matching_leaves_nothing_behind(
    tmp_path: Path, how: signal.Signals
) -> None:
    (tmp_path / "a.csv").write_text("id,title\n" + "".join(f"k{n},Getas {n}\n" for n in range(99)))
    needs = "".join(f"n{n},getas asin {n} gr\n" for n in range(60_000))
    (tmp_path / "b.csv").write_text(f"id,title\n{needs}")
    args = ["match-list", "--offers", "a.csv", "--needs", "b.csv", "--output", "made.csv"]
    with subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), *args, "--jobs", "2"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # Whoever was started in the background hears no Ctrl-C, and its children do not either.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        while process.poll() is None and not any(p.stat().st_size for p in tmp_path.glob(".m*")):
            time.sleep(0.02)
        process.send_signal(how)
        told, _ = process.communicate()
    assert process.returncode == 128 + how
    assert told.splitlines()[-1].startswith("Dihentikan")
    assert "Traceback" not in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


BUSY = """
import ctypes
from marketplace.infra import command_files
from marketplace.infra.command_files import heeding, stopping
command_files.say = str  # no application is needed for it
with stopping():
    print("busy", flush=True)
    heeding(lambda: ctypes.CDLL(None).sleep(600))
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_nobody_waits_for_a_solver_that_is_told_to_end(how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BUSY],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "busy\n"
        time.sleep(0.2)  # it has to be within
        process.send_signal(how)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 128 + how
    assert "Stopped before the end" in told


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_who_sits_at_a_terminal_sees_a_bar_and_a_file_holds_none(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    for stderr in (Screen(), io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stderr)
        with in_language("en"):
            assert heeding(lambda: 3, doing="Planning", seconds=10) == 3
        shown.append(stderr.getvalue())
    assert "Planning" in shown[0]
    assert "100%" in shown[0]
    assert shown[1] == ""


def test_what_is_done_beside_gives_or_raises_what_it_would_by_itself() -> None:
    assert heeding(lambda: 3) == 3
    with pytest.raises(InvalidInput, match="no use"):
        heeding(lambda: (_ for _ in ()).throw(InvalidInput("no use")))


@pytest.mark.parametrize("command", ["plan-supply", "plan-meetings"])
def test_a_plan_that_is_told_to_end_leaves_nothing_behind(tmp_path: Path, command: str) -> None:
    os.mkfifo(tmp_path / "in.json")  # it waits for what to read
    with (
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "flask",
                "--app",
                str(ROOT / "wsgi.py"),
                command,
                "--input",
                "in.json",
                "--output",
                "made.json",
                "--lang",
                "en",
            ],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
        (tmp_path / "in.json").open("w") as asked,
    ):  # opens once somebody reads
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=60)
        asked.write("")
    assert process.returncode == 128 + signal.SIGTERM
    assert told == "\nStopped before the end, nothing was written.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["in.json"]


@pytest.mark.parametrize("command", ["reindex", "suggest-all", "learn", "load-facts"])
def test_a_command_says_in_words_that_the_database_has_no_tables(
    tmp_path: Path, command: str
) -> None:
    other = create_app(Settings(data_dir=tmp_path, secret_key="tests", testing=True))
    told = other.test_cli_runner().invoke(args=[command])
    with other.app_context():
        db.engine.dispose()
    assert told.exit_code == 1
    assert "flask db upgrade" in told.stderr
    assert isinstance(told.exception, SystemExit)


def test_a_command_says_in_words_what_a_rule_refuses(app: Flask) -> None:
    args = ["add-administrator", "Ani", "081234567890"]
    runner = app.test_cli_runner()
    assert runner.invoke(args=args).exit_code == 0
    again = runner.invoke(args=args)
    assert again.exit_code == 1
    assert again.stderr.startswith("Error: ")
    assert isinstance(again.exception, SystemExit)
