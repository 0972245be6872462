"""What may stand in a text everybody reads, and the steps of a question."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput, RuleBroken
from marketplace.questions import rules
from marketplace.questions.rules import QuestionState


@pytest.mark.parametrize(
    "text",
    [
        "Hubungi 081234567890 ya",
        "WA: 0812-3456-7890",
        "wa 0812 3456 7890",
        "0 8 1 2 3 4 5 6 7 8 9 0",
        "0.8.1.2.3.4.5.6.7.8.9",
        "o812 3456 7890",
        "08l2 atau +62 812-3456-7890",
        "6281234567890",
        "0062 812 3456 7890",
        "nomor saya 81234567890",
        "\uff10\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff10",
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "nol delapan satu dua tiga empat lima enam tujuh delapan sembilan",
        "nol 8 satu 2 3 4 5 6 7 8",
        "telepon (0717) 432156",
        "021-5551234",
        "tulis ke toko@contoh.co.id",
        "toko (at) contoh (dot) com",
        "toko at gmail titik com",
        "IG @kemplang.ceria",
        "wa.me/6281234567890",
        "https://contoh.test/kontak",
        "lihat www.toko",
        "lihat tokokami.com",
    ],
)
def test_a_way_to_reach_somebody_is_seen(text: str) -> None:
    assert rules.find_contact(text) is not None
    with pytest.raises(InvalidInput):
        rules.check_text("text", text)


@pytest.mark.parametrize(
    "text",
    [
        "Berapa lama tahan setelah dibuka?",
        "Harga Rp 1.250.000 untuk 50 karton?",
        "Bisa Rp850.000.000 setahun?",
        "Kirim tanggal 02-03-2026 atau 08/09/2026, jam 08.00-10.00?",
        "Barcode 8991234567895, NIB 9120001234567",
        "P-IRT 2061971010845-31 masih berlaku?",
        "Dua tiga hari sampai? Isi 12 x 250 g, 1,5 kg",
        "Min. 500, maks. 2000 bungkus; suhu -18 C",
        "Ukuran 10x20x30 cm.Bisa?",
        "Ada yang pedas/manis? 100% ikan tenggiri",
    ],
)
def test_ordinary_questions_of_the_trade_pass(text: str) -> None:
    assert rules.find_contact(text) is None
    rules.check_text("text", text)


@given(
    st.sampled_from(["0812", "62813", "+62857", "0062821"]),
    st.lists(st.integers(0, 9), min_size=7, max_size=8),
    st.sampled_from(["", " ", "-", ".", " - ", "/"]),
    st.text(alphabet="abc def,?", max_size=30),
)
def test_a_mobile_number_is_seen_however_it_is_set_apart(
    start: str, rest: list[int], gap: str, around: str
) -> None:
    number = gap.join([*start, *map(str, rest)])
    assert rules.find_contact(f"{around} {number} {around}") is not None


@given(st.text(max_size=500))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    rules.find_contact(text)


def test_a_name_is_seen_in_any_spelling_and_goods_are_not_names() -> None:
    names = ("Gerai Rembulan", "Kemplang", "Ani")
    assert rules.find_name("kami GERAI  rembulan, Jakarta", names) == "Gerai Rembulan"
    assert rules.find_name("kemplang ini pedas?", names, about="Kemplang 250 g") is None
    assert rules.find_name("kata ani enak", names) is None
    assert rules.find_name("gerairembulan", names) is None


def test_a_text_of_500_characters_passes_and_one_more_does_not() -> None:
    rules.check_text("text", "a" * 500)
    with pytest.raises(InvalidInput):
        rules.check_text("text", "a" * 501)
    with pytest.raises(InvalidInput):
        rules.check_text("text", "")


STEPS = {
    (QuestionState.ASKED, QuestionState.ANSWERED),
    (QuestionState.ASKED, QuestionState.WITHDRAWN),
    (QuestionState.ASKED, QuestionState.HIDDEN),
    (QuestionState.ANSWERED, QuestionState.HIDDEN),
}


@pytest.mark.parametrize(("state", "then"), list(itertools.product(QuestionState, QuestionState)))
def test_only_the_steps_of_the_house_can_be_taken(
    state: QuestionState, then: QuestionState
) -> None:
    if (state, then) in STEPS:
        rules.check_step(state, then)
        assert state in rules.before(then)
    else:
        with pytest.raises(RuleBroken):
            rules.check_step(state, then)
        assert state not in rules.before(then)
