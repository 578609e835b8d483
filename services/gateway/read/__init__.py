"""How queries are answered: declarations of read types, and the one resolver derived from them."""
