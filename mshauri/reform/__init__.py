"""`mshauri reform`: a reform of the hierarchy from a file, looked at beforehand, then drafted.

`file` reads it, `plan` asks what it would do, `report` prints that, `command` is the command line.
"""
