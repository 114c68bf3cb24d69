"""The routes, a file for each subject; thin, because the rules are in the domain."""
