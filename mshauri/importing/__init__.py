"""Brings lists into Mshauri through its public API: places, people, and what they did.

One pipeline for every kind of list; `lists` declares each in a module of its own.

reading     one reading of files: XLSX or CSV, whatever stands around the rows
mapping     which of a file's columns says what, in a partner's headings and words
columns     a command's fields as columns; `words` says what they mean
layout      where each of our columns stands in a file, and in which hand it is written
rows        one row: what it says, or everything wrong in it, by its `cells`; for what lists write
            in many ways: `days`, `degrees`, `whole_names`, `phones`, `several` values in a cell
kinds       what a kind of list is
plan        rows → what to send, and every mistake; pure
planned     a row's commands, the same every time
known       what stands already; `lookups` asks the API for it, `naming` for what has no code,
            `systems` for what has one of another list
tree        a list of org units as the tree it says; `standing_units` holds it against what stands
send        through the API, in lanes, what rests on something when that has landed
outcome     what became of every row, on the screen and in a file
errors      every mistake a row can hold
job         one import: a file, its kind, how it is read
running     an import under way; `waiting`: rows that wait for another list
carrying    where a result goes, how long a token lasts, and where an import broke
suggest     a mapping for a file, by its headings and values
explain     an empty list, and what each column takes
command     `mshauri import`
"""
