SELECT EXISTS (SELECT FROM erasures WHERE session_id = $1)
