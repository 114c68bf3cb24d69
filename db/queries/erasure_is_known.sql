SELECT wizard_is_erased($1)
