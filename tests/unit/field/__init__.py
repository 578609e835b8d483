"""What real life asks of the house, one test a sentence: it records what happened, and refuses what
did not.
"""
