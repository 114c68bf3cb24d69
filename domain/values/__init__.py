"""Values with rules of their own: money, times, countries, ids of tiers, payment accounts."""
