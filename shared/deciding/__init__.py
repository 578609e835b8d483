"""From a command's bytes to a durable answer: what it reads, who may, what is recorded."""
