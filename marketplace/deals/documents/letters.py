"""WhatsApp texts of deals, written when they are sent, in the language of who gets them."""

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from marketplace.deals import queries
from marketplace.deals.documents.shown import line_name
from marketplace.deals.rules.messages import ORDERS_LISTED, News
from marketplace.deals.rules.orders import NOTICE_NAMES
from marketplace.infra.i18n import say
from marketplace.infra.links import public_url, sign
from marketplace.notifications.models import OutboxMessage
from marketplace.suggestions.rules import Side

GOODS_LINK = "deal-goods"


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
        path = url_for("deals.take_by_link", token=sign(GOODS_LINK, [deal.id]))
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
