"""Payment links: the pages at Stripe through which earlier releases sold tiers.

Publications that began under such a release still create them, and take them off sale.

Stripe cannot search links by our ids or by metadata. So all links of the account are listed, and
identified by their metadata: the tier, and a fingerprint of the terms of sale.
"""

from typing import Final

import stripe
from stripe.params import (
    PaymentLinkCreateParams,
    PaymentLinkCreateParamsLineItem,
    PaymentLinkListParams,
)

from payments.catalogue import PAGE
from payments.idempotency import Creation, create_once, fingerprint
from payments.models import PaymentLink, TierLink, TierSale
from payments.outcomes import stripe_errors

_TERMS: Final = "terms"
_OURS: Final = frozenset({"session_id", "event_id", "tier_id", _TERMS})
"""The metadata of each of our links."""


class PaymentLinks:
    def __init__(self, client: stripe.StripeClient) -> None:
        self._links = client.v1.payment_links

    async def ensure(self, account_id: str, sale: TierSale, price_id: str) -> PaymentLink:
        """Returns the only active link of the tier. Deactivates links with other terms."""
        params = _params(sale, price_id)
        terms = fingerprint(params)
        tier_links = await self._of_tier(account_id, sale)
        link = _with_terms(tier_links, terms)
        if link is None:
            link = await self._create(account_id, sale, params, terms)
        if not link.active:
            await self._set_active(account_id, link.id, active=True)
        for tier_link in tier_links:
            if tier_link.active and tier_link.id != link.id:
                await self.deactivate(account_id, tier_link.id)
        return PaymentLink(id=link.id, url=link.url)

    async def retire(self, account_id: str, session_id: str) -> None:
        """Deactivates every link of the session."""
        for link in await self._list(account_id, {"active": True}):
            if _metadata(link).get("session_id") == session_id:
                await self.deactivate(account_id, link.id)

    async def of_account(self, account_id: str) -> list[TierLink]:
        """All links that we made on the account, active or not."""
        links = [(link, _metadata(link)) for link in await self._list(account_id, {})]
        return [
            TierLink(
                id=link.id,
                event_id=metadata["event_id"],
                tier_id=metadata["tier_id"],
                is_active=link.active,
            )
            for link, metadata in links
            if metadata.keys() >= _OURS
        ]

    async def deactivate(self, account_id: str, link_id: str) -> None:
        """Closes the link's page. Checkouts that are open can still be completed."""
        await self._set_active(account_id, link_id, active=False)

    async def _create(
        self, account_id: str, sale: TierSale, params: PaymentLinkCreateParams, terms: str
    ) -> stripe.PaymentLink:
        marked: PaymentLinkCreateParams = {**params, "metadata": {**sale.metadata, _TERMS: terms}}

        async def find() -> stripe.PaymentLink | None:
            return _with_terms(await self._of_tier(account_id, sale), terms)

        link = await create_once(
            Creation(sale.session_id, f"link:{sale.tier_id}", marked),
            create=lambda key: self._links.create_async(
                marked, {"stripe_account": account_id, "idempotency_key": key}
            ),
            find=find,
        )
        return link.object

    async def _of_tier(self, account_id: str, sale: TierSale) -> list[stripe.PaymentLink]:
        links = await self._list(account_id, {})
        return [link for link in links if sale.metadata.items() <= _metadata(link).items()]

    async def _list(
        self, account_id: str, params: PaymentLinkListParams
    ) -> list[stripe.PaymentLink]:
        with stripe_errors():
            page = await self._links.list_async(
                {**params, "limit": PAGE}, {"stripe_account": account_id}
            )
            return [link async for link in page.auto_paging_iter()]

    async def _set_active(self, account_id: str, link_id: str, *, active: bool) -> None:
        with stripe_errors():
            await self._links.update_async(
                link_id, {"active": active}, {"stripe_account": account_id}
            )


def _metadata(link: stripe.PaymentLink) -> dict[str, str]:
    return link.metadata.to_dict()


def _with_terms(links: list[stripe.PaymentLink], terms: str) -> stripe.PaymentLink | None:
    """A link with these terms, active if possible."""
    matching = [link for link in links if _metadata(link).get(_TERMS) == terms]
    return next((link for link in matching if link.active), next(iter(matching), None))


def _params(sale: TierSale, price_id: str) -> PaymentLinkCreateParams:
    params: PaymentLinkCreateParams = {"line_items": [_line_item(sale, price_id)]}
    if sale.quantity is not None:
        params["restrictions"] = {"completed_sessions": {"limit": _order_limit(sale)}}
    return params


def _line_item(sale: TierSale, price_id: str) -> PaymentLinkCreateParamsLineItem:
    # Stripe allows no quantity for a price that the customer chooses.
    if sale.is_donation:
        return {"price": price_id, "quantity": 1}
    item: PaymentLinkCreateParamsLineItem = {"price": price_id, "quantity": sale.min_per_order}
    maximum = min(sale.max_per_order, sale.quantity or sale.max_per_order)
    if maximum > sale.min_per_order:
        item["adjustable_quantity"] = {
            "enabled": True,
            "minimum": sale.min_per_order,
            "maximum": maximum,
        }
    return item


def _order_limit(sale: TierSale) -> int:
    """The number of orders of the minimum quantity after which the tier is sold out.

    Stripe limits a link by orders, not by tickets. If orders are larger, the tier is sold out
    earlier, which this limit does not enforce.
    """
    quantity = sale.quantity or 0
    return quantity if sale.is_donation else max(quantity // sale.min_per_order, 1)
