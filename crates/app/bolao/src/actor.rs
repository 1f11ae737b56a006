//! Who acts: the home's key, and the node that takes what it signs.

use anyhow::{Context as _, bail, ensure};
use bolao_acting::{Acting, FULL_IN_ALL, Fact, Part, Refusal, Step, Wish};
use bolao_api::body::{Foreseen, Intent, ProposalBody, WishBody};
use bolao_ledger::{AccountId, Action, Genesis, MatchNo, Name, Nonce, Reason, TxBody, actions};
use bolao_node::Home;
use bolao_wallet::{Draft, Key};
use reqwest::StatusCode;
use serde_json::json;
use tokio::time::sleep;

use crate::{
    exit::{sentence, usage},
    meant, output,
    passphrase::PassphraseArgs,
    source::{self, ApiError, Client, Source, as_view},
    view::NextNonce,
};

/// The home's player, who acts through a node or, where nothing is sent, through a stopped home.
#[derive(Debug)]
pub(crate) struct Actor<'a> {
    pub(crate) home: &'a Home,
    pub(crate) genesis: Genesis,
    pub(crate) source: Source,
    pub(crate) key: Key,
}

/// What came of a wish.
#[derive(Debug)]
pub(crate) struct Acted {
    /// The ids of what the node has taken, but for a joining.
    pub(crate) ids: Vec<String>,
    /// The chips at hand then.
    pub(crate) chips: Option<u64>,
    /// The matches whose bets are left out.
    pub(crate) left_out: Vec<MatchNo>,
    /// The number of bets that were not taken, and not left out.
    pub(crate) bets_unsent: usize,
    /// Why the rest was not sent.
    pub(crate) end: Option<Stopped>,
}

/// Why something was not sent.
#[derive(Debug)]
pub(crate) struct Stopped {
    /// The match of the bet that is refused.
    pub(crate) on: Option<MatchNo>,
    pub(crate) error: anyhow::Error,
}

impl Acted {
    /// The id of the one transaction that was wanted.
    pub(crate) fn id(self) -> anyhow::Result<String> {
        match (self.end, self.ids.into_iter().next_back()) {
            (Some(stopped), _) => Err(stopped.error),
            (None, Some(id)) => Ok(id),
            (None, None) => bail!("the node has taken nothing"),
        }
    }
}

impl<'a> Actor<'a> {
    /// Opens the wallet of a home. What is sent needs its running node; for the rest a stopped home answers, too.
    pub(crate) async fn open(
        home: &'a Home,
        passphrase: &PassphraseArgs,
        sends: bool,
    ) -> anyhow::Result<Self> {
        let genesis = home.genesis()?;
        let source = if sends {
            Source::Running(source::node(home).await?)
        } else {
            source::open(home).await?
        };
        let key = passphrase.open(home)?.player();
        Ok(Self {
            home,
            genesis,
            source,
            key,
        })
    }
}

