"""Between HTTP and the workflows: messages to sessions, their answers, and the live read model."""
