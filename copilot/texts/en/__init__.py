"""The English texts of the agent by rules. The front end shows them as they are."""