impl Actor<'_> {
    pub(crate) fn account(&self) -> AccountId {
        self.key.account()
    }

    /// The running node.
    pub(crate) fn client(&self) -> anyhow::Result<&Client> {
        match &self.source {
            Source::Running(client) => Ok(client),
            Source::Stopped(_) => bail!("your node is not running: start it with `bolao run`"),
        }
    }

    /// What is done for a wish.
    pub(crate) fn acting(&self, wish: Wish) -> Acting<ApiError> {
        Acting::new(&self.genesis, wish)
    }

    /// What the node says would come of a wish. Nothing is written.
    pub(crate) async fn foresee(&self, wish: &Intent) -> anyhow::Result<Foreseen> {
        let joining = if self.next_nonce().await? == Nonce::ZERO {
            let mut draft = Draft::new(self.account(), Nonce::ZERO);
            Some(joining(self.home, &mut draft)?.action)
        } else {
            None
        };
        let body = WishBody {
            account: self.account(),
            wish: wish.clone(),
            joining,
        };
        let foreseen: Foreseen = match self.source.post("/api/v1/wishes", &json!(body)).await {
            Ok(answer) => as_view(answer)?,
            Err(error) => return Err(self.unmet(wish, &body, error).await),
        };
        ensure!(
            wish.is_met_by(&foreseen.actions),
            "the node's answer is not what you wished, so nothing is signed: is it your own node that answers? See `bolao doctor`"
        );
        Ok(foreseen)
    }

    /// The node's refusal of a wish, with what helps.
    async fn unmet(
        &self,
        wish: &Intent,
        body: &WishBody,
        mut error: anyhow::Error,
    ) -> anyhow::Error {
        for name in wish.players() {
            error = meant::player(&self.source, name, error).await;
        }
        match error.downcast::<ApiError>() {
            // What was typed cannot be meant.
            Ok(refusal)
                if refusal.status == StatusCode::BAD_REQUEST && refusal.reason().is_none() =>
            {
                usage(refusal.0.detail)
            }
            Ok(refusal) if body.joining.is_some() => no_entry(self.home, refusal),
            Ok(refusal) => refusal.into(),
            Err(error) => error,
        }
    }

    async fn next_nonce(&self) -> anyhow::Result<Nonce> {
        let path = format!("/api/v1/accounts/{}/nonce", self.account());
        let nonce: NextNonce = self.source.read(&path).await?;
        Ok(Nonce(nonce.next_nonce))
    }

    /// Signs and sends actions; the id of the last. Several wait for blocks where too much of the account waits already.
    pub(crate) async fn submit(&self, actions: Vec<Action>) -> anyhow::Result<String> {
        let several = actions.len() > 1;
        let acting = self.acting(Wish::Actions(actions));
        let acting = if several { acting.patient() } else { acting };
        self.act(acting).await.id()
    }

    /// Takes every step.
    pub(crate) async fn act(&self, mut acting: Acting<ApiError>) -> Acted {
        let mut acted = Acted {
            ids: Vec::new(),
            chips: None,
            left_out: Vec::new(),
            bets_unsent: 0,
            end: None,
        };
        let (mut fact, mut waited) = (Fact::Start, false);
        acted.end = loop {
            match acting.next(fact) {
                Step::Done => break None,
                Step::Refused {
                    on,
                    joining,
                    refusal,
                } => {
                    let still = waited && refusal.reason == Some(Reason::TooManyPending);
                    let error = if joining {
                        no_entry(self.home, refusal.error)
                    } else {
                        refusal.error.into()
                    };
                    let error = if still { no_room(error) } else { error };
                    break Some(Stopped { on, error });
                }
                step => {
                    waited |= matches!(step, Step::Pause { is_full: true, .. });
                    match self.take(step, &mut acted).await {
                        Ok(next) => fact = next,
                        Err(error) => break Some(Stopped { on: None, error }),
                    }
                }
            }
        };
        acted.left_out = acting.left_out().iter().map(|(no, _)| *no).collect();
        acted.bets_unsent = acting.unsent();
        acted
    }

    async fn take(
        &self,
        step: Step<ApiError>,
        acted: &mut Acted,
    ) -> anyhow::Result<Fact<ApiError>> {
        match step {
            Step::Nonce => Ok(Fact::Nonce(self.next_nonce().await?)),
            Step::Try { parts, alone } => self.try_parts(&parts, alone, acted).await,
            Step::Send { part, nonce } => self.send(&part, nonce, acted).await,
            Step::Pause { time, is_full } => {
                if is_full {
                    output::hint("Waiting for a block before the rest are sent.");
                }
                sleep(time).await;
                Ok(Fact::Passed)
            }
            Step::Done | Step::Refused { .. } | Step::Lost => {
                bail!("the next step is not known: run the command again")
            }
        }
    }

    async fn try_parts(
        &self,
        parts: &[Part],
        alone: bool,
        acted: &mut Acted,
    ) -> anyhow::Result<Fact<ApiError>> {
        let mut proposals = Vec::new();
        for part in parts {
            let action = self.body(part, Nonce::ZERO)?.action;
            proposals.push(ProposalBody {
                alone: alone && *part != Part::Join,
                ..ProposalBody::unsigned(self.account(), action)
            });
        }
        let verdicts = self.source.rehearse(&proposals).await?;
        let facts = verdicts
            .iter()
            .map(|verdict| match ApiError::refusal(verdict) {
                Some(error) => Err(refusal(error)),
                None => Ok(()),
            });
        let facts = Fact::Verdicts(facts.collect());
        if !alone {
            acted.chips = verdicts.last().and_then(|it| it.chips).map(|it| it.after);
        }
        Ok(facts)
    }

    async fn send(
        &self,
        part: &Part,
        nonce: Nonce,
        acted: &mut Acted,
    ) -> anyhow::Result<Fact<ApiError>> {
        let body = self.body(part, nonce)?;
        if let Action::Join(actions::Join { name, .. }) = &body.action {
            output::hint!("Joining the pool as {name}.");
        }
        let transaction = self.key.sign(self.genesis.pool_id(), body);
        match self.client()?.submit(&transaction).await {
            Ok(submitted) => {
                acted.chips = submitted.chips;
                acted
                    .ids
                    .extend((*part != Part::Join).then_some(submitted.id));
                Ok(Fact::Taken)
            }
            Err(error) => Ok(Fact::Refused(refusal(error.downcast()?))),
        }
    }

    /// The body to sign. A joining is under the name that the home's player chose.
    fn body(&self, part: &Part, nonce: Nonce) -> anyhow::Result<TxBody> {
        let mut draft = Draft::new(self.account(), nonce);
        match part.draft(&mut draft, &self.key, &self.genesis) {
            Some(body) => Ok(body),
            None => joining(self.home, &mut draft),
        }
    }
}

