"""A category suggested from a name."""

from marketplace.matching.category import suggest_categories

LABELLED = [
    ("Kemplang panggang tenggiri", "kemplang"),
    ("Kerupuk udang", "kerupuk"),
    ("Lada putih Muntok", "lada"),
    ("Kopi bubuk robusta", "kopi"),
    ("Kain cual tenun", "tenun"),
]


def test_a_name_suggests_the_category_of_its_nearest() -> None:
    assert suggest_categories("Kempelang ikan", LABELLED)[0] == "kemplang"
    assert suggest_categories("merica putih bubuk", LABELLED)[0] == "lada"


def test_at_most_three_are_suggested_and_none_for_a_strange_name() -> None:
    assert len(suggest_categories("kopi lada kerupuk kain", LABELLED)) == 3
    assert suggest_categories("qqq", LABELLED) == []
    assert suggest_categories("", LABELLED) == []
