"""A list of names from a cash register, matched against what is on offer."""

import io
from collections.abc import Callable

import pytest

from tests.conftest import SignIn
from tests.factories import make_person
from tests.suggestions.conftest import Market


def test_pasted_names_come_back_with_a_supplier_or_no_match(
    market: Market, signed_in: SignIn, run_jobs: Callable[[], int]
) -> None:
    buyer = signed_in(market.buyer)
    names = "KEMPLANG PANGGANG TENGGIRI 250GR\nSepeda motor listrik\n"
    sent = buyer.post("/match-list", data={"pasted": names})
    assert sent.status_code == 302
    run_jobs()
    page = buyer.text(sent.location)
    assert market.product.name in page
    assert "Sepeda motor listrik" in page
    download = buyer.get(sent.location + "/result.csv")
    lines = download.data.decode("utf-8-sig").splitlines()
    assert market.product.name in lines[1]
    assert lines[1].split(";")[1] == "ya"
    assert "tidak ada" in next(line for line in lines if "Sepeda" in line)


def test_a_csv_of_names_is_read_by_its_header(
    market: Market, signed_in: SignIn, run_jobs: Callable[[], int]
) -> None:
    buyer = signed_in(market.buyer)
    data = b"kode;Nama Barang;stok\n1;kemplang panggang;4\n2;kemplang panggang;9\n"
    sent = buyer.post("/match-list", data={"file": (io.BytesIO(data), "kasir.csv")})
    run_jobs()
    assert buyer.text(sent.location).count("kemplang panggang") >= 1


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"pasted": " \n\u200b\n"},
        {"file": (io.BytesIO(b""), "kosong.csv")},
        {"file": (io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 64), "foto.png")},
        {"file": (io.BytesIO(b"a;b\n1;2\n"), "tanpa-nama.csv")},
    ],
)
def test_an_unusable_list_is_sent_back_with_a_reason(
    market: Market, signed_in: SignIn, data: dict[str, object]
) -> None:
    answer = signed_in(market.buyer).post("/match-list", data=data)
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)


def test_a_matched_list_is_its_owners_alone(
    market: Market, signed_in: SignIn, run_jobs: Callable[[], int]
) -> None:
    sent = signed_in(market.buyer).post("/match-list", data={"pasted": "kemplang"})
    run_jobs()
    other = signed_in(make_person("buyer"))
    assert other.get(sent.location).status_code == 404
    assert other.get(sent.location + "/result.xlsx").status_code == 404
