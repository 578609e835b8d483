"""Who there is: org units, health workers, programmes, cohorts, mentors, mentees, mentorships."""
