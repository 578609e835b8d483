"""What every process is made of: settings, logs, metrics, and the skeleton of a service."""
