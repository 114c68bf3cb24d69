SELECT wizard_empty_stripe_payloads(now() - make_interval(secs => $1), $2)
