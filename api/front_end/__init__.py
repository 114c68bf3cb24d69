"""The built front end: its files, and the shell that answers every page."""
