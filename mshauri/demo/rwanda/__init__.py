"""Rwanda's Ingobyi mentorship, four tiers of it.

places      provinces, districts, hospitals, health centres and posts, as lists to import
table1, table2   what the brief prints, and how it compares with what we count
visits      when teams visit a hospital, and what they do
attempts    what a mentee is assessed at, and how it goes
cast        who plays at the hospitals, and how each mentee fares
hospitals   the hospital tier: three fiscal years, to Table 1
centres     the health-centre tier: fiscal year 2021, to Table 2
below       what the cascade leads to: health posts, and groups of community health workers
story       all of it in order, and its page
"""
