"""One training from its plan to its certificates, page by page, as officers and people use it."""

import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from flask import Flask

from marketplace.accounts import rules as account_rules
from marketplace.core.clock import now, today
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.notifications.models import OutboxMessage
from marketplace.programs.documents import attendance as codes
from marketplace.programs.documents import training_letters as letters
from marketplace.programs.models import Attendance, SignUp
from marketplace.programs.queries import sign_ups as reads
from marketplace.programs.queries import trainings as queries
from marketplace.programs.rules import ProgramState
from marketplace.programs.services import following_up, trainings
from tests import factories
from tests.conftest import SignIn
from tests.programs.trainings import attend, certify, join, make_course
from tests.support.client import Client
from tests.support.pages import Page


def plan_fields(**given: str) -> dict[str, str]:
    day = today().isoformat()
    return {
        "title": "Tata rambut dasar",
        "subject": "Barber",
        "level": "regency",
        "organiser": "Dinas Bangka Tengah",
        "region": "Kab. Bangka Tengah",
        "place": "Balai Latihan Koba",
        "starts_on": day,
        "ends_on": day,
        "seats": "2",
        "sign_up_until": day,
        "sessions-0-held_on": day,
        "sessions-0-starts": "8.00",
        "sessions-0-ends": "11.30",
        "sessions-0-topic": "Alat dan potongan dasar",
        "unlocks": "skill:craft",
        "pass_percent": "80",
        "version": "0",
        **given,
    }


def sign_up_fields(**given: str) -> dict[str, str]:
    return {
        "name": "Siti Aminah",
        "phone": "0812 7000 1111",
        "region": "Kota Pangkal Pinang",
        "consent": "y",
        **given,
    }


def test_a_training_goes_from_its_plan_to_a_certificate_that_proves_itself(
    app: Flask, signed_in: SignIn, client: Client
) -> None:
    officer = signed_in(factories.make_person("regency", area=factories.BANGKA))
    planned = officer.post("/trainings/new", data=plan_fields())
    assert planned.status_code == 302, planned.text
    page = planned.location
    number = int(page.rsplit("/", 1)[1])
    assert client.get(f"/training/{number}").status_code == 404  # still a draft
    assert officer.post(f"{page}/open").status_code == 302
    assert "Bagikan" in officer.text(page) or "wa.me" in officer.text(page)

    public = client.text(f"/training/{number}")
    assert 'property="og:title"' in public
    picture = client.get(f"/training/{number}/share.jpg")
    assert picture.mimetype == "image/jpeg"
    assert len(picture.data) < 100 * 1024
    places = []
    for name, phone in (
        ("Siti Aminah", "081270001111"),
        ("Rudi", "6281270002222"),
        ("Ani", "+62 812-7000-3333"),
    ):
        answer = client.post(f"/training/{number}", data=sign_up_fields(name=name, phone=phone))
        assert answer.status_code == 302, answer.text
        places.append(answer.location)
    states = [one.state.value for one in reads.list_sign_ups(number)]
    assert states == ["seated", "seated", "waiting"]
    assert client.post(places[1], data={"answer": "no"}).status_code == 302
    states = [one.state.value for one in reads.list_sign_ups(number)]
    assert states == ["seated", "withdrawn", "seated"]
    text = letters.training_letter
    with app.test_request_context():
        told = [text(one) for one in session.query(OutboxMessage).filter_by(state="to_send")]
    assert any("Ani" in one and "/seat/" in one for one in told)

    one = queries.get_training(number).sessions[0]
    with app.test_request_context():
        code = urlsplit(codes.code_of(one, now()).link).path
    assert client.get(code).status_code == 200
    there = client.post(code, data={"phone": "0812-7000-1111"})
    assert there.status_code == 200
    assert "+62812" in there.text
    assert session.query(Attendance).one().way == "code"

    assert "Siti Aminah" in officer.text(f"{page}/certificates")
    assert officer.post(f"{page}/certificates").status_code == 302
    whole = officer.get(f"{page}/certificates.pdf")
    assert whole.data.startswith(b"%PDF")
    own = client.text(places[0])
    assert f"TG-S-{number}-001" in own
    assert client.get(f"{urlsplit(places[0]).path}/certificate.pdf").data.startswith(b"%PDF")


