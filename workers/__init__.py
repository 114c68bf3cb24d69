"""The workers of ``worker.py``, one for each task queue: workflows, activities and limits."""
