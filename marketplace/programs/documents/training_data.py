"""A person's part of "all my data": trainings of their businesses and of their own number."""

from collections.abc import Mapping, Sequence

from marketplace.accounts import queries as accounts
from marketplace.businesses import queries as businesses
from marketplace.programs.queries import sign_ups as reads


def personal_data(person_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """Sign-ups with the sessions attended, certificates, and what was said afterwards."""
    ids = {business.id for business in businesses.list_of_person(person_id)}
    own = reads.own_sign_ups(ids, accounts.get_person(person_id).phone)
    numbers = {one.id for one in own}
    there = {one.program_id: reads.attendance_of(one.program_id) for one in own}
    return {
        "training_sign_ups": [
            {
                "training": one.training.program.title,
                "name": one.name,
                "phone": one.phone,
                "region": one.region_code,
                "business_id": one.business_id,
                "business_name": one.business_name,
                "state": one.state.value,
                "way": one.way.value,
                "why": one.why,
                "consented_at": one.consented_at,
                "sessions_attended": len(there[one.program_id].get(one.id, ())),
            }
            for one in own
        ],
        "training_certificates": [
            {"number": one.number, "name": one.name, "issued_on": one.issued_on}
            for one in reads.certificates_of_people(numbers).values()
        ],
        "training_follow_ups": [
            {
                "months": one.months,
                "answer": one.answer.value if one.answer else None,
                "started_on": one.started_on,
                "note": one.note,
                "done_at": one.done_at,
            }
            for one in reads.follow_ups_of(numbers)
        ],
    }
