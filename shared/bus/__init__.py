"""The Kafka bus: topics, the CloudEvents envelope, the relay into it and the consumer out of it."""
