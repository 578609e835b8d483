"""Kenya: 32 county officers and their mentors, seven weeks each, in two phases under two versions.

    counties    the 47 counties and their nine clusters, as a list to import
    cast        the two phases, who is in them, and what came of the mentorship in four counties
    story       all of it in order: before, the weeks, after
    page        what is printed, asked back from the API

The seed says how many pairs, in how many counties, under which rules; it names four of the counties
and what came of the mentorship there. The others, and all people, are made up.
"""
