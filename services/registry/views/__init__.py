"""What the registry has heard, of other services and of itself: what its commands look up."""
