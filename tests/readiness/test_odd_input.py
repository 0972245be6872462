"""Numbers no row has and signs no database keeps are answered, never a failure of ours."""

import pytest
from flask import Flask

from marketplace.infra.db import session
from marketplace.programs.models.trainings import SignUp
from tests.conftest import SignIn
from tests.factories import make_person

pytestmark = pytest.mark.both_databases

ODD = ["9" * 18, "9" * 30, "9" * 5000, "٣", "-1", "", "1e9", "\x00"]


@pytest.mark.parametrize("number", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("place", ["plan/invite?gap=barcode:", "selection"])
def test_a_number_no_row_has_is_refused(
    app: Flask, signed_in: SignIn, place: str, number: str
) -> None:
    browser = signed_in(make_person("province"))
    answer = browser.post(f"/readiness/{place}", data={"program": number, "business": number})
    assert answer.status_code in {302, 404, 422}
    assert session.query(SignUp).count() == 0


@pytest.mark.parametrize(
    "address",
    [
        "/readiness?gap=paper:%00",
        "/readiness/pairings?gap=paper:m%00d&page=0",
        "/readiness.csv?gap=paper:%00&area=%00",
        "/report/losses/rejected?reason=%00",
        "/report/losses/rejected.csv?reason=%00",
        "/report/losses/rejected?reason=nonsense",
        "/report/losses/unanswered?reason=nonsense&page=0",
        "/report/losses/deal-closed.xlsx?reason=nonsense",
    ],
)
def test_a_sign_no_database_keeps_narrows_to_nothing(
    app: Flask, signed_in: SignIn, address: str
) -> None:
    assert signed_in(make_person("province")).get(address).status_code == 200
