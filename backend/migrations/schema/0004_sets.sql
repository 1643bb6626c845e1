-- Sets beyond repetitions: holds by their time, cardio by time and distance, with or without a load.

alter table public.logged_sets
    alter column reps drop not null,
    alter column weight_kg drop not null,
    add column duration_seconds integer check (duration_seconds between 1 and 86400),
    add column distance_m numeric(9, 2) check (distance_m between 0.1 and 1000000),
    add column heart_rate_bpm integer check (heart_rate_bpm between 20 and 260),      -- the set's average
    add constraint logged_sets_done check (num_nonnulls(reps, duration_seconds, distance_m) > 0),
    -- volume is repetitions times load: neither is known without the other; 0 is the body alone
    add constraint logged_sets_load_of_reps check (reps is null or weight_kg is not null);

-- still covering what a progress summary reads
create index logged_sets_done_by_user on public.logged_sets (user_id, log_id)
    include (reps, weight_kg, duration_seconds, distance_m);
drop index public.logged_sets_by_user;
alter index public.logged_sets_done_by_user rename to logged_sets_by_user;

-- records of time and distance: nothing to read for who lifts only
create index logged_sets_timed on public.logged_sets (user_id, log_id)
    include (duration_seconds, distance_m, weight_kg)
    where duration_seconds is not null or distance_m is not null;
