"""The rules of owners and their votes: pure, without I/O."""
