"""As of a moment, for one person: her streams up to a cut, folded by the live read models' own
folds, and read by the statements that every query is made of.

    cut.py       which moment: `knownAt`, `happenedBy`, `positions`; kept apart, and never confused
    ledgers.py   how far each ledger was then, and whole streams up to there
    past.py      what is held of the past, as rows of the read models' tables
    tables.py    a read type over those rows: they travel into the statement as the projector's do
    reader.py    the reads of one such question; what they need is fetched level by level
    happened.py  which of all that is known today had happened by a day
    known.py     what cannot be asked of the past, by name

Who may see what is a matter of today; what is seen is of then.
"""
