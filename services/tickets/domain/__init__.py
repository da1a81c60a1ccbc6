"""What a ticket is and may become: pure rules, no I/O. A domain expert would read these modules."""