@pytest.mark.parametrize("name", ["Siti \U0001f338", "王小明"])
def test_a_name_our_fonts_do_not_draw_stops_nobodys_certificate(
    app: Flask, signed_in: SignIn, name: str
) -> None:
    course = make_course()
    for one in (name, "Rudi"):
        attend(course, join(course, one))
    certify(course)
    officer = signed_in(course.officer)
    assert officer.get(f"/trainings/{course.id}/certificates.pdf").data.startswith(b"%PDF")


def genuine_page(app: Flask, sign_up: SignUp) -> str:
    from marketplace.programs.documents import certificates as papers

    certificate = reads.certificates_of(sign_up.program_id)[0]
    with app.test_request_context():
        return urlsplit(papers.check_link(certificate)).path


def test_the_page_behind_the_code_says_genuine_then_revoked_and_nothing_of_the_number(
    app: Flask, signed_in: SignIn, client: Client
) -> None:
    course = make_course()
    sign_up = join(course, "Siti Aminah", "+6281270001111")
    attend(course, sign_up)
    certify(course)
    page = genuine_page(app, sign_up)
    shown = client.text(page)
    assert "Sertifikat ini asli" in shown
    assert "Siti Aminah" in shown
    assert "7000" not in shown
    certificate = reads.certificates_of(course.id)[0]
    officer = signed_in(course.officer)
    assert (
        officer.post(f"/certificates/{certificate.id}/revoke", data={"reason": ""}).status_code
        == 422
    )
    done = officer.post(f"/certificates/{certificate.id}/revoke", data={"reason": "Salah nama"})
    assert done.status_code == 302
    assert "Sertifikat ini dicabut" in client.text(page)
    assert client.get(page[:-3] + "xxx").status_code == 404


def test_the_same_number_in_any_spelling_is_one_sign_up_and_its_link_is_not_given_away(
    app: Flask, client: Client
) -> None:
    course = make_course()
    first = client.post(f"/training/{course.id}", data=sign_up_fields())
    token = first.location.rsplit("/", 1)[1]
    for phone in ("081270001111", "+62 812 7000 1111", "62-812-7000-1111", "wa.me/6281270001111"):
        again = client.post(
            f"/training/{course.id}", data=sign_up_fields(phone=phone, name="Orang")
        )
        assert again.status_code == 200
        assert token not in again.text
        assert "Siti" not in again.text
    assert course.states() == ["seated"]
    assert reads.list_sign_ups(course.id)[0].name == "Siti Aminah"


def test_who_types_the_number_of_somebody_invited_does_not_get_their_link(
    app: Flask, client: Client
) -> None:
    course, business = make_course(), factories.make_producer(phone="+6281270001111")
    with transaction():
        trainings.invite(actor=course.actor, program_id=course.id, business_ids=[business.id])
    answer = client.post(f"/training/{course.id}", data=sign_up_fields())
    assert answer.location == f"/training/{course.id}"
    assert course.states() == ["seated"]
    assert "WhatsApp" in client.text(answer.location)


def test_a_form_sent_twice_leads_to_the_same_page(app: Flask, client: Client) -> None:
    course = make_course()
    fields = {**sign_up_fields(), "form_token": "same-form"}
    first = client.post(f"/training/{course.id}", data=fields)
    assert client.post(f"/training/{course.id}", data=fields).location == first.location


def test_one_machine_does_not_fill_a_training(app: Flask, client: Client) -> None:
    course = make_course(seats=900)
    answers = [
        client.post(f"/training/{course.id}", data=sign_up_fields(phone=f"0812700{n:05}"))
        for n in range(account_rules.TRIES_PER_ADDRESS + 2)
    ]
    assert [one.status_code for one in answers[-3:]] == [302, 429, 429]
    assert len(course.states()) == account_rules.TRIES_PER_ADDRESS


def test_the_code_on_the_wall_is_no_list_of_numbers(app: Flask, client: Client) -> None:
    course = make_course()
    join(course, phone="+6281270001111")
    with app.test_request_context():
        one = queries.get_training(course.id).sessions[0]
        code = urlsplit(codes.code_of(one, now()).link).path
    tries = range(account_rules.TRIES_PER_ADDRESS + 1)
    answers = [client.post(code, data={"phone": f"0812800{n:05}"}) for n in tries]
    assert [one.status_code for one in answers[-2:]] == [422, 429]
    assert client.post(code, data={"phone": "081270001111"}).status_code == 429


