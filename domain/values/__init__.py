"""Values with their own rules: money, times, countries, ids of tiers, payment accounts."""
