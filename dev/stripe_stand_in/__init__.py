"""A stand-in for Stripe: a stateful server that the unmodified SDK talks to.

``protocol`` is how Stripe's HTTP API behaves, whatever the resource; ``resources`` has the
resources, one per file; ``pages`` what a person opens in a browser, ``state`` what survives a
restart. ``pages`` import ``resources``, these ``protocol``, and that ``state``; never the reverse.

It models one platform and any number of connected accounts:

- Accounts v2 and account links, with an onboarding page to click through;
- products, prices (one-time; fixed or chosen by the customer) and payment links, with a page for a
  test purchase, and the checkout sessions that come of it;
- parameters: names and types are those of the installed SDK's own parameter classes;
- idempotency keys: v1 replays every response, errors included; v2 replays successes only;
- events, to list or delivered to webhook endpoints: signed, repeated until accepted, unordered;
- faults on demand, and the other controls under ``/_stand_in``.

What it does not model: live mode, money (nothing is charged, paid out or refunded), subscriptions,
taxes, discounts, customers, search, rate limits of its own, API versions other than the SDK's, the
age at which a key or an event is dropped, and which details an account's country requires. A
parameter that Stripe accepts and the stand-in does not model is an error,
``stand_in_not_modelled``; it is never ignored. Where Stripe documents no rule (may a price be
created for an archived product?) the stand-in allows.
"""
