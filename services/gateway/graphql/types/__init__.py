"""What can be read: one module a thing."""
