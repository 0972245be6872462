"""What the command says to who runs it for the first time."""

from pathlib import Path

from flask import Flask

OFFERS = "id,title,papers\nk1,Kemplang panggang,pirt\nk2,,\nk3,Getas,sim\n"
NEEDS = "id,title\nn1,kemplang panggang\nn2,mesin cuci\n"


def told(app: Flask, place: Path, offers: str = OFFERS, *more: str) -> list[str]:
    (place / "offers.csv").write_text(offers)
    (place / "needs.csv").write_text(NEEDS)
    paths = {name: str(place / f"{name}.csv") for name in ("offers", "needs", "output")}
    args = [part for name, path in paths.items() for part in (f"--{name}", path)]
    result = app.test_cli_runner().invoke(args=["match-list", *args, *more])
    assert result.exit_code == 0
    assert result.stdout == ""
    return result.stderr.splitlines()


def test_the_end_tells_what_came_of_it_and_where_it_is(app: Flask, tmp_path: Path) -> None:
    assert told(app, tmp_path, OFFERS, "--lang", "en")[-4:] == [
        "Needs: 2, offers: 1. Needs with a match: 1; with offers that may be something else: 0;"
        " with none that fits: 1.",
        "Rows left out, each named above: 2.",
        "Papers count as the file of offers tells them: nobody has checked them.",
        f"The result is in {tmp_path / 'output.csv'}.",
    ]


def test_what_is_not_so_is_not_told(app: Flask, tmp_path: Path) -> None:
    said = told(app, tmp_path, "id,title\nk1,Kemplang panggang\n", "--explain")
    assert not any("dilewati" in line or "Dokumen" in line for line in said)