/// The joining that comes before everything else that an account does, under the name that the home's player chose.
fn joining(home: &Home, draft: &mut Draft) -> anyhow::Result<TxBody> {
    let Some(name) = home.profile()?.name else {
        bail!(
            "you have no name in this pool yet: choose one with `bolao join {}/genesis.json --name YOU`",
            home.dir().display()
        );
    };
    let name = Name::new(&name).context("the name in profile.json cannot be used")?;
    let pool = home.genesis()?.pool_id();
    Ok(draft.enter(pool, name, home.ticket(pool)?.as_ref()))
}

/// The node's refusal to let a player in, with what helps.
fn no_entry(home: &Home, mut refusal: ApiError) -> anyhow::Error {
    if refusal.is(Reason::InvitationNeeded) {
        "you are not in this pool yet, and it is invitation-only: ask an organiser for a link, then `bolao join \
        'LINK' --name YOU`".clone_into(&mut refusal.detail);
    } else if Reason::OF_NAMES.iter().any(|it| refusal.is(*it)) {
        refusal.detail = format!(
            "{} with `bolao join {}/genesis.json --name YOU`",
            refusal.detail,
            home.dir().display()
        );
    }
    refusal.into()
}

/// That the home's player has not joined, why, and what helps; none if a block holds his join.
pub(crate) async fn not_joined(
    home: &Home,
    source: &Source,
    account: AccountId,
) -> anyhow::Result<Option<String>> {
    let path = format!("/api/v1/accounts/{account}/nonce");
    let nonce: NextNonce = source.read(&path).await?;
    if nonce.joined {
        return Ok(None);
    }
    if nonce.next_nonce > 0 {
        let waits = "you have not joined yet: your joining is waiting for a block";
        return Ok(Some(waits.to_owned()));
    }
    let why = match joining(home, &mut Draft::new(account, Nonce::ZERO)) {
        Err(error) => Some(error),
        Ok(body) => {
            let proposal = ProposalBody::unsigned(account, body.action);
            let verdicts = source.rehearse(&[proposal]).await?;
            let refused = verdicts.iter().find_map(ApiError::refusal);
            refused.map(|refusal| no_entry(home, refusal))
        }
    };
    Ok(Some(match why {
        Some(error) => format!("you have not joined: {}", sentence(&error)),
        None => {
            "you have not joined yet: your node does that while it runs (`bolao run`)".to_owned()
        }
    }))
}

/// The refusal of what blocks made no room for.
fn no_room(error: anyhow::Error) -> anyhow::Error {
    error.context(format!(
        "no block came in {} s: is anyone making blocks? Run the same command again once someone is",
        FULL_IN_ALL.as_secs()
    ))
}

fn refusal(error: ApiError) -> Refusal<ApiError> {
    Refusal {
        reason: error.reason(),
        error,
    }
}
