"""What is counted and worked out over the read models: one module a figure."""
