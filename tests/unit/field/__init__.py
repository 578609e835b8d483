"""What real life asks of the house, one test a sentence: it records what happened, and refuses what
did not. Other examples of every kind, in other places and under the programmes' own settings, are
in `test_under_real_programmes`, under the number that each has here.

Refused what happened:

| a | real life | test, in `test_mentorships` where no file is named |
|---|---|---|
| 1 | a new midwife at her hospital's visit | `a_new_midwife_attends_her_hospitals_visit` |
| 2 | a director, the QI team, a supervisor, a trainee | `test_guests` |
| 3 | a short call, a message | `test_contacts`; `test_sessions_of_a_day`: minutes by mode |
| 4 | 45 minutes of 120 | `a4`; `test_deviations` of sessions |
| 5 | one on leave has not signed | `a5` |
| 6 | one who withdrew has not signed | `who_withdrew_or_completed_unsigned_is_waited_for_no_more` |
| 7 | programmes without letters | `without_letters_…` |
| 8 | two of three mentors go on | `two_of_three_mentors_go_on_and_the_vacancy_is_told` |
| 9 | a supervisor mentors | `a_supervisor_mentors_where_the_programme_says_so` |
| 10 | a mentor is back from leave | `a_mentor_comes_back_from_maternity_leave` |
| 11–15 | re-tests, refreshers, better scores, late attempts, slips | `test_validation`, by number |
| 16 | the wrap-up | `a_goal_reached_is_told_at_the_wrap_up` |
| 17 | at the new workplace | `a_mentee_who_moved_is_visited_at_the_new_workplace` |
| 20 | a village with four | `a_village_with_four_…`, `a_bound_is_waived_…`, `a_tenth_joins_…` |
| 21 | one mentor, two areas | `one_district_mentor_covers_two_areas_at_one_centre` |
| 22 | past the cohort's end | `a_strike_moved_enrolment_past_the_cohorts_end` |
| 23 | by phone in a lockdown | `a_lockdown_version_reaches_a_running_mentorship_…` |
| 24 | back to the first phase | `new_nurses_come_…`, `two_new_nurses_…` |
| 25, 26 | a call for help; a second answer | `test_calls_for_help` |
| 27 | an action of the director's | `test_actions` |
| 29, 31 | strengths by homework; a measure later | `test_what_grows` |
| 30 | a task team mid-way | `a30` |
| 32 | what was held in 2018, typed in 2021 | `a_mentorship_of_2018_typed_in_2021` |
| 33, 34 | an earlier posting; one name, a phone as typed | `test_people`, `test_what_is_told_…` |
| 36 | a certificate revoked by mistake, a new name | `test_validation`, by number |
| 37 | kinds of places: sector, cell, college | `test_kinds`, and `test_importing_kinds` |
| 38 | a coordinator's circle | `a38`; its officers, and clusters: `test_groups` |

Accepted what did not:

| b | real life | test |
|---|---|---|
| 1 | a session twice, 72 hours in a day | `test_sessions_of_a_day` |
| 2 | who had left earns (who died or retired: not here) | `test_who_had_left` |
| 3 | who is suspended earns | `test_who_had_left`, `who_is_suspended_for_misconduct_…` |
| 4 | a stranger signs and assesses | `test_who_did_it` |
| 5 | whose an approval is | `each_step_is_for_those_whom_the_programme_names` of certificates |
| 6 | any course opens the training | `training_opens_by_its_course_and_days_add_up` |
| 7 | a mentee of another county | `a_mentee_of_another_county_is_not_what_the_cohort_is_for` |
| 8 | where no mentee works | `a_mentorship_is_where_one_of_its_mentees_works` |
| 9 | a second mentorship of a pair | `a_mentee_of_a_pair_has_one_mentorship_at_a_time` |
| 11 | a completion without its sessions | `a_completion_is_reopened_…`; `test_what_falls` |
| 13 | two versions decide | `a_lockdown_version_reaches_a_running_mentorship_…` |
| 14 | an area without mentees | `an_area_without_mentees_ends_with_its_last_enrolment` |
| 15 | a mentor reads every name | `tests/integration/test_gateway_happenings.py` |
| 16 | before the mentor was certified | `a_mentorship_or_session_before_the_mentor_was_certified` |

The listed situations: a mentor who leaves in the middle, a mentee who mentors elsewhere, leap days,
two of nine absent, an assessor who left, people without numbers, an association's mentor, a centre
that becomes a hospital (by its day and its codes: `test_upgraded`), midnight, leave and a
withdrawal undone are `c` in `test_under_real_programmes`; proved elsewhere, lapsed and reissued in
`test_validation`; moved, paused, extended and readmitted in `test_mentorships`; two postings at
once in `test_second_postings`; people without facility, licence, phone or number in
`test_what_is_told_of_people`; what was told late in `test_what_came_late` and
`tests/unit/sessions/test_late_forms.py`; reforms in `test_reforms`, `test_reforms_beforehand` and
`tests/unit/registry/test_org_unit_commands.py`, and what they leave behind in `test_led_on`; merged
records in `tests/unit/registry/test_merge.py` and `tests/unit/sessions/test_merged_parties.py`. Not
here, since they are still to be built: who died or retired, points of merged
records and by council, two calendars of one programme, which day it is where a command does not
say, what mentors are paid.
"""
