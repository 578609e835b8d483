"""What more than one story asks the API."""

CERTIFICATES = """
query Certificates($programme: String!, $cursor: Cursor, $after: [Position!]) {
  certificates(
    first: 100, after: $cursor, filter: {programme: $programme}, afterPositions: $after
  ) {
    nodes { id number status }
    pageInfo { hasNextPage endCursor }
  }
}
"""
