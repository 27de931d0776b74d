"""What mediation answers, by noun."""
