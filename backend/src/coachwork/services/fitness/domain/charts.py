"""What the charts of progress show, and say to who does not see them."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from coachwork.chassis.charts.port import Bar, Bars, Colour, Dot, Lines, Measure, Ranged, Words
from coachwork.services.fitness.domain.adherence import PlanKept
from coachwork.services.fitness.domain.body import WeightTrend
from coachwork.services.fitness.domain.calendar import day_of, monday_of, mondays
from coachwork.services.fitness.domain.muscles import HIGH_SETS, LOW_SETS, Muscles
from coachwork.services.fitness.domain.performance import PerformedLog
from coachwork.services.fitness.domain.series import Series
from coachwork.services.fitness.schemas.muscles import BandName

_WEEK = 7
_BANDS: dict[BandName, tuple[str, Colour]] = {
    "below": (f"below {LOW_SETS}", "muted"),
    "within": (f"{LOW_SETS} to {HIGH_SETS}", "good"),
    "above": (f"above {HIGH_SETS}", "warn"),
}


def e1rm_chart(series: Series) -> Lines:
    """Show each session's estimate, those that were a new best, and the best so far."""
    dots, trend, best = [], [], 0.0
    for point in series.points:
        if point.best:
            best = max(best, point.best.estimate_kg)
            dots.append(Dot(point.day, point.best.estimate_kg, point.is_record))
            trend.append(Dot(point.day, best))
    described = "No set tells of a one-rep maximum."
    if dots and series.best:
        described = (
            f"{len(dots)} sessions from {dots[0].day} to {dots[-1].day}. Estimated one-rep maximum by"
            f" {series.formula.name.title()}: first {dots[0].value:g} kg, last {dots[-1].value:g} kg, best"
            f" {series.best.estimate_kg:g} kg."
        )
    words = Words(
        series.exercise_name,
        f"Estimated one-rep maximum ({series.formula.name.title()}): each session's best set, new bests in green",
        described,
        "No sets of one to twelve repetitions with a load yet",
    )
    return Lines(words, "Estimated 1RM (kg)", dots, trend, in_steps=True)


def volume_chart(
    performed: Sequence[PerformedLog], exercise_name: str | None, days: tuple[date, date], zone: ZoneInfo
) -> Bars:
    """Show the volume of each week."""
    by_week = dict.fromkeys(mondays(*days), 0.0)
    for log in performed:
        by_week[monday_of(day_of(log.performed_at, zone))] += log.volume_kg
    heaviest = max(by_week, key=lambda monday: by_week[monday])
    words = Words(
        exercise_name or "Training volume",
        "Repetitions times load, by week",
        f"{len(by_week)} weeks from {days[0]} to {days[1]}. {sum(by_week.values()):,.0f} kg together;"
        f" most in the week of {heaviest}: {by_week[heaviest]:,.0f} kg.",
        "Nothing with a load was logged in these weeks",
    )
    bars = [Bar(monday, _WEEK, (round(kg, 2),)) for monday, kg in by_week.items()]
    return Bars(words, "Volume (kg)", [("volume", "accent")], bars)


def muscles_chart(muscles: Muscles) -> Ranged:
    """Show each muscle's average weekly sets beside the published range."""
    measures = [
        Measure(one.muscle.replace("_", " ").capitalize(), one.sets_per_week, _BANDS[one.band][1])
        for one in muscles.averages
    ]
    trained = any(one.value for one in measures)
    listed = ", ".join(f"{one.name} {one.value:g}" for one in measures)
    words = Words(
        "Weekly sets by muscle",
        f"Average of {len(muscles.weeks)} weeks; sets that help count half; shaded: {LOW_SETS} to {HIGH_SETS}"
        " (Schoenfeld 2017, Baz-Valle 2022)",
        f"Sets a week from {muscles.starts_on} to {muscles.ends_on}: {listed}.",
        "No resistance training was logged in these weeks",
    )
    return Ranged(
        words, "Sets a week", measures if trained else [], LOW_SETS, HIGH_SETS, [_BANDS[band] for band in _BANDS]
    )


def weight_chart(trend: WeightTrend, zone: ZoneInfo) -> Lines:
    """Show each weighing, and the smoothed trend."""
    dots = [Dot(day_of(point.measured_at, zone), point.weight_kg) for point in trend.points]
    line = [Dot(day_of(point.measured_at, zone), round(point.trend_kg, 2)) for point in trend.points]
    described = "No weighings."
    if dots:
        described = (
            f"{len(dots)} weighings from {dots[0].day} to {dots[-1].day}; the trend goes from {line[0].value:.1f} kg"
            f" to {line[-1].value:.1f} kg."
        )
    words = Words("Body weight", "Weighings, and their smoothed trend as a line", described, "No weighings yet")
    return Lines(words, "Body weight (kg)", dots, line)


def adherence_chart(kept: PlanKept) -> Bars:
    """Show what was done, missed and is still to come of each week's plan."""
    total = kept.total
    share = "Nothing was due yet" if total.percent is None else f"{total.percent:g} % of what was due is done"
    words = Words(
        "Plan and practice",
        share,
        f"From {kept.starts_on} to {kept.ends_on}: {total.done} done, {total.missed} missed, {total.upcoming} still"
        f" to come. {share}.",
        "Nothing was planned for these weeks",
    )
    bars = [
        Bar(week.starts_on, _WEEK, (week.total.done, week.total.missed, week.total.upcoming)) for week in kept.weeks
    ]
    return Bars(words, "Workouts", [("done", "good"), ("missed", "warn"), ("still to come", "muted")], bars)
