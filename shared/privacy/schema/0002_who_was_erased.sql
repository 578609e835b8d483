-- At each start, who was erased is held against what is remembered outside: found at once.
CREATE INDEX subject_key_erased ON subject_key (subject) WHERE erased IS NOT NULL;
