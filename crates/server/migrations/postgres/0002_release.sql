-- What retention looks for, by age.
CREATE INDEX stored_answer_by_age ON stored_answer (at);
CREATE INDEX session_by_end ON session (until);
