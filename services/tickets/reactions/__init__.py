"""What tickets does when org tells that something happened."""
