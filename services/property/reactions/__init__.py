"""What property does when other services tell that something happened."""
