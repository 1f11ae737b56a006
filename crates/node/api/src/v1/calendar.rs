//! The pool's matches as a calendar (RFC 5545), which phones subscribe to and ask for again by themselves.
//!
//! Whoever holds the address may share it, so it says nothing of scores or tips. Every time in it is of the chain: the
//! same matches give the same bytes.

use bolao_answers::Game;
use bolao_ledger::{Day, Genesis, PoolId, Status, UnixSeconds};
use chrono::{DateTime, TimeDelta, Utc};
use icalendar::{Alarm, Calendar, Component as _, Event, EventLike as _, EventStatus, Property};

use super::read::{Reply, tagged_text};
use crate::{extract::InPath, state::Api};

/// The content type of calendars.
const KIND: &str = "text/calendar; charset=utf-8";
/// The program that made it.
const PRODUCT: &str = "-//Bolao//Bolao//EN";
/// The time that a match takes in a calendar.
const LASTS: TimeDelta = TimeDelta::hours(2);
/// The time from the alarm to the kick-off.
const ALARM: TimeDelta = TimeDelta::hours(1);
/// The time after which a calendar is to be asked for again.
const ASKED_AGAIN: &str = "PT1H";

/// The pool's matches as a calendar for a player's phone, with an alarm an hour before each kick-off. A match of which only the day
/// is known takes that day; one that was put off is left out until it has a day again. It holds no scores and no tips.
#[utoipa::path(get, path = "/api/v1/players/{player}/calendar.ics", tag = "pool",
    params(("player" = String, Path, description = "A name, in any case, or an account")),
    responses((status = OK, body = String, content_type = "text/calendar")))]
pub(crate) async fn calendar(api: Api, InPath(player): InPath<String>) -> Reply {
    tagged_text(&api, KIND, move |api, snapshot| {
        bolao_answers::player(snapshot, &player)?;
        let reader = api.backend.reader();
        let genesis = reader.genesis();
        let feed = Feed {
            pool: reader.pool_id(),
            genesis,
            page: api.backend.link().url,
        };
        Ok(feed.calendar(&Game::all(snapshot, api.rules())?))
    })
    .await
}

/// The parts that all events share.
struct Feed<'a> {
    pool: PoolId,
    genesis: &'a Genesis,
    /// The page's address; empty where nobody knows it.
    page: String,
}

impl Feed<'_> {
    fn calendar(&self, games: &[Game]) -> String {
        let mut calendar = Calendar::empty();
        let refresh = Property::new("REFRESH-INTERVAL", ASKED_AGAIN)
            .add_parameter("VALUE", "DURATION")
            .done();
        calendar
            .append_property(("VERSION", "2.0"))
            .append_property(("PRODID", PRODUCT))
            .append_property(("CALSCALE", "GREGORIAN"))
            // The crate escapes texts of properties that it knows, and this one it does not.
            .append_property(("X-WR-CALNAME", escaped(self.genesis.name.as_str()).as_str()))
            .append_property(refresh)
            .append_property(("X-PUBLISHED-TTL", ASKED_AGAIN));
        for event in games.iter().filter_map(|game| self.event(game)) {
            calendar.push(event);
        }
        calendar.to_string()
    }

    /// None where nobody knows the day.
    fn event(&self, game: &Game) -> Option<Event> {
        let fixture = &game.entry.fixture;
        if game.entry.postponed {
            return None;
        }
        let summary = format!(
            "{} – {}",
            fixture.home.name.as_str(),
            fixture.away.name.as_str()
        );
        let uid = format!("{}-{}@bolao", self.pool, fixture.no);
        let changed = game
            .moved
            .as_ref()
            .map_or(self.genesis.created, |it| it.time);
        let changed = moment(changed)?;
        let mut event = Event::new();
        event
            .uid(&uid)
            .timestamp(changed)
            .summary(&summary)
            .description(&self.description(game))
            .categories([fixture.stage.as_str()]);
        let is_off =
            { game.result.as_ref() }.is_some_and(|it| it.outcome.status == Status::Cancelled);
        if is_off {
            event.status(EventStatus::Cancelled);
        }
        match (fixture.kickoff, game.entry.day) {
            (Some(kickoff), _) => {
                let begins = moment(kickoff)?;
                event.starts(begins).ends(begins.checked_add_signed(LASTS)?);
                if !is_off {
                    // Without these two the crate makes ones that differ each time.
                    let mut alarm = Alarm::display(&summary, -ALARM);
                    alarm.uid(&format!("alarm-{uid}")).timestamp(changed);
                    event.alarm(alarm);
                }
            }
            (None, Some(day)) => {
                event.starts(middle(day)?.date_naive());
            }
            (None, None) => return None,
        }
        Some(event.done())
    }

    fn description(&self, game: &Game) -> String {
        let fixture = &game.entry.fixture;
        let stage = fixture.stage.as_str();
        if self.page.is_empty() {
            return stage.to_owned();
        }
        // Codes are of letters, digits and hyphens.
        format!("{stage}\n{}/match/{}", self.page, fixture.code)
    }
}

fn moment(at: UnixSeconds) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(i64::try_from(at.0).ok()?, 0)
}

/// The middle of a day: of the same date in UTC, wherever the match is played.
fn middle(day: Day) -> Option<DateTime<Utc>> {
    moment(UnixSeconds(day.begins.0.midpoint(day.ends.0)))
}

/// A text as RFC 5545 writes it. The pool's name has one line.
fn escaped(text: &str) -> String {
    text.replace('\\', r"\\")
        .replace(',', r"\,")
        .replace(';', r"\;")
}
