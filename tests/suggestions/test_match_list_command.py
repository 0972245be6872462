"""What the command says to who runs it for the first time."""

from pathlib import Path

from flask import Flask

OFFERS = "id,title,papers\nk1,Kemplang panggang,pirt\nk2,,\nk3,Getas,sim\n"
NEEDS = "id,title\nn1,kemplang panggang\nn2,mesin cuci\n"


def told(
    app: Flask, place: Path, offers: str = OFFERS, *more: str, needs: str = NEEDS
) -> list[str]:
    (place / "offers.csv").write_text(offers)
    (place / "needs.csv").write_text(needs)
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


OWN_OFFERS = (
    "No;Nama Barang;Jenis;Harga (Rp);Satuan;Kapasitas/bln;Masa Simpan;Asal;Izin\n"
    "1;Kemplang panggang tenggiri;Kemplang;Rp 12.500,00;bungkus;200;6 bulan;Kota Pangkalpinang;x\n"
    "2;Kopi bubuk;Kopi;murah;bungkus;50;;Mars;x\n"
    "3;Getas ikan;;9.000;bungkus;;90;Mars;x\n"
)
OWN_NEEDS = (
    "Barang dicari;Jumlah per bulan;Satuan;Harga maksimal;Kota\n"
    "kemplang panggang;100;bungkus;20rb;\n"
)
SAME_OFFERS = (
    "id,title,category,price,unit,capacity_per_month,shelf_life_days,region\n"
    "1,Kemplang panggang tenggiri,Kemplang,12500,bungkus,200,180,19.71\n"
    "3,Getas ikan,,9000,bungkus,,90,\n"
)
SAME_NEEDS = "id,title,volume_per_month,unit,max_price\n2,kemplang panggang,100,bungkus,20000\n"


def test_an_offices_own_columns_are_read_by_meaning_and_answer_as_the_contracts_do(
    app: Flask, tmp_path: Path
) -> None:
    def answer(offers: str, needs: str) -> tuple[list[str], str]:
        said = told(app, tmp_path, offers, "--explain", "--lang", "en", needs=needs)
        return said, (tmp_path / "output.csv").read_text()

    said, own = answer(OWN_OFFERS, OWN_NEEDS)
    assert (
        "offers.csv: Columns read by what they mean: no = id, asal = region,"
        " nama barang = title, jenis = category, harga (rp) = price, satuan = unit,"
        " kapasitas/bln = capacity_per_month, masa simpan = shelf_life_days"
    ) in said
    assert any(line.startswith("offers.csv, row 3, column harga (rp): ") for line in said)
    assert "needs.csv: No column holds ids: the number of each row is its id" in said
    assert own == answer(SAME_OFFERS, SAME_NEEDS)[1]


def test_a_file_with_the_contracts_columns_is_read_as_it_stands(app: Flask, tmp_path: Path) -> None:
    said = told(app, tmp_path, "id,title,harga,asal\nk1,Kemplang panggang,mahal,Mars\n")
    assert not any("harga" in line for line in said)


def test_a_name_of_the_contract_wins_over_a_word_for_it(app: Flask, tmp_path: Path) -> None:
    offers = "nama,price,harga\nKemplang panggang,5000,mahal\n"
    said = told(app, tmp_path, offers, "--lang", "en")
    assert "offers.csv: Columns read by what they mean: nama = title" in said


def test_without_a_column_of_titles_the_file_is_refused_as_ever(app: Flask, tmp_path: Path) -> None:
    for offers in ("harga;satuan\n5000;kg\n", "title,price\nKemplang,5000\n"):
        (tmp_path / "offers.csv").write_text(offers)
        (tmp_path / "needs.csv").write_text(NEEDS)
        args = [f"--{name}={tmp_path / name}.csv" for name in ("offers", "needs", "output")]
        result = app.test_cli_runner().invoke(args=["match-list", *args, "--lang", "en"])
        assert result.exit_code == 2
        assert "has no column id; there are: " in result.stderr
        assert not (tmp_path / "output.csv").exists()
