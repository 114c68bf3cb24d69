"""How fast it is, and what it costs: ratios of things measured side by side in one run.

    make bench

``parts/`` has a file for each scenario; each gives JSON-ready figures. ``targets.py`` says which of
them have a limit, ``report.py`` shows them.
"""
