"""All that is held on a person, for the person: what the law gives them a right to see."""
