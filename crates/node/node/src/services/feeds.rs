//! Lists from the web that tell results, kick-offs and live scores, read beside the pool. Nothing of them is signed here: organisers do,
//! or a referee does with a key of its own.
//!
//! - **Which** are read stands in `sources.json` ([`kept`]). The node looks at it every few seconds ([`Feeds::look`]), since commands
//!   write it, too; so does an organiser's signed word ([`Feeds::hear`]). With another choice, all lists are opened anew and their
//!   words forgotten.
//! - **When** one is read, it says itself ([`bolao_feeds::Source::next`]); each look asks those that it is time for ([`Feeds::read`]).
//! - **Live scores** are in memory alone. Those that an organiser types ([`Feeds::typed`]) go before those of lists, for as long as
//!   [`still_shown`] says. Of each organiser's words, none older than the last counts.
//! - **Out** go the lists' words, for whoever signs, and the live scores; those who listen to the API hear when they are others. A
//!   server's date goes to the core, to compare this machine's clock with.

pub(crate) mod kept;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bolao_api::{Live, NodeError, NodeEvent, body::WordBody, known_matches};
use bolao_chain::{ClockWitness, Input};
use bolao_feeds::{Place, Source, Sources, Told};
use bolao_fixtures::{LiveScore, pool::Known};
use bolao_ledger::{AccountId, FoldedCode, MatchNo, Score, StateView as _, UnixSeconds};
use bolao_store::StoreError;
use bolao_wallet::Word;
use jiff::{Zoned, tz::TimeZone};
use tokio::{sync::Notify, task::spawn_blocking, time::sleep};
use url::Url;

use kept::KeptSources;

use crate::{clock::now, error::unusable, pool::Pool, services::Service};

/// The time between two looks at whether something is to be read.
const LOOK: Duration = Duration::from_secs(5);
/// The longest time for which a live score that an organiser typed is shown, in seconds: it stays as long as nobody scores, and is
/// gone with the match's record.
const TYPED_S: u64 = 4 * 3_600;

/// The longest time for which the minute is shown that was typed with it, in seconds.
const MINUTE_S: u64 = 10 * 60;

/// The refusal of a list.
fn no_list(reason: impl ToString) -> NodeError {
    let reason = reason.to_string();
    NodeError::NoCompetition { reason }
}

/// The list that an organiser names: a competition, or a page of the web; nothing of this machine or of its network.
fn said_by_organiser(said: &str) -> Result<Place, NodeError> {
    let is_of_the_web = |url: &Url| {
        url.scheme() == "https" && url.domain().is_some_and(|domain| domain.contains('.'))
    };
    match said.parse() {
        Ok(Place::Web(url)) if !is_of_the_web(&url) => Err(no_list(format!(
            "{url} is not the address of a list: wanted https:// and a host of the web"
        ))),
        Ok(Place::File(_)) => {
            let known = bolao_feeds::find(said).map(|known| Place::Known(Box::new(known)));
            known.map_err(no_list)
        }
        Ok(place) => Ok(place),
    }
}

/// The lists that are read, and what they told.
#[derive(Debug)]
pub(crate) struct Feeds {
    pool: Pool,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    kept: KeptSources,
    told: Told,
    live: Vec<Live>,
    /// The scores that organisers typed.
    typed: BTreeMap<MatchNo, Live>,
    /// The time of each organiser's last word.
    last_words: BTreeMap<AccountId, UnixSeconds>,
}

impl Service for Arc<Feeds> {
    async fn run(self, _: Pool) {
        let (mut sources, mut of) = (Sources::default(), KeptSources::default());
        loop {
            let feeds = self.clone();
            let looked = spawn_blocking(move || feeds.look());
            if let Ok(Ok((kept, known))) = looked.await {
                if kept != of {
                    sources = self.open_all(&kept);
                    of.clone_from(&kept);
                }
                self.read(&mut sources, kept, &known).await;
            }
            tokio::select! {
                () = sleep(LOOK) => {}
                () = self.changed.notified() => {}
            }
        }
    }
}

