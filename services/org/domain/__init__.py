"""The rules and facts of org: pure functions and values, no input or output."""
