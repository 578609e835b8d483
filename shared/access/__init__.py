"""Who may do what: tokens say who is asking, grants say what they hold, one policy decides."""
