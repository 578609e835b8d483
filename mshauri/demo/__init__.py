"""Five programmes, played from start to finish through the public API, and a county's year;
at the end, what an auditor asks and takes away.

    kenya         32 officers and their mentors, two phases under two versions, CPD, certificates
    rwanda        four tiers of clinical mentorship: Table 1, Table 2, and the cascade
    bungoma       executive coaching, four indicators from baseline
    south_africa  three strands, from proactive to reactive, support requests
    template      the general frame with all its gates, at one hospital
    county        a year as it really went: what departs, comes late, is corrected, falls
    stage         commands in stages of lanes, always the same ones
    play          sends them, as whoever says them
    auditor       a mentee's history, and as of when she was not validated yet
    proving       evidence and logs, judged by a program that stands alone
    people        invented health workers
    programmes    the programme files
    paper         how a page looks

The same seed gives the same commands, byte for byte.
"""
