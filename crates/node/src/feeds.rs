//! Lists from the web that tell results, kick-offs and live scores, read beside the pool. Nothing of them is signed here: organisers do,
//! or a referee does with a key of its own.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bolao_api::{Live, NodeError, NodeEvent, known_matches};
use bolao_feeds::{Source, Sources, Told};
use bolao_fixtures::{LiveScore, pool::Known};
use bolao_ledger::{AccountId, FoldedCode, MatchNo, Score, StateView as _, UnixSeconds};
use bolao_store::{Reader, StoreError};
use bolao_wallet::Word;
use jiff::{Zoned, tz::TimeZone};
use tokio::{sync::Notify, task::spawn_blocking, time::sleep};

use crate::{
    engine::now,
    home::{Home, KeptSources},
    pool::Pool,
    serve::watch::Watch,
    tasks::Tasks,
};

/// The time between two looks at whether something is to be read.
const LOOK: Duration = Duration::from_secs(5);
/// The time for which a live score that an organiser typed is shown, in seconds.
const TYPED_S: u64 = 45 * 60;

/// The lists that are read, and what they told. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Feeds(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    home: Home,
    reader: Reader,
    watch: Watch,
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
    heard: BTreeMap<AccountId, UnixSeconds>,
}

impl Feeds {
    /// Reads the home's lists from now on.
    pub(crate) fn open(home: &Home, pool: &Pool, tasks: &mut Tasks) -> Self {
        let feeds = Self(Arc::new(Inner {
            home: home.clone(),
            reader: pool.reader.clone(),
            watch: pool.watch.clone(),
            state: Mutex::default(),
            changed: Notify::new(),
        }));
        tasks.spawn_until("lists from the web", feeds.clone().run());
        feeds
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
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
        &self,
        word: Word,
        organiser: AccountId,
        at: UnixSeconds,
    ) -> Result<(), NodeError> {
        let is_new = self.with(|state| {
            let last = state.heard.get(&organiser);
            let is_new = last.is_none_or(|last| *last <= at);
            if is_new {
                state.heard.insert(organiser, at);
            }
            is_new
        });
        if !is_new {
            return Err(NodeError::OldWord);
        }
        let feeds = self.clone();
        let heard = spawn_blocking(move || match word {
            Word::Sources { on, competition } => feeds.switch(on, competition),
            Word::Live {
                code,
                score,
                minute,
            } => feeds.typed(&code, score, minute, organiser, at),
        });
        heard.await.unwrap_or(Err(NodeError::Stopped))?;
        self.0.changed.notify_one();
        Ok(())
    }

    fn switch(&self, on: bool, competition: Option<String>) -> Result<(), NodeError> {
        let unusable = |message: String| NodeError::Home { message };
        let home = &self.0.home;
        let mut kept = home
            .sources()
            .map_err(|error| unusable(error.to_string()))?;
        if let Some(code) = competition {
            let known = bolao_feeds::find(&code);
            let known = known.and_then(|known| known.check(Zoned::now().date()).map(|()| known));
            let known = known.map_err(|error| NodeError::NoCompetition {
                reason: error.to_string(),
            })?;
            kept.competition = Some(known.code);
        }
        if on && kept.places().is_empty() {
            return Err(NodeError::NoCompetition {
                reason: "this pool has no list to read: name a competition of `bolao competitions`"
                    .to_owned(),
            });
        }
        kept.on = on;
        let written = home.set_sources(&kept);
        written.map_err(|error| unusable(error.to_string()))
    }

    fn typed(
        &self,
        code: &str,
        score: Option<Score>,
        minute: Option<u8>,
        organiser: AccountId,
        at: UnixSeconds,
    ) -> Result<(), NodeError> {
        let found = || {
            let snapshot = self.0.reader.snapshot()?;
            let no = snapshot.match_by_code(&FoldedCode::of(code))?;
            let name = snapshot.account(&organiser)?.map(|it| it.name.to_string());
            Ok::<_, StoreError>((no, name))
        };
        let (no, name) = found().map_err(|error| NodeError::Home {
            message: error.to_string(),
        })?;
        let Some(match_no) = no else {
            return Ok(());
        };
        self.with(|state| {
            match score {
                Some(score) => state.typed.insert(
                    match_no,
                    Live {
                        match_no,
                        score,
                        minute,
                        at,
                        from: name.unwrap_or_else(|| organiser.to_string()),
                    },
                ),
                None => state.typed.remove(&match_no),
            };
        });
        Ok(())
    }

    async fn run(self) {
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
                () = self.0.changed.notified() => {}
            }
        }
    }

    /// The lists that the home wants read, and the pool's matches.
    fn look(&self) -> Result<(KeptSources, Vec<Known>), StoreError> {
        let kept = self.0.home.sources().unwrap_or_else(|error| {
            tracing::warn!(%error, "no lists are read from the web");
            KeptSources::default()
        });
        let is_idle =
            !kept.on && self.with(|state| state.live.is_empty() && state.typed.is_empty());
        if is_idle {
            return Ok((kept, Vec::new()));
        }
        let rules = &self.0.reader.genesis().rules;
        let known = known_matches(&self.0.reader.snapshot()?, rules)?;
        Ok((kept, known))
    }

    fn open_all(&self, kept: &KeptSources) -> Sources {
        let zone = self.0.home.profile().ok().and_then(|profile| profile.zone);
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
        let (told, now) = (sources.told(), now().unix);
        let mut live: BTreeMap<MatchNo, Live> = told
            .live(known, now)
            .into_iter()
            .filter_map(|(no, score, from)| Some((no, heard(no, score, from, now)?)))
            .collect();
        let (is_changed, lives) = self.with(|state| {
            state.typed.retain(|no, typed| {
                let mut known = known.iter().filter(|it| it.fixture.no == *no);
                let has_record = known.any(|it| it.record.is_some());
                now.0.saturating_sub(typed.at.0) < TYPED_S && !has_record
            });
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
            let is_changed = was_read || state.kept != kept;
            state.kept = kept;
            state.told = told;
            state.live.clone_from(&live);
            (is_changed, (!is_same).then_some(live))
        });
        if let Some(live) = lives {
            self.0.watch.tell(NodeEvent::Live(live)).await;
        }
        if is_changed {
            self.0.watch.tell(NodeEvent::Sources).await;
        }
    }
}

fn heard(match_no: MatchNo, live: LiveScore, from: &str, at: UnixSeconds) -> Option<Live> {
    let [home, away] = live.goals;
    Some(Live {
        match_no,
        score: Score::new(home.into(), away.into()).ok()?,
        minute: live.minute,
        at,
        from: from.to_owned(),
    })
}