@pytest.mark.parametrize(
    "fields",
    [
        {"phone": "0717 421234"},
        {"phone": "12"},
        {"name": " "},
        {"consent": ""},
        {"region": "Atlantis"},
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nobody_is_signed_up(
    app: Flask, client: Client, fields: dict[str, str]
) -> None:
    course = make_course()
    data = {name: value for name, value in sign_up_fields(**fields).items() if value}
    answer = client.post(f"/training/{course.id}", data=data)
    assert answer.status_code == 422
    assert course.states() == []


def test_after_the_deadline_the_page_says_so_and_takes_nobody(app: Flask, client: Client) -> None:
    course = make_course(sign_up_until=today() - timedelta(days=1))
    assert "<form" not in client.text(f"/training/{course.id}").split("<main")[1]
    answer = client.post(f"/training/{course.id}", data=sign_up_fields())
    assert answer.status_code == 409
    assert course.states() == []


def test_an_old_code_is_worth_nothing(app: Flask, client: Client) -> None:
    course = make_course()
    join(course, phone="+6281270001111")
    one = course.training.sessions[-1]
    with app.test_request_context():
        old = urlsplit(codes.code_of(one, now() - timedelta(minutes=21)).link).path
        fresh = urlsplit(codes.code_of(one, now()).link).path
    assert client.post(old, data={"phone": "081270001111"}).status_code == 404
    unknown = client.post(fresh, data={"phone": "081299990000"})
    assert unknown.status_code == 422
    assert session.query(Attendance).count() == 0
    for _ in range(2):
        assert client.post(fresh, data={"phone": "081270001111"}).status_code == 200
    assert session.query(Attendance).count() == 1


def list_page(course_session: int) -> str:
    return f"/training-sessions/{course_session}/list"


def test_unknown_names_of_a_list_are_asked_about_before_anything_is_written(
    app: Flask, signed_in: SignIn
) -> None:
    course = make_course()
    siti = join(course, "Siti Aminah")
    rudi = join(course, "Rudi Hartono")
    officer, place = signed_in(course.officer), list_page(course.sessions[0])
    pasted = "1. Ibu Siti Aminah\n2. Rudy Hartanto\n3. Yulia Baru, 0812 9999 0001\n"
    asked = officer.post(place, data={"people": pasted, "step": "look"})
    assert asked.status_code == 200
    assert "Rudi Hartono" in asked.text
    assert session.query(Attendance).count() == 0
    fields = next(one for one in Page(asked.text).forms if "people" in one.fields).fields
    fields |= {"line-2": "", "line-3": ""}
    unsaid = officer.post(place, data={**fields, "step": "save"})
    assert unsaid.status_code == 422
    assert session.query(Attendance).count() == 0
    fields |= {"line-2": str(rudi.id), "line-3": "new", "step": "save"}
    assert officer.post(place, data=fields).status_code == 302
    there = reads.attendance_of(course.id)
    assert set(there) >= {siti.id, rudi.id}
    assert course.states() == ["seated", "seated", "walk_in"]
    again = officer.post(place, data=fields)
    assert again.status_code == 302
    assert session.query(Attendance).count() == 3


def test_a_list_comes_as_a_file_too_and_numbers_find_who_they_are(
    app: Flask, signed_in: SignIn
) -> None:
    course = make_course()
    one = join(course, "Siti Aminah", "+6281270001111")
    table = BytesIO(b"No,Nama Peserta,No HP\n1,S. Aminah,0812-7000-1111\n")
    asked = signed_in(course.officer).post(
        list_page(course.sessions[0]), data={"file": (table, "hadir.csv"), "step": "save"}
    )
    assert asked.status_code == 302
    assert list(reads.attendance_of(course.id)) == [one.id]


def test_people_signed_up_from_a_list_keep_its_order_and_bad_lines_come_back(
    app: Flask, signed_in: SignIn
) -> None:
    course = make_course(seats=2)
    pasted = (
        "Siti, 081270001111, Bangka Tengah, Dapur Siti\n"
        "Rudi\t0812 7000 2222\tAtlantis\n"
        "Ani, 081270003333\n"
        "Budi\n"
    )
    answer = signed_in(course.officer).post(
        f"/trainings/{course.id}/participants/add", data={"people": pasted}
    )
    assert answer.status_code == 422
    assert "Atlantis" in answer.text
    people = reads.list_sign_ups(course.id)
    assert [one.name for one in people] == ["Siti", "Ani", "Budi"]
    assert course.states() == ["seated", "seated", "waiting"]
    assert people[0].region_code == "19.04"


def test_producers_of_the_register_are_invited_or_signed_up_many_at_once(
    app: Flask, signed_in: SignIn
) -> None:
    course = make_course(seats=1)
    some = [factories.make_producer() for _ in range(3)]
    officer, place = signed_in(course.officer), f"/trainings/{course.id}/invite"
    both = {"business": [str(one.id) for one in some[:2]], "how": "seat"}
    assert officer.post(place, data=both).status_code == 302
    asked = {"business": str(some[2].id), "why": "Belum ada P-IRT"}
    assert officer.post(place, data=asked).status_code == 302
    assert sorted(course.states()) == ["invited", "seated", "waiting"]
    invited = reads.find_of_business(course.id, some[2].id)
    assert invited is not None
    assert "wa.me" in officer.text(f"/training-participants/{invited.id}")
    with app.test_request_context():
        own = urlsplit(letters.own_link(invited)).path
    page = officer.application.test_client()
    assert "Belum ada P-IRT" in page.get(own).get_data(as_text=True)
    assert officer.post(own, data={"answer": "yes"}).status_code == 302
    assert sorted(course.states()) == ["seated", "waiting", "waiting"]


def test_a_link_sent_to_a_wrong_number_ends_when_the_number_is_corrected(
    app: Flask, signed_in: SignIn, client: Client
) -> None:
    course = make_course()
    place = client.post(f"/training/{course.id}", data=sign_up_fields()).location
    assert client.get(place).status_code == 200
    sign_up = reads.list_sign_ups(course.id)[0]
    fields = {
        "name": sign_up.name,
        "phone": "0812 7000 2222",
        "business_id": "",
        "version": str(sign_up.version),
    }
    officer = signed_in(course.officer)
    assert officer.post(f"/training-participants/{sign_up.id}", data=fields).status_code == 302
    assert client.get(place).status_code == 404
    assert client.post(place, data={"answer": "no"}).status_code == 404
    assert course.states() == ["seated"]


def test_a_list_for_a_training_that_is_closed_is_refused_on_its_page(
    app: Flask, signed_in: SignIn
) -> None:
    course = make_course()
    with transaction():
        trainings.close_training(actor=course.actor, program_id=course.id)
    answer = signed_in(course.officer).post(
        f"/trainings/{course.id}/participants/add", data={"people": "Siti 081270001111"}
    )
    assert answer.status_code == 409
    assert "Siti 081270001111" in answer.text
    assert course.states() == []


def test_a_kabupaten_seats_nobody_of_another_whose_number_it_may_not_see(
    app: Flask, signed_in: SignIn
) -> None:
    course = make_course(factories.make_person("regency", area=factories.BANGKA))
    theirs = factories.make_producer(name="Dapur Jauh", region_code=factories.BELITUNG)
    officer, place = signed_in(course.officer), f"/trainings/{course.id}/invite"
    assert "Dapur Jauh" not in officer.text(place)
    asked = {"business": str(theirs.id), "how": "seat"}
    assert officer.post(place, data=asked).status_code == 302
    assert course.states() == []


def test_another_kabupaten_sees_that_it_is_held_and_its_own_people_only(
    app: Flask, signed_in: SignIn
) -> None:
    course = make_course(factories.make_person("regency"))
    sign_up = join(course, "Siti Kanari")
    attend(course, sign_up)
    certify(course)
    certificate = reads.certificates_of(course.id)[0]
    other = signed_in(factories.make_person("regency", area=factories.BELITUNG))
    join(course, "Rudi Belitung", region_code=factories.BELITUNG)
    for path in ("", "/participants", "/participants.csv"):
        assert "Siti" not in other.text(f"/trainings/{course.id}{path}")
    assert "Rudi Belitung" in other.text(f"/trainings/{course.id}/participants")
    assert "Rudi Belitung" in other.text(f"/trainings/{course.id}/participants.csv")
    for path in (
        f"/trainings/{course.id}/certificates",
        f"/trainings/{course.id}/outcomes",
        f"/training-participants/{sign_up.id}",
        f"/training-sessions/{course.sessions[0]}",
        f"/training-sessions/{course.sessions[0]}/wall",
        f"/certificates/{certificate.id}.pdf",
    ):
        assert other.get(path).status_code == 404, path
    assert other.post(f"/trainings/{course.id}/close").status_code == 404
    assert course.training.program.state is ProgramState.OPEN


def test_a_producer_signs_up_with_one_press_and_sees_attendance_and_certificate(
    app: Flask, signed_in: SignIn
) -> None:
    course = make_course()
    business = factories.make_producer(name="Dapur Cokelat")
    person = factories.make_person("producer", works_for=business)
    browser = signed_in(person)
    assert "Dapur Cokelat" in browser.text(f"/training/{course.id}")
    done = browser.post(f"/training/{course.id}/own", data={"business": str(business.id)})
    assert done.status_code == 302
    (sign_up,) = reads.list_sign_ups(course.id)
    assert (sign_up.business_id, sign_up.phone) == (business.id, person.phone)
    attend(course, sign_up)
    certify(course)
    shown = browser.text("/my-trainings")
    assert "3 dari 3" in shown
    assert f"TG-S-{course.id}-001" in shown
    stranger = signed_in(factories.make_person("producer"))
    assert "TG-S" not in stranger.text("/my-trainings")
    refused = stranger.post(f"/training/{course.id}/own", data={"business": str(business.id)})
    assert refused.status_code == 403


def test_every_page_of_an_officer_opens(app: Flask, signed_in: SignIn) -> None:
    course = make_course(starts=-200)
    sign_up = join_late(course)
    attend(course, sign_up)
    certify(course)
    with transaction():
        following_up.open_due(today())
    officer = signed_in(course.officer)
    calls = officer.text("/training-calls")
    call = re.search(r"/training-calls/\d+", calls)
    assert call is not None
    for path in (
        "/trainings",
        "/programs",
        "/trainings/new",
        f"/trainings/{course.id}",
        f"/trainings/{course.id}/edit",
        f"/trainings/{course.id}/participants",
        f"/trainings/{course.id}/outcomes",
        f"/trainings/{course.id}/outcomes.xlsx",
        f"/trainings/{course.id}/participants.xlsx",
        f"/training-sessions/{course.sessions[0]}/sheet",
        f"/training-sessions/{course.sessions[0]}/wall",
        f"/training-participants/{sign_up.id}",
        f"/certificates/{reads.certificates_of(course.id)[0].id}/revoke",
        call[0],
        "/training-figures",
    ):
        assert officer.get(path).status_code == 200, path
    said = officer.post(call[0], data={"answer": "started", "started_on": ""})
    assert said.status_code == 422
    day = (today() - timedelta(days=30)).isoformat()
    said = officer.post(call[0], data={"answer": "started", "started_on": day})
    assert said.status_code == 302
    assert "kata peserta" in officer.text(f"/trainings/{course.id}/outcomes")


def join_late(course: object) -> SignUp:
    """By its office, once the page takes nobody any more."""
    from marketplace.programs.guards import trainings as guards
    from marketplace.programs.rules.trainings import SignUpState, SignUpWay

    with transaction():
        guards.take_seat(course.id)  # type: ignore[attr-defined]
        sign_up = SignUp(
            program_id=course.id,  # type: ignore[attr-defined]
            name="Peserta Lama",
            folded_name="peserta lama",
            phone="+6281277778888",
            state=SignUpState.SEATED,
            way=SignUpWay.OFFICER,
            turn=1,
        )
        session.add(sign_up)
    return sign_up


def test_an_empty_list_of_a_session_leads_to_signing_people_up(signed_in: SignIn) -> None:
    officer = factories.make_person("province")
    course = make_course(officer)
    page = signed_in(officer).get(f"/training-sessions/{course.sessions[0]}").text
    assert "Belum ada yang diundang" in page
    assert f"/trainings/{course.id}/participants/add" in page
