"""Temporal activities: all effects of workflows outside Temporal. Each may run more than once.

An activity is known to Temporal, and recorded in histories, under the name of its method: a rename
needs ``name=`` with the old one.
"""
