"""The German texts of the agent by rules, in the terms of the German front end."""
