"""The pages that users open in a browser."""
