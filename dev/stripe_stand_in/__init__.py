"""A stand-in for Stripe: a stateful server for the unmodified SDK.

``protocol`` implements the rules of Stripe's HTTP API that hold for all resources, ``resources``
the resources, ``pages`` the pages that users open in a browser, and ``state`` the stored data. Each
may import the next: ``pages`` → ``resources`` → ``protocol`` → ``state``.

It models one platform and any number of connected accounts:

- Accounts v2 and account links, with an onboarding page; accounts that lose capabilities, or that
  disconnect;
- products, prices (one-time; fixed, inline, or chosen by the customer), payment links and checkout
  sessions, with a page for a test purchase, which may pay at once or days later;
- the resulting payment intents and charges, their refunds and disputes, to read;
- parameters, with the names and types of the installed SDK's parameter classes;
- errors, in the shapes and with the codes of v1 and v2;
- idempotency keys: v1 replays every response, errors included; v2 replays successes only;
- events, listed or delivered to webhook endpoints: signed, repeated until accepted, unordered; on
  demand held back, delayed, doubled, or of live mode;
- faults on demand, and other controls, under ``/_stand_in``, which ``/_stand_in/openapi.json``
  describes.

It does not model live mode, balances and payouts, subscriptions, customers, search, its own rate
limits, API versions other than the SDK's, the expiry of keys and events, and the details that an
account's country requires. Automatic tax is always 20 percent, and a promotion code any amount that
the buyer enters. Each endpoint lists the parameters that it models; any other that Stripe accepts
is an error, ``stand_in_not_modelled``. If Stripe documents no rule (may a price be created for an
archived product?), the stand-in allows the request.
"""
