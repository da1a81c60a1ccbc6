"""What other services tell credit."""
