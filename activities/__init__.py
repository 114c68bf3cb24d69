"""Temporal activities: all side effects of workflows. Each is idempotent.

The type of an activity, which histories record, is the name of its method. A renamed method needs
``name=`` with the old one.
"""
