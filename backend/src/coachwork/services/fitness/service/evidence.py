"""Gathers what was logged of the subjects that goals have: one query a kind, however many goals."""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, datetime, time

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.calendar import monday_of
from coachwork.services.fitness.domain.evidence import session_evidence, strength_evidence, weight_evidence
from coachwork.services.fitness.domain.goals import Evidence, Subject
from coachwork.services.fitness.domain.regression import Point
from coachwork.services.fitness.repository import body, evidence
from coachwork.services.fitness.repository.evidence import ExerciseSet


def gather(session: Session, subjects: Collection[Subject], since: datetime, now: datetime) -> dict[Subject, Evidence]:
    """Return what the caller logged of each subject; of training, from the week of `since` on."""
    monday = datetime.combine(monday_of(since.astimezone(UTC).date()), time(), UTC)
    return {
        **_weight(session, subjects),
        **_sites(session, subjects),
        **_strength(session, subjects, monday),
        **_sessions(session, subjects, monday, now),
    }


def _weight(session: Session, subjects: Collection[Subject]) -> dict[Subject, Evidence]:
    subject = Subject("body_weight")
    return {subject: weight_evidence(body.weighings(session, None))} if subject in subjects else {}


def _sites(session: Session, subjects: Collection[Subject]) -> dict[Subject, Evidence]:
    sites = {one.name: one for one in subjects if one.kind == "measurement" and one.name}
    points: defaultdict[str, list[Point]] = defaultdict(list)
    for one in evidence.site_readings(session, list(sites)) if sites else ():
        points[one.site].append(Point(one.measured_at, one.value, (one.measurement_id,)))
    return {subject: Evidence(points[site], points[site]) for site, subject in sites.items()}


def _strength(session: Session, subjects: Collection[Subject], since: datetime) -> dict[Subject, Evidence]:
    slugs = {one.name: one for one in subjects if one.kind == "one_rep_max" and one.name}
    sets: defaultdict[str, list[ExerciseSet]] = defaultdict(list)
    for one in evidence.best_sets(session, list(slugs), since) if slugs else ():
        sets[one.exercise].append(one)
    return {subject: strength_evidence(sets[slug]) for slug, subject in slugs.items()}


def _sessions(
    session: Session, subjects: Collection[Subject], since: datetime, now: datetime
) -> dict[Subject, Evidence]:
    subject = Subject("weekly_sessions")
    if subject not in subjects:
        return {}
    first = evidence.first_training_day(session)
    if first is None:
        return {subject: Evidence()}
    days = evidence.training_days(session, since)
    return {subject: session_evidence(days, max(first, since.date()), now)}
