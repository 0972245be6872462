"""From the order to the money."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from marketplace.core.actor import Actor
from marketplace.core.clock import today
from marketplace.core.errors import InvalidInput, NotAllowed, RuleBroken
from marketplace.deals import queries
from marketplace.deals.models import Deal, Order, Payment
from marketplace.deals.queries import DealFilter
from marketplace.deals.rules.lines import LineDraft
from marketplace.deals.rules.months import month_of
from marketplace.deals.rules.orders import NoticeKind, OrderState, RejectReason
from marketplace.deals.rules.states import DealState
from marketplace.deals.services import noticing, ordering, paying, signing
from marketplace.deals.services.ordering import OrderDraft
from marketplace.deals.views import notices as notice_views
from marketplace.infra.db import session
from marketplace.infra.transaction import transaction
from marketplace.suggestions.rules import Side
from tests.conftest import SignIn
from tests.deals.conftest import Trade, evidence, record, terms_of
from tests.factories import JAKARTA_SELATAN, PALEMBANG, make_person

NOW = month_of(today())


@pytest.fixture
def deal(trade: Trade, signed: Callable[..., Deal]) -> Deal:
    """A deal that begins this month."""
    return signed(volume=60, starts_on=NOW, months=3)


def place(trade: Trade, deal: Deal, quantity: int = 20, **given: object) -> Order:
    line = queries.get_deal(deal.id).lines[0]
    values = {"line_id": line.id, "quantity": quantity, "wanted_on": today(), **given}
    with transaction():
        return ordering.order(
            actor=trade.actor(trade.buyer),
            deal_id=deal.id,
            draft=OrderDraft(**values),  # type: ignore[arg-type]
            evidence=evidence(),
        )


def bring(trade: Trade, made: Order, accepted: int | None = None) -> Order:
    """Send, receive and accept an order, each by its side."""
    maker, buyer = trade.actor(trade.maker), trade.actor(trade.buyer)
    with transaction():
        ordering.send(actor=maker, order_id=made.id, evidence=evidence())
    with transaction():
        ordering.receive(actor=buyer, order_id=made.id, evidence=evidence())
    with transaction():
        return ordering.accept(
            actor=buyer,
            order_id=made.id,
            accepted=made.quantity if accepted is None else accepted,
            reason=RejectReason.SHORT if accepted is not None else None,
            evidence=evidence(),
        )


def ask_money(trade: Trade, made: Order) -> Order:
    with transaction():
        return paying.invoice(actor=trade.actor(trade.maker), order_id=made.id, evidence=evidence())


def pay(trade: Trade, made: Order, amount: int) -> Order:
    with transaction():
        return paying.pay(
            actor=trade.actor(trade.maker), order_id=made.id, amount=amount, evidence=evidence()
        )


def test_the_first_order_sets_the_deal_running(trade: Trade, deal: Deal) -> None:
    place(trade, deal)
    assert queries.get_deal(deal.id).state is DealState.RUNNING
    place(trade, deal)
    steps = [step.state for step in queries.list_steps(deal.id)]
    assert steps.count(DealState.RUNNING) == 1


def test_an_order_goes_from_ordered_to_paid(trade: Trade, deal: Deal) -> None:
    made = bring(trade, place(trade, deal, 20))
    invoiced = ask_money(trade, made)
    assert invoiced.invoice_amount == 420_000
    assert invoiced.due_on == today() + timedelta(days=30)
    assert pay(trade, made, 20_000).state is OrderState.INVOICED
    paid = pay(trade, made, 400_000)
    assert (paid.state, paid.paid_on) == (OrderState.PAID, today())
    states = [step.state.value for step in queries.get_order(made.id).steps]
    assert states == ["ordered", "sent", "received", "accepted", "invoiced", "paid"]


def test_only_what_was_taken_is_invoiced(trade: Trade, deal: Deal) -> None:
    made = bring(trade, place(trade, deal, 20), accepted=15)
    assert made.reject_reason is RejectReason.SHORT
    assert ask_money(trade, made).invoice_amount == 315_000


def test_to_take_less_than_was_ordered_needs_a_reason(trade: Trade, deal: Deal) -> None:
    made = place(trade, deal, 20)
    with transaction():
        ordering.send(actor=trade.office, order_id=made.id, evidence=evidence())
    with transaction():
        ordering.receive(actor=trade.office, order_id=made.id, evidence=evidence())
    for accepted in (0, 19, 21):
        with pytest.raises(InvalidInput), transaction():
            ordering.accept(
                actor=trade.office, order_id=made.id, accepted=accepted, evidence=evidence()
            )
    assert queries.get_order(made.id).state is OrderState.RECEIVED


def test_rejected_goods_are_never_invoiced(trade: Trade, deal: Deal) -> None:
    made = place(trade, deal, 20)
    for step in (ordering.send, ordering.receive):
        with transaction():
            step(actor=trade.office, order_id=made.id, evidence=evidence())
    with transaction():
        ordering.reject(
            actor=trade.office,
            order_id=made.id,
            reason=RejectReason.DAMAGED,
            evidence=evidence(),
        )
    with pytest.raises(RuleBroken):
        ask_money(trade, made)


@pytest.mark.parametrize("amount", [420_001, 10**12, 0])
def test_a_payment_larger_than_the_invoice_is_refused(
    trade: Trade, deal: Deal, amount: int
) -> None:
    made = ask_money(trade, bring(trade, place(trade, deal, 20)))
    with pytest.raises(InvalidInput) as refused:
        pay(trade, made, amount)
    assert set(refused.value.fields) == {"amount"}
    session.rollback()
    assert session.query(Payment).count() == 0


def test_nothing_is_sent_under_a_cancelled_deal(trade: Trade, deal: Deal) -> None:
    made = place(trade, deal, 20)
    delivered = bring(trade, place(trade, deal, 10))
    with transaction():
        signing.close(
            actor=trade.office,
            deal_id=deal.id,
            then=DealState.CANCELLED,
            evidence=evidence(note="Gerai tutup"),
        )
    with pytest.raises(RuleBroken) as refused, transaction():
        ordering.send(actor=trade.office, order_id=made.id, evidence=evidence())
    assert "cancelled" in refused.value.msgid
    with pytest.raises(RuleBroken):
        place(trade, deal, 1)
    # What was delivered before is still owed, and its money is still taken.
    ask_money(trade, delivered)
    assert pay(trade, delivered, 210_000).state is OrderState.PAID


def test_an_order_that_will_never_be_sent_holds_no_capacity(trade: Trade, deal: Deal) -> None:
    sent = place(trade, deal, 10)
    with transaction():
        ordering.send(actor=trade.office, order_id=sent.id, evidence=evidence())
    place(trade, deal, 20)
    with transaction():
        signing.close(
            actor=trade.office,
            deal_id=deal.id,
            then=DealState.CANCELLED,
            evidence=evidence(note="Gerai tutup"),
        )
    promises = queries.promises_of_deal(deal.id)
    assert [(row.promised, row.ordered) for row in promises] == [(10, 10), (0, 0), (0, 0)]
    assert [row.promised for row in queries.list_months([trade.product.id], NOW)] == [10, 0, 0]


def test_no_month_is_ordered_beyond_what_it_promises(trade: Trade, deal: Deal) -> None:
    place(trade, deal, 45)
    with pytest.raises(RuleBroken) as refused:
        place(trade, deal, 16)
    assert refused.value.params["left"] == 15
    place(trade, deal, 15)


def test_a_whole_month_is_ordered_in_one_press(trade: Trade, signed: Callable[..., Deal]) -> None:
    lines = (
        LineDraft(JAKARTA_SELATAN, 40, trade.branches[0].id),
        LineDraft(PALEMBANG, 20, trade.branches[1].id),
    )
    deal = signed(volume=60, lines=lines, starts_on=NOW, months=2)
    place(trade, deal, 10)

    def all_of_it() -> list[Order]:
        with transaction():
            return ordering.order_month(
                actor=trade.actor(trade.buyer),
                deal_id=deal.id,
                month=NOW,
                wanted_on=today(),
                evidence=evidence(),
            )

    assert [made.quantity for made in all_of_it()] == [30, 20]
    with pytest.raises(RuleBroken):
        all_of_it()


def test_steps_out_of_order_or_on_impossible_days_are_refused(trade: Trade, deal: Deal) -> None:
    made = place(trade, deal)
    with pytest.raises(RuleBroken), transaction():
        ordering.receive(actor=trade.office, order_id=made.id, evidence=evidence())
    for day in (today() + timedelta(days=1), today() - timedelta(days=1)):
        with pytest.raises(InvalidInput), transaction():
            ordering.send(actor=trade.office, order_id=made.id, evidence=evidence(day))
    assert queries.get_order(made.id).state is OrderState.ORDERED


def test_an_order_is_no_older_than_the_signature(trade: Trade, deal: Deal) -> None:
    line = queries.get_deal(deal.id).lines[0].id
    for actor in (trade.office, trade.actor(trade.buyer)):
        with pytest.raises(InvalidInput), transaction():
            ordering.order(
                actor=actor,
                deal_id=deal.id,
                draft=OrderDraft(line, 5, today()),
                evidence=evidence(today() - timedelta(days=1)),
            )
    assert queries.page_of_orders(deal.id, 1).total == 0


def test_only_the_office_writes_down_an_order_whose_day_is_past(trade: Trade) -> None:
    ago = today() - timedelta(days=5)
    deal = record(trade, terms_of(trade, 60, starts_on=month_of(ago), months=3))
    with transaction():
        signing.sign(actor=trade.office, deal_id=deal.id, evidence=evidence(ago))
    line = queries.get_deal(deal.id).lines[0].id

    def old_paper(actor: Actor) -> None:
        with transaction():
            ordering.order(
                actor=actor,
                deal_id=deal.id,
                draft=OrderDraft(line, 5, ago),
                evidence=evidence(ago),
            )

    with pytest.raises(InvalidInput) as refused:
        old_paper(trade.actor(trade.buyer))
    assert set(refused.value.fields) == {"wanted_on"}
    session.rollback()
    old_paper(trade.office)
    assert queries.page_of_orders(deal.id, 1).total == 1


def test_what_is_past_its_day_and_not_done_counts_as_late(trade: Trade, deal: Deal) -> None:
    yesterday = today() - timedelta(days=1)

    def on_time(business_id: int, side: Side) -> tuple[int, int]:
        rate = queries.reliability_of(business_id, side).on_time
        return rate.hits, rate.total

    unpaid = ask_money(trade, bring(trade, place(trade, deal, 10))).id
    unsent = place(trade, deal, 10).id
    producer, buyer = (trade.producer.id, Side.PRODUCER), (trade.outlet.id, Side.BUYER)
    assert (on_time(*producer), on_time(*buyer)) == ((1, 1), (0, 0))
    with transaction():
        session.get_one(Order, unpaid).due_on = yesterday
        session.get_one(Order, unsent).wanted_on = yesterday
    assert (on_time(*producer), on_time(*buyer)) == ((1, 2), (0, 1))
    # Closed before the day came: nobody was late. Paid at last: late all the same.
    pay(trade, session.get_one(Order, unpaid), 210_000)
    with transaction():
        session.get_one(Deal, deal.id).closed_on = yesterday
    assert (on_time(*producer), on_time(*buyer)) == ((1, 1), (0, 1))


def test_each_side_takes_only_its_own_steps(trade: Trade, deal: Deal) -> None:
    made = place(trade, deal)
    with pytest.raises(NotAllowed), transaction():
        ordering.send(actor=trade.actor(trade.buyer), order_id=made.id, evidence=evidence())
    with transaction():
        ordering.send(actor=trade.actor(trade.maker), order_id=made.id, evidence=evidence())
    with pytest.raises(NotAllowed), transaction():
        ordering.receive(actor=trade.actor(trade.maker), order_id=made.id, evidence=evidence())
    stranger = trade.actor(make_person("buyer"))
    with pytest.raises(NotAllowed), transaction():
        ordering.receive(actor=stranger, order_id=made.id, evidence=evidence())


# --- consignment


@pytest.fixture
def consigned(trade: Trade, signed: Callable[..., Deal]) -> Deal:
    return signed(
        volume=60,
        starts_on=NOW,
        months=3,
        terms="consignment",
        terms_days=14,
        commission_percent=20,
        returns="Barang kedaluwarsa ditukar.",
    )


def report(trade: Trade, made: Order, sold: int, returned: int = 0) -> Order:
    with transaction():
        return paying.report_sales(
            actor=trade.actor(trade.buyer),
            order_id=made.id,
            sold=sold,
            returned=returned,
            evidence=evidence(),
        )


def test_goods_on_consignment_are_paid_as_they_are_sold(trade: Trade, consigned: Deal) -> None:
    made = bring(trade, place(trade, consigned, 20))
    with pytest.raises(RuleBroken):
        ask_money(trade, made)
    report(trade, made, sold=8)
    assert ask_money(trade, made).invoice_amount == 8 * 21_000 * 80 // 100
    assert pay(trade, made, 134_400).state is OrderState.INVOICED  # twelve are on the shelf
    assert report(trade, made, sold=10).invoice_amount == 18 * 21_000 * 80 // 100
    report(trade, made, sold=0, returned=2)
    paid = pay(trade, made, 168_000)
    assert paid.state is OrderState.PAID


def test_returned_goods_settle_what_was_paid_before(trade: Trade, consigned: Deal) -> None:
    made = bring(trade, place(trade, consigned, 20))
    report(trade, made, sold=8)
    ask_money(trade, made)
    pay(trade, made, 134_400)
    assert report(trade, made, sold=0, returned=12).state is OrderState.PAID


def test_no_more_is_sold_than_was_taken(trade: Trade, consigned: Deal) -> None:
    made = bring(trade, place(trade, consigned, 20))
    report(trade, made, sold=15)
    with pytest.raises(InvalidInput) as refused:
        report(trade, made, sold=5, returned=1)
    assert refused.value.params["left"] == 5
    session.rollback()
    assert len(queries.list_reports(made.id)) == 1


def test_goods_that_were_bought_are_not_reported_as_sold(trade: Trade, deal: Deal) -> None:
    made = bring(trade, place(trade, deal, 20))
    with pytest.raises(RuleBroken):
        report(trade, made, sold=1)


# --- money outstanding, and notices


def test_unpaid_invoices_age_from_their_due_day(trade: Trade, deal: Deal) -> None:
    everyone = DealFilter()
    made = ask_money(trade, bring(trade, place(trade, deal, 20)))
    pay(trade, made, 20_000)
    assert queries.sums_by_age(everyone, today() + timedelta(days=30)) == {0: 400_000}
    assert queries.sums_by_age(everyone, today() + timedelta(days=45)) == {2: 400_000}
    assert queries.page_of_unpaid(everyone, 1).items == [queries.get_order(made.id)]
    strangers = DealFilter(business_ids=frozenset({10**6}))
    assert queries.sums_by_age(strangers, today()) == {}
    pay(trade, made, 400_000)
    assert queries.page_of_unpaid(everyone, 1).total == 0


def test_either_side_gives_notice_and_the_office_answers_once(trade: Trade, deal: Deal) -> None:
    with transaction():
        notice = noticing.give_notice(
            actor=trade.actor(trade.maker),
            deal=queries.get_deal(deal.id),
            kind=NoticeKind.LATE_PAYMENT,
            text="Sudah 40 hari belum dibayar.",
        )
    assert notice.side.value == "producer"
    with transaction():
        noticing.answer_notice(
            actor=trade.office, notice=queries.get_notice(notice.id), answer="Sudah ditelepon."
        )
    with pytest.raises(RuleBroken), transaction():
        noticing.answer_notice(
            actor=trade.office, notice=queries.get_notice(notice.id), answer="Lagi."
        )
    with pytest.raises(NotAllowed), transaction():
        noticing.give_notice(
            actor=trade.actor(make_person("buyer")),
            deal=queries.get_deal(deal.id),
            kind=NoticeKind.QUALITY,
            text="Bukan urusan saya.",
        )


def test_a_problem_told_from_an_old_order_stays_with_that_order(
    trade: Trade, deal: Deal, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_views, "ORDERS_OFFERED", 1)
    old, _recent = (place(trade, deal) for _ in range(2))
    buyer = signed_in(trade.buyer)
    page = buyer.text(f"/deals/{deal.id}/notices/new?order={old.id}")
    assert f'<option selected value="{old.id}">' in page
    data = {"kind": "quality", "text": "Banyak remuk", "order": str(old.id)}
    assert buyer.post(f"/deals/{deal.id}/notices/new", data=data).status_code == 302
    assert queries.list_notices(deal.id)[0].order_id == old.id
