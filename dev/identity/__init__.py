"""Who people are, in development: anybody gets a token for whoever they say they are."""
