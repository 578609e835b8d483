"""Brings people, and what they did, into Mshauri: lists whose columns follow from the contracts.

columns   a command's fields as columns; what a code stands for
words     what columns mean where a contract only says what a code is
cells     one cell: its value, or the mistake in it
headings  which of a file's columns says what; a partner's own words
rows      one row: what it says, or everything wrong in it
kinds     what a kind of list is; `lists` has each in a module of its own
known     what stands already; `lookups` asks the API for it
planned   a row's commands, the same every time
plan      rows → what to send, and every mistake; pure
send      through the API, in lanes
outcome   what became of every row, on the screen and in a file
explain   an empty list, and what each column takes
"""
