"""What an operator needs to know: how things stand, what is worth an alert, which fault the machine has."""
