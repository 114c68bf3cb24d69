"""Performance and cost, as ratios of subjects that are measured side by side in one run.

    make bench

``parts/`` has a scenario in each file, with figures that are ready for JSON. ``baseline/`` is the
bare Temporal baseline that they are compared with, ``peers/`` are other designs of a save.
``targets.py`` has the figures with a limit, ``report.py`` the tables. Nothing here imports tests.
"""
