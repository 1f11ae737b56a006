//! `bolao referee`: signs results that sources on the web agree on.

use std::{collections::BTreeMap, time::Duration};

use anyhow::bail;
use bolao_feeds::{Judged, Place, Signing, Source, Sources, Why};
use bolao_fixtures::pool::Known;
use bolao_ledger::{Action, Outcome, Rules, Status, Vote, actions};
use bolao_node::Home;
use clap::Args;
use jiff::tz::TimeZone;
use tokio::time::sleep;

use crate::{
    command::node::stop_signal,
    exit::{sentence, usage},
    games,
    imported::today,
    output,
    passphrase::CommonArgs,
    record,
    session::Session,
    source::ApiError,
    time,
    view::Match,
    votes,
};

/// The time between two looks.
const LOOK: Duration = Duration::from_secs(15);

/// Signs the results that all sources agree on, with an organiser's key, until Ctrl-C
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "It signs results of matches that were played, once all sources that list a match have had the same \
        score for ten minutes, two hours after kick-off at least (three where there may be extra time). It never \
        corrects a record, and only tells you of matches that were postponed, cancelled, awarded or abandoned. Make \
        it one of several organisers, so that no list on the web decides on its own."
)]
pub(crate) struct RefereeArgs {
    /// A competition's code, a URL or a file (repeatable) [default: those of `bolao sources`]
    #[arg(long = "source", value_name = "PLACE")]
    sources: Vec<Place>,
    /// Signs even where one organiser's signature decides a result
    #[arg(long)]
    alone: bool,
    #[command(flatten)]
    common: CommonArgs,
}

/// The number of organisers who must sign a result, as many as they are now.
fn results_quorum(session: &Session<'_>) -> u8 {
    let played = Outcome::without_score(Status::Played, None);
    session.quorum(&Vote::Result(played))
}

pub(crate) async fn run(args: RefereeArgs, home: &Home) -> anyhow::Result<()> {
    let session = Session::open(home, &args.common.passphrase).await?;
    session.check_organiser("sign results")?;
    if results_quorum(&session) <= 1 && !args.alone {
        bail!(
            "in this pool one signature is enough for a result, so lists on the web would decide on their own: \
            `bolao sources on` proposes results that you sign with one tap; --alone lets the referee sign"
        );
    }
    let places = if args.sources.is_empty() {
        home.sources()?.places()
    } else {
        args.sources.clone()
    };
    for place in &places {
        if let Place::Known(known) = place {
            known.check(today())?;
        }
    }
    if places.is_empty() {
        return Err(usage(
            "there is no list to read: name one with --source, such as a code of `bolao competitions`",
        ));
    }
    let zone = home.profile()?.zone.and_then(|it| TimeZone::get(&it).ok());
    let sources = places
        .iter()
        .map(|place| Source::new(place, zone.clone()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut referee = Referee {
        session,
        sources: Sources::new(sources),
        told: BTreeMap::new(),
        json: args.common.json,
    };
    output::hint!(
        "The referee reads {} and signs what they agree on. Press Ctrl-C to stop.",
        output::joined(&places, ", ")
    );
    let stop = stop_signal()?;
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return Ok(()),
            looked = referee.look() => {
                if let Err(error) = looked {
                    referee.tell("trouble", "", "trouble", &sentence(&error))?;
                }
            }
        }
        tokio::select! {
            () = &mut stop => return Ok(()),
            () = sleep(LOOK) => {}
        }
    }
}

/// A match as the lists are compared with it.
fn known(game: &Match, rules: &Rules) -> Known {
    Known {
        fixture: game.entry.fixture.clone(),
        day: game.entry.day,
        record: game
            .record
            .as_ref()
            .map(|record| record.signed.outcome.clone()),
        postponed: game.entry.postponed,
        asks_who_goes_on: rules.ask_who_goes_on(&game.entry.fixture),
    }
}

/// The reason, and where it ends, when.
fn told_why(why: &Why) -> String {
    let until = match why {
        Why::TooEarly { until } => time::timestamp(*until),
        _ => None,
    };
    until.map_or_else(
        || why.to_string(),
        |until| format!("{why}: until {}", time::local(until)),
    )
}

struct Referee<'a> {
    session: Session<'a>,
    sources: Sources,
    /// The words said last of each match, so that it is told once.
    told: BTreeMap<String, String>,
    json: bool,
}

impl Referee<'_> {
    async fn look(&mut self) -> anyhow::Result<()> {
        let matches = games::all(&self.session.source).await?;
        let rules = &self.session.genesis.rules;
        let known: Vec<Known> = matches.iter().map(|game| known(game, rules)).collect();
        self.sources.read(&known, time::now()).await;
        let told = self.sources.told();
        for (at, heard) in (1..).zip(told.heard()) {
            let problem = heard.problem.clone().unwrap_or_else(|| {
                format!(
                    "{} of its {} matches are the pool's",
                    heard.known, heard.matches
                )
            });
            self.tell(&at.to_string(), "", &heard.name, &problem)?;
        }
        let judged = told.judged(&known, true, time::now());
        if judged.is_empty() {
            return Ok(());
        }
        let waiting = votes::of_matches(&votes::all(&self.session.source).await?);
        for judged in &judged {
            if let Some(why) = &judged.why {
                self.tell_of(judged, "not signed", &told_why(why))?;
            } else if let Some(signing) = judged.signing(&waiting, self.session.account()) {
                let game = matches
                    .iter()
                    .find(|game| game.entry.fixture.no == judged.no);
                let says = game.map_or_else(
                    || record::scores(&signing.outcome),
                    |game| record::words(&signing.outcome, game),
                );
                self.sign(judged, signing, &says).await?;
            }
        }
        Ok(())
    }

    async fn sign(&mut self, judged: &Judged, signing: Signing, says: &str) -> anyhow::Result<()> {
        let action = Action::Result(actions::Result {
            match_no: judged.no,
            outcome: signing.outcome,
        });
        match self.session.submit_one_of_many(&action).await {
            Ok(_) => {
                let sources = judged.sources.join(", ");
                let quorum = results_quorum(&self.session);
                let of = if quorum > 1 {
                    format!(", {} of {quorum} signatures", signing.signatures)
                } else {
                    String::new()
                };
                self.tell_of(judged, "signed", &format!("{says} ({sources}{of})"))
            }
            Err(error) if error.is::<ApiError>() => {
                self.tell_of(judged, "not signed", &sentence(&error))
            }
            Err(error) => Err(error),
        }
    }

    fn tell_of(&mut self, judged: &Judged, what: &str, more: &str) -> anyhow::Result<()> {
        self.tell(&judged.code, &judged.code, what, more)
    }

    /// Says something of a match, or of a source, unless it was said last under this key.
    fn tell(&mut self, key: &str, code: &str, what: &str, more: &str) -> anyhow::Result<()> {
        let text = format!("{what}: {more}");
        if self.told.insert(key.to_owned(), text.clone()).as_deref() == Some(text.as_str()) {
            return Ok(());
        }
        if self.json {
            return output::line(
                serde_json::json!({"match": (!code.is_empty()).then_some(code), "what": what, "says": more}),
            );
        }
        let code = if code.is_empty() {
            String::new()
        } else {
            format!("{code} ")
        };
        output::line!("{code}{text}")
    }
}
