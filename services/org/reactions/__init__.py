"""What org does when other services tell that something happened."""
