"""What can be done: each locks, applies a rule of `domain`, stores, and appends its event, in one transaction."""
