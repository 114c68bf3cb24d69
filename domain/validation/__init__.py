"""What is right and wrong about the data of a session, and how complete it is."""
