"""How fast it is: ratios of things measured side by side in one run."""
