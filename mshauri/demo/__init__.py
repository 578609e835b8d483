"""Rwanda's hospital mentorship, three fiscal years of it, played through the public API.

    places      Rwanda's provinces, districts and hospitals, as lists to import
    people      invented health workers
    table1      what the brief's Table 1 prints, and how it compares with what we count
    visits      when teams visit, and what they do
    attempts    what each mentee is assessed at, and how it goes
    cast        who plays, and how each mentee fares
    script      all commands, in the order they must be sent; pure
    play        sends them
    report      prints what came of it

The same seed gives the same commands, byte for byte.
"""
