"""The assistant's tools for any agent: the Model Context Protocol over HTTP."""
