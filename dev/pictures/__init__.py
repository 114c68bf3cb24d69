"""Draws the pictures of the examples: cloth, felt, paper, water, steel. No photographs."""
