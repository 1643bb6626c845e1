-- A foreign key looks for whoever names an exercise that is to be deleted, among all users' logs: without an index that
-- begins with it, it would read them all.
create index performance_logs_exercise on public.performance_logs (exercise_id);
