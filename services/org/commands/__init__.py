"""What can be done in org: each command locks, applies a rule of `domain`, stores and appends its events."""
