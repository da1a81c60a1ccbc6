"""What can be done in credit: each locks, applies a rule of `domain`, stores, and appends its event, in one go."""
