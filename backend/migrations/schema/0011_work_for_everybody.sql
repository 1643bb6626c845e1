-- Calls of a model that are made for everybody, such as embedding the coach's knowledge, are no user's: they count in
-- token_days, which has the ceiling of all, and in no user's budget.

alter table coachwork.token_reservations alter column user_id drop not null;
