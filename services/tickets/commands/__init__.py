"""What can be done with tickets: each locks, applies a rule of `domain`, stores, and appends its event, in one go."""
