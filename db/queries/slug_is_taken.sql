SELECT wizard_slug_is_taken($1, $2)
