SELECT wizard_erase_session($1, $2, $3)
