"""What clients send during mediation, by noun."""
