"""Understanding of plain sentences without a model: from words to values of the stages' fields."""
