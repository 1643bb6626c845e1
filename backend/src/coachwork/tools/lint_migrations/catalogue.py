"""What a database's catalogue holds of ours, in a form that two moments can be compared in."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from psycopg import Connection

Row = tuple[Any, ...]

_OURS = "nspname !~ '^pg_' and nspname <> 'information_schema'"
_QUERIES = {
    "relations": """
        select c.oid::bigint, c.oid::regclass::text, pg_relation_filenode(c.oid)::bigint, c.relrowsecurity
        from pg_class as c join pg_namespace as n on n.oid = relnamespace
        where relkind in ('r', 'p', 'v', 'm', 'f') and OURS""",
    "columns": """
        select attrelid::bigint || '.' || attnum, attrelid::bigint, attname,
               format_type(atttypid, atttypmod), attnotnull, atthasdef or attidentity <> ''
        from pg_attribute join pg_class as c on c.oid = attrelid join pg_namespace as n on n.oid = relnamespace
        where attnum > 0 and not attisdropped and relkind in ('r', 'p', 'v', 'm', 'f') and OURS""",
    "indexes": """
        select i.indexrelid::bigint, i.indrelid::bigint, i.indexrelid::regclass::text
        from pg_index as i join pg_class as c on c.oid = indexrelid join pg_namespace as n on n.oid = relnamespace
        where OURS""",
    "constraints": """
        select k.oid::bigint, conrelid::bigint, conname, contype::text, convalidated, pg_get_constraintdef(k.oid)
        from pg_constraint as k join pg_namespace as n on n.oid = connamespace
        where conrelid <> 0 and OURS""",
    "functions": """
        select p.oid::regprocedure::text, pg_get_function_arguments(p.oid) || ' returns '
               || coalesce(pg_get_function_result(p.oid), 'nothing')
        from pg_proc as p join pg_namespace as n on n.oid = pronamespace where OURS""",
    "policies": """
        select polrelid::bigint || '.' || polname, polname || ' on ' || polrelid::regclass, polrelid::bigint,
               polpermissive, polcmd::text, polroles::regrole[]::text, pg_get_expr(polqual, polrelid),
               pg_get_expr(polwithcheck, polrelid)
        from pg_policy join pg_class as c on c.oid = polrelid join pg_namespace as n on n.oid = relnamespace
        where OURS""",
    "grants": """
        select privilege_type || ' on ' || object || ' to ' || coalesce(nullif(grantee, 0)::regrole::text, 'public'),
               object
        from (
            select c.oid::regclass::text as object, (aclexplode(relacl)).*
            from pg_class as c join pg_namespace as n on n.oid = relnamespace where OURS
            union all
            select attrelid::regclass || '.' || attname, (aclexplode(attacl)).* from pg_attribute
            join pg_class as c on c.oid = attrelid join pg_namespace as n on n.oid = relnamespace where OURS
            union all
            select p.oid::regprocedure::text, (aclexplode(coalesce(proacl, acldefault('f', proowner)))).*
            from pg_proc as p join pg_namespace as n on n.oid = pronamespace where OURS
            union all
            select 'schema ' || nspname, (aclexplode(nspacl)).* from pg_namespace as n where OURS
        ) as granted""",
    "labels": """
        select enumtypid::regtype || ' ' || quote_literal(enumlabel) from pg_enum
        join pg_type as t on t.oid = enumtypid join pg_namespace as n on n.oid = typnamespace where OURS""",
    "owned": """
        select object from (
            select 'schema ' || nspname as object from pg_namespace as n where OURS
            union all select c.oid::regclass::text from pg_class as c
                join pg_namespace as n on n.oid = relnamespace where OURS
            union all select attrelid::regclass || '.' || attname from pg_attribute
                join pg_class as c on c.oid = attrelid join pg_namespace as n on n.oid = relnamespace
                where attnum > 0 and not attisdropped and OURS
            union all select p.oid::regprocedure::text from pg_proc as p
                join pg_namespace as n on n.oid = pronamespace where OURS
        ) as everything""",
}
"""By field of `Catalogue`: the first column is what its rows are known by; OURS leaves out Postgres's own."""

Part = Mapping[Any, Row]


@dataclass(frozen=True)
class Catalogue:
    """A moment's catalogue, each part by what its things are known by; tables by their oid, which outlives a name."""

    relations: Part
    columns: Part
    indexes: Part
    constraints: Part
    functions: Part
    policies: Part
    grants: Part
    labels: Part
    owned: Part

    @classmethod
    def read(cls, connection: Connection[Row]) -> "Catalogue":
        """Read what there is now; names come with their schemas."""
        with connection.transaction():
            connection.execute("set local search_path = ''")
            parts = {
                one.name: {
                    row[0]: row[1:] for row in connection.execute(_QUERIES[one.name].replace("OURS", _OURS).encode())
                }
                for one in fields(cls)
            }
        return cls(**parts)

    def relation(self, oid: int) -> str:
        """Return a relation's name."""
        return str(self.relations[oid][0])

    def column(self, key: str) -> str:
        """Return a column's name, with its table's."""
        oid, name, *_ = self.columns[key]
        return f"{self.relation(oid)}.{name}"
