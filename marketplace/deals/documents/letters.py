"""WhatsApp texts of deals, written when they are sent, in the language of who gets them."""

from datetime import timedelta

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from marketplace.core.clock import today
from marketplace.core.errors import NotFound
from marketplace.core.text import N_
from marketplace.deals import queries
from marketplace.deals.documents.shown import line_name
from marketplace.deals.rules.messages import ORDERS_LISTED, News
from marketplace.deals.rules.orders import NOTICE_NAMES
from marketplace.infra.i18n import say
from marketplace.infra.links import public_url, sign, unsign
from marketplace.notifications.models import OutboxMessage
from marketplace.suggestions.rules import Side

GOODS_LINK = "deal-goods"
# Goods are answered for in days; a later text brings a link of its own.
LIFE = timedelta(days=90)
LINK_OVER = N_("This link is over. Ask the office for a new one.")


def goods_token(deal_id: int) -> str:
    """What the link to a deal's goods says: which deal, and the day from which it runs."""
    return sign(GOODS_LINK, [deal_id, today().toordinal()])


def deal_behind(token: str) -> int:
    """The number of the deal of a link; NotFound where it is none of ours, or over."""
    payload = unsign(GOODS_LINK, token)
    if not payload or len(payload) > 2 or not all(isinstance(part, int) for part in payload):
        raise NotFound(N_("This link is not valid. Ask the office for a new one."))
    if len(payload) == 1 or today().toordinal() - payload[1] > LIFE.days:
        raise NotFound(LINK_OVER)  # those without a day were made before links ended
    return int(payload[0])


def deal_letter(message: OutboxMessage) -> str:
    deal, rows = queries.get_deal(int(message.params["deal_id"])), message.params["rows"]
    own, other = deal.producer, deal.buyer
    if message.side == Side.BUYER:
        own, other = other, own
    news = News(message.kind)
    is_notice = news in {News.NOTICE, News.NOTICE_ANSWERED}
    notices = [each for each in queries.list_notices(deal.id) if is_notice and each.id in rows]
    orders = [] if is_notice else queries.orders_by_ids(deal.id, rows)
    path = url_for("deals.show_deal", deal_id=deal.id)
    if news is News.GOODS_SENT:
        path = url_for("deals.take_by_link", token=goods_token(deal.id))
    with force_locale(message.locale):
        return render_template(
            f"mail/deals/{message.kind}.txt",
            deal=deal,
            own=own,
            other=other,
            side=message.side,
            orders=orders[:ORDERS_LISTED],
            more=len(orders[ORDERS_LISTED:]),
            owed=sum(order.invoice_amount - order.paid_amount for order in orders),
            notices=[(say(NOTICE_NAMES[each.kind]), each) for each in notices],
            line_name=line_name,
            office_name=current_app.config["OFFICE_NAME"],
            link=public_url(path),
        ).strip()
