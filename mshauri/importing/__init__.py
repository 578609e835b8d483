"""Brings lists into Mshauri through its public API: a master facility list, and what happened.

read      a file's rows, trimmed, blank ones left out
mapping   which of its columns says what, and which units lie above a facility
checks    what one row must be, in the contract's words
plan      rows → the org units to establish, and every mistake; pure
send      the units, parents first, through the API
report    what became of every row, on the screen and in a file
errors    every mistake a row can hold
records   health workers, mentors, enrolments, sessions, assessments
"""
