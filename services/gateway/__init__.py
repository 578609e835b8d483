"""What is asked: read models, the GraphQL schema over them, and the way in for commands."""
