"""The HTTP API: FastAPI application, dependencies, routes, and the client of session workflows."""
