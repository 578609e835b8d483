"""Who may be recorded twice: names as they are compared, whom to compare with whom, and on which
grounds two records may be of one person. No I/O: a million people are screened by it block by
block, and whoever is registered is held against a few.
"""
