"""What every process is made of: settings, logs, metrics, health, and how it serves."""