impl Feeds {
    /// Of a pool's node, whose lists are not read yet.
    pub(crate) fn new(pool: &Pool) -> Arc<Self> {
        Arc::new(Self {
            pool: pool.clone(),
            state: Mutex::default(),
            changed: Notify::new(),
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn sources(&self) -> (bool, Option<String>) {
        self.with(|state| (state.kept.on, state.kept.competition.clone()))
    }

    pub(crate) fn told(&self) -> Told {
        self.with(|state| state.told.clone())
    }

    pub(crate) fn live(&self) -> Vec<Live> {
        self.with(|state| state.live.clone())
    }

    /// Takes what an organiser says.
    pub(crate) async fn hear(
        self: &Arc<Self>,
        word: Word,
        said: WordBody,
    ) -> Result<(), NodeError> {
        let (organiser, at) = (said.account, UnixSeconds(said.at));
        let is_new = self.with(|state| {
            let last = state.last_words.get(&organiser);
            let is_new = last.is_none_or(|last| *last <= at);
            if is_new {
                state.last_words.insert(organiser, at);
            }
            is_new
        });
        if !is_new {
            return Err(NodeError::OldWord);
        }
        let feeds = Arc::clone(self);
        let heard = spawn_blocking(move || match word {
            Word::Sources { on, list } => feeds.switch(on, list).map(|()| None),
            Word::Live {
                code,
                score,
                minute,
            } => feeds.typed(&code, score, minute, said),
        });
        let typed = heard.await.unwrap_or(Err(NodeError::Stopped))?;
        if let Some(known) = typed {
            // A list that does not answer is not waited for.
            self.show(&known).await;
        }
        self.changed.notify_one();
        Ok(())
    }

    fn switch(&self, on: bool, list: Option<String>) -> Result<(), NodeError> {
        self.pool.home.change_sources(|kept| {
            if let Some(said) = list {
                let place = said_by_organiser(&said)?;
                let added = kept.add(&place, Zoned::now().date());
                added.map_err(no_list)?;
            }
            if on && kept.places().is_empty() {
                return Err(no_list(
                    "this pool has no list to read: name a competition, or the address of a list",
                ));
            }
            kept.on = on;
            Ok(())
        })
    }

    fn typed(
        &self,
        code: &str,
        score: Option<Score>,
        minute: Option<u8>,
        said: WordBody,
    ) -> Result<Option<Vec<Known>>, NodeError> {
        let found = || {
            let snapshot = self.pool.reader.snapshot()?;
            let Some(no) = snapshot.match_by_code(&FoldedCode::of(code))? else {
                return Ok(None);
            };
            let name = snapshot
                .account(&said.account)?
                .map(|it| it.name.to_string());
            let known = known_matches(&snapshot, &self.pool.reader.genesis().rules)?;
            Ok::<_, StoreError>(Some((no, name, known)))
        };
        let found = found().map_err(|error| unusable(&error))?;
        let Some((match_no, name, known)) = found else {
            return Ok(None);
        };
        self.with(|state| {
            match score {
                Some(score) => state.typed.insert(
                    match_no,
                    Live {
                        match_no,
                        score,
                        minute,
                        at: UnixSeconds(said.at),
                        from: name.unwrap_or_else(|| said.account.to_string()),
                        word: Some(said),
                    },
                ),
                None => state.typed.remove(&match_no),
            };
        });
        Ok(Some(known))
    }

    /// The lists that the home wants read, and the pool's matches.
    fn look(&self) -> Result<(KeptSources, Vec<Known>), StoreError> {
        let kept = self.pool.home.sources();
        let kept = kept
            .inspect_err(|error| tracing::warn!(%error, "no lists are read from the web"))
            .unwrap_or_default();
        let is_idle =
            !kept.on && self.with(|state| state.live.is_empty() && state.typed.is_empty());
        if is_idle {
            return Ok((kept, Vec::new()));
        }
        let rules = &self.pool.reader.genesis().rules;
        let known = known_matches(&self.pool.reader.snapshot()?, rules)?;
        Ok((kept, known))
    }

    fn open_all(&self, kept: &KeptSources) -> Sources {
        let zone = self
            .pool
            .home
            .profile()
            .ok()
            .and_then(|profile| profile.zone);
        let zone = zone.and_then(|zone| TimeZone::get(&zone).ok());
        let places = kept.places().into_iter().filter(|_| kept.on);
        let opened = places.filter_map(|place| {
            let source = Source::new(&place, zone.clone());
            source
                .inspect_err(|error| tracing::warn!(%error, "a list cannot be read"))
                .ok()
        });
        Sources::new(opened.collect())
    }

    /// Reads what it is time for, and tells those who listen what is new.
    async fn read(&self, sources: &mut Sources, kept: KeptSources, known: &[Known]) {
        let was_read = sources.read(known, now().unix).await;
        let dates: Vec<_> = sources.take_dates().collect();
        for (server, time) in dates {
            let server = server.into();
            let date = Input::Clock(ClockWitness::Date { server, time });
            // That the core has stopped is seen elsewhere.
            let _ = self.pool.engine.input(date).await;
        }
        let is_changed = self.with(|state| {
            let is_changed = was_read || state.kept != kept;
            state.kept = kept;
            state.told = sources.told();
            is_changed
        });
        self.show(known).await;
        if is_changed {
            self.pool.watch.tell(NodeEvent::Sources).await;
        }
    }

    /// Works out the live scores, and tells those who listen if they are others.
    async fn show(&self, known: &[Known]) {
        let now = now().unix;
        let lives = self.with(|state| {
            let told = state.told.live(known, now).into_iter();
            let told =
                told.filter_map(|(no, score, from)| Some((no, heard(no, score, from, now)?)));
            let mut live: BTreeMap<MatchNo, Live> = told.collect();
            state
                .typed
                .retain(|_, typed| still_shown(typed, known, now));
            live.extend(state.typed.clone());
            let live: Vec<Live> = live.into_values().collect();
            let same = |one: &Live, two: &Live| {
                (one.match_no, one.score, one.minute) == (two.match_no, two.score, two.minute)
            };
            let is_same = live.len() == state.live.len()
                && live
                    .iter()
                    .zip(&state.live)
                    .all(|(one, two)| same(one, two));
            state.live.clone_from(&live);
            (!is_same).then_some(live)
        });
        if let Some(live) = lives {
            self.pool.watch.tell(NodeEvent::Live(live)).await;
        }
    }
}

/// Whether the score that an organiser typed is shown still. Its minute is not for long.
fn still_shown(typed: &mut Live, known: &[Known], now: UnixSeconds) -> bool {
    let age_s = now.0.saturating_sub(typed.at.0);
    typed.minute = typed.minute.filter(|_| age_s < MINUTE_S);
    let mut known = known.iter().filter(|it| it.fixture.no == typed.match_no);
    age_s < TYPED_S && !known.any(|it| it.record.is_some())
}

fn heard(match_no: MatchNo, live: LiveScore, from: &str, at: UnixSeconds) -> Option<Live> {
    let [home, away] = live.goals;
    Some(Live {
        match_no,
        score: Score::new(home.into(), away.into()).ok()?,
        minute: live.minute,
        at,
        from: from.to_owned(),
        word: None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_organiser_names_no_list_of_this_machine_or_its_network() {
        for good in ["en.1.2026-27", "https://example.org/cup.txt"] {
            assert!(said_by_organiser(good).is_ok(), "{good}");
        }
        for bad in [
            "/etc/passwd",
            "-",
            "http://example.org/cup.txt",
            "https://localhost/cup.txt",
            "https://192.168.0.1/cup.txt",
            "https://[::1]/cup.txt",
            "ftp://example.org/cup.txt",
        ] {
            assert!(said_by_organiser(bad).is_err(), "{bad}");
        }
    }

    /// In half an hour after the break, nobody need have scored.
    #[test]
    fn a_typed_score_stays_until_the_match_is_over_and_its_minute_does_not() {
        let at = UnixSeconds(1_893_499_200);
        let mut typed = Live {
            match_no: MatchNo(1),
            score: Score::new(1, 0).unwrap(),
            minute: Some(20),
            at,
            from: "Ana".to_owned(),
            word: None,
        };
        let mut after = |minutes: u64, known: &[Known]| {
            still_shown(&mut typed, known, UnixSeconds(at.0 + 60 * minutes)).then_some(typed.minute)
        };
        assert_eq!(after(1, &[]), Some(Some(20)));
        assert_eq!(after(100, &[]), Some(None));
        assert_eq!(after(300, &[]), None);
        let fixture = bolao_ledger::Genesis::article().matches.remove(0);
        let known = Known {
            fixture,
            day: None,
            record: Some(bolao_ledger::Outcome::without_score(
                bolao_ledger::Status::Cancelled,
                None,
            )),
            postponed: false,
            asks_who_goes_on: false,
        };
        assert_eq!(after(100, &[known]), None);
    }
}
