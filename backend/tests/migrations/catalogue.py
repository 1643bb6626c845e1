"""What a database is made of, as Postgres itself tells it: for comparing two."""

from typing import Any

import psycopg

_OURS = "('public', 'coachwork', 'auth')"
_QUERIES = {
    "columns": f"""
        select format('%s.%s.%s', table_schema, table_name, column_name), concat_ws(' ', ordinal_position, data_type,
               udt_name, numeric_precision, numeric_scale, is_nullable, column_default)
        from information_schema.columns where table_schema in {_OURS}""",
    "constraints": f"""
        select format('%s.%s', conrelid::regclass, conname), pg_get_constraintdef(oid)
        from pg_constraint where connamespace::regnamespace::text in {_OURS} and conrelid <> 0""",
    "indexes": f"select format('%s.%s', schemaname, indexname), indexdef from pg_indexes where schemaname in {_OURS}",
    "policies": """
        select format('%s.%s.%s', schemaname, tablename, policyname), concat_ws(' | ', permissive, roles, cmd, qual,
               with_check)
        from pg_policies""",
    "guards": f"""
        select oid::regclass::text, concat_ws(' ', relrowsecurity, relforcerowsecurity, relacl)
        from pg_class where relnamespace::regnamespace::text in {_OURS} and relkind in ('r', 'v', 'S', 'm')""",
    "column grants": f"""
        select format('%s.%s', attrelid::regclass, attname), attacl::text from pg_attribute
        join pg_class on pg_class.oid = attrelid
        where relnamespace::regnamespace::text in {_OURS} and attacl is not null""",
    "triggers": """
        select format('%s.%s', tgrelid::regclass, tgname), pg_get_triggerdef(oid) from pg_trigger
        where not tgisinternal""",
    "functions": f"""
        select oid::regprocedure::text, pg_get_functiondef(oid) from pg_proc
        where pronamespace::regnamespace::text in {_OURS} and prokind = 'f'""",
    "roles": """
        select rolname, concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls,
               (select array_agg(granted.rolname order by granted.rolname) from pg_auth_members
                join pg_roles as granted on granted.oid = roleid where member = pg_roles.oid))
        from pg_roles where rolname !~ '^pg_'""",
}
_TABLES = f"""
    select format('%I.%I', schemaname, tablename) from pg_tables
    where schemaname in {_OURS} and tablename <> 'migrations' order by 1"""

Catalogue = dict[str, dict[str, str]]
Rows = dict[str, list[dict[str, Any]]]


def catalogue(url: str) -> Catalogue:
    """Return every column, constraint, index, policy, right, trigger, function and role, by name."""
    with psycopg.connect(url) as connection:
        return {kind: dict(connection.execute(query).fetchall()) for kind, query in _QUERIES.items()}


def tables(url: str) -> list[str]:
    """Return the names of every table there is, the migrations' own ledger aside."""
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute(_TABLES).fetchall()]


def rows(url: str) -> Rows:
    """Return every row of every table."""
    with psycopg.connect(url) as connection:
        return {
            table: [row for (row,) in connection.execute(f"select to_jsonb(one) from {table} as one order by 1")]
            for table in tables(url)
        }
