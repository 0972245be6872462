"""The pages of double entries, and old links that lead to the entry that stays."""

from marketplace.businesses.models import Business
from marketplace.core.clock import today
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.register import queries
from marketplace.register.models import BusinessMerge
from marketplace.register.rules import TwinState
from tests import factories
from tests.conftest import SignIn
from tests.register.conftest import Pair


def form(pair: Pair, keep: str = "first", **given: str) -> dict[str, str]:
    twin = pair.twin()
    return {
        "keep": keep,
        "first_version": str(session.get_one(Business, twin.first_id).version),
        "second_version": str(session.get_one(Business, twin.second_id).version),
        **given,
    }


def test_an_officer_compares_joins_and_undoes(pair: Pair, signed_in: SignIn) -> None:
    browser = signed_in(factories.make_person("province"))
    twin = pair.twin()
    assert f"/register/twins/{twin.id}" in browser.text("/register/twins")
    assert f"/register/twins/{twin.id}" in browser.text(f"/businesses/{pair.kept.id}")
    page = browser.text(f"/register/twins/{twin.id}")
    assert "UD Kemplang Berkah" in page
    sent = browser.post(f"/register/twins/{twin.id}/merge", data=form(pair, field_name="second"))
    assert sent.location == f"/businesses/{pair.kept.id}"
    assert "UD Kemplang Berkah" in browser.text(f"/businesses/{pair.kept.id}")
    merge = session.query(BusinessMerge).one()
    assert f"/register/merges/{merge.id}/undo" in browser.text("/register/twins?state=merged")
    browser.post(f"/register/merges/{merge.id}/undo")
    session.expire_all()
    assert session.get_one(Business, pair.gone.id).merged_into_id is None


def test_a_form_of_before_is_refused_with_the_pair_as_it_is_now(
    pair: Pair, signed_in: SignIn
) -> None:
    browser = signed_in(factories.make_person("province"))
    stale = {**form(pair), "second_version": "99"}
    answer = browser.post(f"/register/twins/{pair.twin().id}/merge", data=stale)
    assert answer.status_code == 409
    nonsense = {**form(pair), "keep": "both"}
    answer = browser.post(f"/register/twins/{pair.twin().id}/merge", data=nonsense)
    assert answer.status_code == 422
    assert session.query(BusinessMerge).count() == 0


def test_said_to_be_two_it_leaves_the_list(pair: Pair, signed_in: SignIn) -> None:
    browser = signed_in(factories.make_person("province"))
    number = pair.twin().id
    browser.post(f"/register/twins/{number}/not-same")
    assert queries.get_twin(number).state is TwinState.NOT_SAME
    assert f"/register/twins/{number}" not in browser.text("/register/twins")
    assert browser.post(f"/register/twins/{number}/not-same").status_code == 409


def test_old_links_lead_to_the_entry_that_stays(pair: Pair, signed_in: SignIn, client) -> None:
    pair.join()
    kept, gone = pair.kept.id, pair.gone.id
    assert client.get(f"/businesses/{gone}").location == f"/businesses/{kept}"
    browser = signed_in(factories.make_person("province"))
    assert browser.get(f"/businesses/{gone}/edit").location == f"/businesses/{kept}/edit"
    assert browser.get(f"/products?producer={gone}").location.endswith(f"producer={kept}")


def test_a_stranger_learns_nothing_of_a_merged_outlet(shops: Pair, signed_in: SignIn) -> None:
    shops.join()
    browser = signed_in(factories.make_person("producer"))
    theirs = browser.get(f"/businesses/{shops.gone.id}")
    nothing = browser.get("/businesses/987654")
    assert theirs.status_code == nothing.status_code == 404


def test_a_kabupaten_sees_only_pairs_that_lie_in_it(pair: Pair, signed_in: SignIn) -> None:
    number = pair.twin().id
    near = signed_in(factories.make_person("regency"))
    far = signed_in(factories.make_person("regency", area=factories.BELITUNG))
    assert near.get(f"/register/twins/{number}").status_code == 200
    assert far.get(f"/register/twins/{number}").status_code == 404
    assert f"/register/twins/{number}" not in far.text("/register/twins")
    assert near.post("/register/twins").status_code == 403  # the whole register: the province
    producer = signed_in(factories.make_person("producer", works_for=[pair.kept, pair.gone]))
    assert producer.get(f"/register/twins/{number}").status_code == 404
    assert f"/register/twins/{number}" not in producer.text(f"/businesses/{pair.kept.id}")


def test_amounts_are_not_told_by_comparing(pair: Pair, signed_in: SignIn) -> None:
    with transaction():
        row = session.get_one(Business, pair.gone.id)
        row.yearly_sales, row.yearly_sales_on = 987_654_321, today()
    page = signed_in(factories.make_person("province")).text(f"/register/twins/{pair.twin().id}")
    assert "987.654.321" not in page
