"""Parts of the OpenAPI document that the routes' signatures lack: drafts, codes, webhooks."""
