"""The seeds as people keep them: what is declared, which files there are, as typed, and a draft of more."""
