"""Two files in, one file out: what an office with spreadsheets sees."""

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from marketplace.core.errors import InvalidInput
from marketplace.matching import World
from marketplace.matching.listcells import (
    BadCell,
    number_of,
    papers_of,
    price_of,
    region_of,
    storage_of,
    terms_of,
    unit_of,
    zones_of,
)
from marketplace.matching.listmatch import MATCHING, READING, match_list
from marketplace.matching.listrows import Problem
from marketplace.matching.listsaid import COLUMNS

OFFERS = """id,title,category,price,unit,pack_size,papers,shelf_life_days,zones,unknown column
k1,Kemplang panggang tenggiri 250 gr,Kemplang,30000,bungkus,@250g,pirt|halal,120,,x
k2,Kempelang goreng,kemplang,25000,bungkus,250 gram,pirt,90,sumatera,x
o1,Otak-otak ikan beku,otak-otak,50000,bungkus,isi 20,md|halal,,,x
m1,Madu hutan pelawan,,,,,,,,x
"""
NEEDS = """id,title,unit,max_price,region,volume_per_month,papers_required,min_shelf_life_days,terms
n1,kempelang pangang,kg,150000,31.71,50,halal,60,outright
n2,mesin cuci dua tabung,,,,,,,
n3,kemplang,kg,10000,,,,,
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "offers.csv").write_text(OFFERS, encoding="utf-8-sig")
    (tmp_path / "needs.csv").write_text(NEEDS, encoding="utf-8")
    return tmp_path


def run(
    place: Path, world: World, output: str = "result.csv", **more: object
) -> list[dict[str, str]]:
    match_list(
        place / "offers.csv",
        place / "needs.csv",
        place / output,
        world=world,
        **more,  # type: ignore[arg-type]
    )
    with (place / output).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_need_gets_its_eligible_offers_best_first(place: Path, world: World) -> None:
    rows = [row for row in run(place, world) if row["need_id"] == "n1"]
    assert [(row["rank"], row["offer_id"]) for row in rows] == [("1", "k1")]
    assert tuple(rows[0]) == COLUMNS
    assert 0 <= float(rows[0]["confidence"]) <= 1
    assert int(rows[0]["score"]) > 0
    assert rows[0]["matched"] in {"yes", "no"}
    for reason in rows[0]["reasons"].split("; "):
        code, colon, sentence = reason.partition(": ")
        assert colon
        assert code.isidentifier()
        assert sentence


def test_a_need_without_an_eligible_offer_has_one_row_with_the_reasons(
    place: Path, world: World
) -> None:
    rows = {row["need_id"]: row for row in run(place, world) if not row["offer_id"]}
    assert rows["n2"]["reasons"].startswith("no_candidate: ")
    assert rows["n2"]["matched"] == "no"
    assert "landed_price: " in rows["n3"]["reasons"]


def test_explain_adds_the_excluded_with_the_rule_that_removed_them(
    place: Path, world: World
) -> None:
    rows = [row for row in run(place, world, explain=True) if row["need_id"] == "n1"]
    excluded = {row["offer_id"]: row for row in rows if not row["rank"]}
    assert set(excluded) == {"k2"}
    assert "halal: " in excluded["k2"]["reasons"]
    assert excluded["k2"]["matched"] == "no"


def test_a_semicolon_in_a_cell_parts_no_reasons(place: Path, world: World) -> None:
    (place / "offers.csv").write_text("id,title,price,unit\nk1,Kemplang,90,ikat;besar\n")
    (place / "needs.csv").write_text("id,title,unit,max_price\nn1,Kemplang,ikat;besar,80\n")
    told = next(row["reasons"] for row in run(place, world, explain=True) if row["offer_id"])
    assert told == (
        "landed_price: Landed price Rp90 per ikat,besar is above the ceiling of"
        " Rp80 per ikat,besar (would fit at a price of at most Rp80 per ikat,besar)"
    )


def test_what_a_file_cannot_say_of_papers_is_not_said_of_every_offer(
    place: Path, world: World
) -> None:
    assert not any("checked" in row["reasons"] for row in run(place, world, explain=True))


def test_days_to_make_are_read_where_the_file_has_them(place: Path, world: World) -> None:
    (place / "needs.csv").write_text("id,title,min_shelf_life_days,region\nn,Kemplang,60,16.71\n")
    (place / "offers.csv").write_text(
        "id,title,shelf_life_days,lead_days,region\n"
        "quick,Kemplang,72,3,19.71\nslow,Kemplang,72,20,19.71\nuntold,Kemplang,72,,19.71\n"
        "long,Kemplang,120,,19.71\nwords,Kemplang,120,a week or so,19.71\n"
    )
    told = {
        row["offer_id"]: [one for one in row["reasons"].split("; ") if one.startswith("shelf_life")]
        for row in run(place, world, explain=True)
    }
    # Who keeps long enough is no question, told or not.
    assert told["quick"] == told["long"] == told["words"] == []
    assert told["slow"][0].startswith("shelf_life: Keeps only 43 days after arrival, 60 are asked")
    assert told["untold"][0].startswith(
        "shelf_life: To ask: how long do making and sending take? 63 days are left"
    )


def test_terms_an_offer_accepts_are_read_where_the_file_has_them(place: Path, world: World) -> None:
    (place / "needs.csv").write_text("id,title,terms\nn,Kemplang,days:30\nc,Kemplang,outright\n")
    (place / "offers.csv").write_text(
        "id,title,terms\n"
        "both,Kemplang,outright|days:45\nany,Kemplang,Days\nshort,Kemplang,days:14\n"
        "untold,Kemplang,\ndash,Kemplang,-\nother,Kemplang,outright|barter\n"
    )
    told = {
        (row["need_id"], row["offer_id"]): [
            one for one in row["reasons"].split("; ") if one.startswith("terms: ")
        ]
        for row in run(place, world, explain=True)
    }
    assert told["n", "both"] == told["n", "any"] == []
    assert told["n", "short"][0].startswith("terms: The payment terms are not accepted")
    # Half a list would speak against the other half: what is not understood is asked.
    for asked in ("untold", "dash", "other"):
        assert told["n", asked][0].startswith("terms: To ask")
        assert told["c", asked][0].startswith("terms: To ask")
    assert told["c", "both"] == []


def test_a_price_is_told_with_what_it_is_asked_for(place: Path, world: World) -> None:
    (place / "offers.csv").write_text(
        "id,title,price,unit,pack_size,min_order\n"
        "k1,Kemplang,30000,bungkus,@250g,\nk2,Kemplang,120000,kg,,40\n"
    )
    (place / "needs.csv").write_text(
        "id,title,unit,pack_size,max_price,volume_per_month\n"
        "n1,Kemplang,kg,,100000,20\nn2,Kemplang,bungkus,500 g,50000,\n"
    )
    rows = run(place, world, explain=True)
    told = {(row["need_id"], row["offer_id"]): row["reasons"].split("; ") for row in rows}
    assert told["n1", "k1"] == [
        "landed_price: Landed price Rp120.000 per kg is above the ceiling of Rp100.000 per kg"
        " (would fit at a price of at most Rp25.000 per bungkus 250 g)"
    ]
    assert (
        "min_order: The need of 20 kg is below the minimum order of 40 kg"
        " (would fit at a minimum order of at most 20 kg)"
    ) in told["n1", "k2"]
    assert told["n2", "k2"] == [
        "landed_price: Landed price Rp60.000 per bungkus 500 g is above the ceiling of"
        " Rp50.000 per bungkus 500 g (would fit at a price of at most Rp100.000 per kg)"
    ]


def test_reasons_speak_the_language_asked_for(place: Path, world: World) -> None:
    rows = run(place, world, translate=lambda msgid, params: "KATA")
    assert all(": KATA" in row["reasons"] for row in rows)


def test_bad_rows_are_named_and_the_rest_goes_on(place: Path, world: World) -> None:
    bad = (
        OFFERS
        + "x1,,,,,,,,,\nx2,Getas,,minus,,,,,,\nx3,Getas,,,,,sim,,,\nk1,Getas,,,,,,,,\n,G,,,,,,,,\n"
    )
    (place / "offers.csv").write_text(bad, encoding="utf-8")
    problems: list[Problem] = []
    rows = run(place, world, report=problems.append)
    found = [(one.file, one.row, one.column) for one in problems]
    assert found == [
        ("offers.csv", 6, "title"),
        ("offers.csv", 7, "price"),
        ("offers.csv", 8, "papers"),
        ("offers.csv", 9, "id"),
        ("offers.csv", 10, "id"),
    ]
    assert any(row["offer_id"] == "k1" for row in rows)


def test_timing_is_written_where_asked(place: Path, world: World) -> None:
    run(place, world, timing=place / "timing.json")
    timing = json.loads((place / "timing.json").read_text())
    assert (timing["offers"], timing["needs"]) == (4, 3)
    assert set(timing) == {
        "offers", "needs", "build_s", "p50_ms", "p99_ms", "needs_per_s", "peak_mb",
    }  # fmt: skip


def test_gzip_and_excel_work_in_and_out(place: Path, world: World) -> None:
    with gzip.open(place / "needs.csv.gz", "wt", encoding="utf-8") as lines:
        lines.write(NEEDS)
    with xlsxwriter.Workbook(str(place / "offers.xlsx")) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(OFFERS.splitlines())):
            cells = [float(cell) if cell.isdigit() else cell for cell in row]
            sheet.write_row(number, 0, cells)
    result = place / "result.xlsx"
    match_list(place / "offers.xlsx", place / "needs.csv.gz", result, world=world)
    rows = python_calamine.CalamineWorkbook.from_path(str(result)).get_sheet_by_index(0).to_python()
    assert tuple(rows[0]) == COLUMNS
    assert rows[1][:3] == ["n1", 1.0, "k1"]
    match_list(place / "offers.csv", place / "needs.csv", place / "out.csv.gz", world=world)
    with gzip.open(place / "out.csv.gz", "rt", encoding="utf-8") as lines:
        assert next(csv.reader(lines)) == list(COLUMNS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.csv", None),
        ("offers.txt", b"id,title\n1,a\n"),
        ("empty.csv", b""),
        ("headless.csv", b"kode,nama\n1,a\n"),
        ("latin.csv", "id,title\n1,\xe9\n".encode("latin-1")),
        ("fake.xlsx", b"no workbook"),
        ("fake.csv.gz", b"no gzip"),
        ("only-header.csv", b"id,title\n"),
    ],
)
def test_unusable_input_is_refused_in_one_sentence(
    place: Path, world: World, name: str, content: bytes | None
) -> None:
    if content is not None:
        (place / name).write_bytes(content)
    with pytest.raises(InvalidInput) as refused:
        match_list(place / name, place / "needs.csv", place / "result.csv", world=world)
    assert name in str(refused.value) or name == "only-header.csv"
    assert not (place / "result.csv").exists()


def test_an_offer_with_the_needs_own_id_is_not_skipped(place: Path, world: World) -> None:
    (place / "needs.csv").write_text("id,title\nm1,Madu hutan pelawan\n")
    rows = run(place, world)
    assert rows[0]["offer_id"] == "m1"


def test_several_processes_write_the_same_file_byte_for_byte(place: Path, world: World) -> None:
    needs = "".join(f"k{number},kemplang panggang {number} gr\n" for number in range(100))
    (place / "needs.csv").write_text(f"id,title\n{needs}", encoding="utf-8")
    run(place, world, "one.csv", jobs=1, explain=True)
    run(place, world, "three.csv", jobs=3, explain=True, timing=place / "timing.json")
    assert (place / "one.csv").read_bytes() == (place / "three.csv").read_bytes()
    assert json.loads((place / "timing.json").read_text())["needs"] == 100


def test_progress_tells_of_reading_and_of_matching(place: Path, world: World) -> None:
    told: list[tuple[str, int, int]] = []
    run(place, world, progress=lambda *now: told.append(now))
    size = (place / "offers.csv").stat().st_size
    assert told[-1] == (MATCHING, 3, 3)
    assert (READING, size, size) in told


def test_of_long_lists_few_are_held_at_once(place: Path, world: World) -> None:
    for top, steps in ((10, [3]), (100_000, [1, 2, 3])):
        told: list[int] = []
        run(
            place,
            world,
            top=top,
            progress=lambda doing, done, _, told=told: (
                told.append(done) if doing == MATCHING else None
            ),
        )
        assert told == steps


def test_a_row_with_several_faults_is_reported_once_and_rows_in_order(
    place: Path, world: World
) -> None:
    rows = "id,title,price,papers\na,Getas,minus,sim\nb,,5000,\na,Getas,1000\n\na,Getas,1000,\n"
    (place / "offers.csv").write_text(rows, encoding="utf-8")
    problems: list[Problem] = []
    run(place, world, report=problems.append)
    found = [(one.row, one.column) for one in problems]
    assert found == [(2, "papers"), (3, "title"), (6, "id")]


def test_several_processes_read_a_file_as_one_does(
    place: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.matching.listfiles.ROWS", 3)
    rows = ["id,title,brand,pack_size"]
    rows += [
        f"o{number % 40},Getas nomor{number} {number} gr,merk{number},," for number in range(50)
    ]
    rows += ["", "x,,,", "o1,Getas baru,,", "y,Kemplang panggang tenggiri,Obor,isi 12"]
    (place / "offers.csv").write_text("\n".join(rows), encoding="utf-8")
    (place / "needs.csv").write_text("id,title\n1,getas nomor7\n2,kemplang obor\n3,nomor49\n")
    told: dict[int, list[Problem]] = {1: [], 2: [], 3: []}
    for jobs, problems in told.items():
        run(place, world, f"{jobs}.csv", jobs=jobs, report=problems.append)
    assert [(one.row, one.column) for one in told[1]] == [
        *((row, "id") for row in range(42, 52)), (53, "title"), (54, "id"),
    ]  # fmt: skip
    assert told[1] == told[2] == told[3]
    assert len({(place / f"{jobs}.csv").read_bytes() for jobs in told}) == 1


def test_a_file_that_breaks_off_is_refused_by_several_processes_too(
    place: Path, world: World
) -> None:
    (place / "offers.csv").write_bytes(b"id,title\n1,Getas\n2,\xff\n")
    with pytest.raises(InvalidInput, match="UTF-8"):
        run(place, world, jobs=2)


def test_two_columns_of_one_name_are_refused_where_the_name_is_read(
    place: Path, world: World
) -> None:
    (place / "offers.csv").write_text("id,title,note,note\nk1,Kemplang,a,b\n")
    assert run(place, world)
    (place / "offers.csv").write_text("id,title,title\nk1,Kemplang,Getas\n")
    with pytest.raises(InvalidInput, match="two columns"):
        run(place, world)


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("19.71", "19.71"), ("1971", "19.71"), ("19", "19"), ("19.71.01.1001", "19.71"),
        ("197101", "19.71"), (19.71, "19.71"), (19.1, "19.10"), (1971.0, "19.71"), (19.0, "19"),
        ("", ""), (None, ""),
    ],
)  # fmt: skip
def test_a_region_is_a_code_of_any_depth_with_or_without_dots(told: object, meant: str) -> None:
    assert region_of(told) == meant
    assert zones_of(told) == (frozenset({meant}) if meant else frozenset())


@pytest.mark.parametrize("told", ["19.7", "Bangka", "19.71.1", "09", "19,71"])
def test_what_is_no_region_code_is_a_bad_cell(told: str) -> None:
    with pytest.raises(BadCell, match="region"):
        region_of(told)


@pytest.mark.parametrize(
    ("read", "told", "meant"),
    [
        # As programs write numbers, and people lists and what they leave open.
        (number_of, "100.0", 100),
        (number_of, "100.00", 100),
        (number_of, "100.000", 100_000),
        (number_of, " - ", None),
        (price_of, "30000.0", 30_000),
        (price_of, "–", None),
        (papers_of, "P-IRT, halal", {"pirt", "halal"}),
        (papers_of, "pirt;md", {"pirt", "md"}),
        (papers_of, "-", set()),
        (region_of, "-", ""),
        (terms_of, "-", ""),
        (storage_of, "-", ""),
        (unit_of, "kg" * 9_000, "kg" * 30),
    ],
)
def test_a_cell_is_read_as_it_is_meant(
    read: Callable[[object], object], told: str, meant: object
) -> None:
    assert read(told) == meant


def test_a_number_with_a_part_of_one_is_a_bad_cell() -> None:
    for told in ("1.5", "0.50", "100.01"):
        with pytest.raises(BadCell):
            number_of(told)


def test_a_column_that_is_missing_is_told_with_those_there_are(place: Path, world: World) -> None:
    (place / "offers.csv").write_text("kode,nama produk,harga\n1,Getas,5\n")
    with pytest.raises(InvalidInput) as refused:
        run(place, world)
    assert refused.value.params["there"] == "kode, nama produk, harga"


def test_an_unknown_word_is_told_with_the_words_that_are_known(place: Path, world: World) -> None:
    rows = "id,title,papers\na,Getas,P-IRT|halal\nb,Getas,sni\nc,Getas,\n"
    (place / "offers.csv").write_text(rows)
    problems: list[Problem] = []
    run(place, world, report=problems.append)
    assert [(one.row, one.params["word"]) for one in problems] == [(3, "sni")]
    assert "pirt" in str(problems[0].params["known"])


def test_an_id_too_long_for_a_cell_is_a_bad_row(place: Path, world: World) -> None:
    (place / "offers.csv").write_text(f"id,title\n{'k' * 40_000},Kemplang\nk2,Kemplang\n")
    problems: list[Problem] = []
    run(place, world, report=problems.append)
    assert [(one.row, one.column) for one in problems] == [(2, "id")]


def test_a_result_of_another_kind_is_refused_before_the_work(place: Path, world: World) -> None:
    told: list[tuple[str, int, int]] = []
    with pytest.raises(InvalidInput, match="must end in"):
        run(place, world, "result.txt", progress=lambda *now: told.append(now))
    assert not told


def test_figures_that_cannot_be_written_are_told_in_one_sentence(place: Path, world: World) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        run(place, world, timing=place / "no" / "timing.json")


def test_sheets_that_are_not_read_are_told(place: Path, world: World) -> None:
    with xlsxwriter.Workbook(str(place / "offers.xlsx")) as book:
        for name, rows in (("Catatan", ["isi di sini"]), ("Produk", OFFERS.splitlines())):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(csv.reader(rows)):
                sheet.write_row(number, 0, row)
    problems: list[Problem] = []
    match_list(
        place / "offers.xlsx",
        place / "needs.csv",
        place / "result.csv",
        world=world,
        report=problems.append,
        jobs=2,
    )
    told = [(one.file, one.row, one.params) for one in problems]
    assert told == [("offers.xlsx", 0, {"sheet": "Produk", "others": "Catatan"})]
