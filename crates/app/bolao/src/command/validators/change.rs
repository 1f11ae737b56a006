//! `appoint` and `remove`: what organisers sign about who votes.

use anyhow::bail;
use bolao_api::{
    body::{ChangeBody, ValidatorsBody},
    powers,
};
use bolao_chain::most_clocks_differ_s;
use bolao_ledger::{AccountId, Action, Validator, ValidatorSet, actions};
use bolao_node::Home;
use bolao_rulebook::either;

use super::{
    SignArgs,
    list::{quoted, waits_for},
};
use crate::{
    command::signing::{effect, page, player_ref},
    exit::usage,
    output,
    session::Session,
    signed::appointed,
    time,
    view::{self, PlayerRef},
    votes::names,
};

/// Up to so many validators a new one may vote at once.
const GROWS_TO: usize = 4;

/// An appointment that is to be signed.
struct Wanted {
    player: PlayerRef,
    validator: Validator,
}

impl Wanted {
    /// The weight that stands in a list of validators: 0 where it is in none.
    fn weight_in(&self, validators: &[view::Validator]) -> u64 {
        let own = validators.iter().find(|one| self.is_of(one));
        own.map_or(0, |own| own.weight)
    }

    fn is_of(&self, one: &view::Validator) -> bool {
        one.validator.account == self.player.account
    }

    fn shown(&self) -> view::Validator {
        view::Validator {
            validator: self.player.clone(),
            key: self.validator.key,
            weight: self.validator.weight,
        }
    }
}

pub(super) async fn appoint(
    names: &[String],
    weight: Option<u64>,
    sign: &SignArgs,
    home: &Home,
) -> anyhow::Result<()> {
    if weight == Some(0) {
        return Err(usage(
            "got the weight 0, wanted 1 or more: `bolao validators remove NAME` takes a vote away",
        ));
    }
    let session = Session::open(home, &sign.common.passphrase).await?;
    let (body, quorum) = appointed_pool(&session).await?;
    session.check_organiser("appoint validators")?;
    let weight = match weight {
        Some(weight) => weight,
        None => usual_weight(&body)?,
    };
    let mut wanted = Vec::new();
    for name in names {
        let page = page(&session, name).await?;
        let Some(offer) = &page.offer else {
            let name = &page.player.name;
            bail!(
                "{name} has not offered to vote: a running node does that automatically, so ask {name} to start it \
                (bolao run)"
            );
        };
        let validator = Validator {
            account: page.player.account,
            key: offer.key,
            weight,
        };
        let one = Wanted {
            validator,
            player: player_ref(page.player),
        };
        if one.weight_in(&next(&body)) == weight {
            let name = one.player.shown();
            let is = if one.weight_in(&now(&body)) == weight {
                "is already"
            } else {
                "is already to be"
            };
            bail!("{name} {is} a validator with the weight {weight}; --weight sets another weight");
        }
        wanted.push(one);
    }
    sign_all(&session, &body, quorum, wanted, ("appoint", sign)).await
}

pub(super) async fn remove(names: &[String], sign: &SignArgs, home: &Home) -> anyhow::Result<()> {
    let session = Session::open(home, &sign.common.passphrase).await?;
    let (body, quorum) = appointed_pool(&session).await?;
    session.check_organiser("remove validators")?;
    let (mut wanted, next) = (Vec::new(), next(&body));
    for name in names {
        let player = player_ref(page(&session, name).await?.player);
        let own = next
            .iter()
            .find(|one| one.validator.account == player.account);
        let Some(own) = own else {
            bail!(
                "{} is not a validator, or is removed already: `bolao validators` shows who is",
                player.shown()
            );
        };
        let validator = Validator {
            account: player.account,
            key: own.key,
            weight: 0,
        };
        wanted.push(Wanted { player, validator });
    }
    if after(&body, &wanted).is_empty() {
        bail!(
            "nobody would be left to make blocks: appoint someone else first, with `bolao validators appoint NAME`"
        );
    }
    sign_all(&session, &body, quorum, wanted, ("remove", sign)).await
}

/// The validators, and how many organisers must sign alike; an error where nobody is appointed.
async fn appointed_pool(session: &Session<'_>) -> anyhow::Result<(ValidatorsBody, u8)> {
    match super::read(&session.source).await? {
        (body, ChangeBody::Appointed { signatures_needed }) => Ok((body, signatures_needed)),
        (_, ChangeBody::Stake { .. }) => bail!(
            "nobody appoints validators in this pool: players vote with the chips they stake with `bolao stake CHIPS`"
        ),
    }
}

/// The weight that all have.
fn usual_weight(body: &ValidatorsBody) -> anyhow::Result<u64> {
    let mut weights = body.validators.iter().map(|one| one.validator.weight);
    match weights.next() {
        Some(first) if weights.all(|weight| weight == first) => Ok(first),
        _ => Err(usage(
            "the validators' weights differ (`bolao validators` shows them): choose one with --weight",
        )),
    }
}

/// Shows, checks and sends the signatures.
async fn sign_all(
    session: &Session<'_>,
    body: &ValidatorsBody,
    quorum: u8,
    wanted: Vec<Wanted>,
    (command, sign): (&str, &SignArgs),
) -> anyhow::Result<()> {
    let actions: Vec<Action> = wanted
        .iter()
        .map(|wanted| {
            Action::Appoint(actions::Appoint {
                validator: wanted.validator,
            })
        })
        .collect();
    if let Some(stopped) = session.try_out(actions.clone()).await.end {
        return Err(stopped.error);
    }
    let mut takes_effect = true;
    for one in &wanted {
        let signers = signers(body, &one.validator, session.account());
        takes_effect &= announce(session, one, &signers, quorum, command)?;
    }
    let mut needed_then = Vec::new();
    if takes_effect {
        let then = after(body, &wanted);
        let (proof, clock_s) = (
            session.genesis.proof(),
            most_clocks_differ_s(&session.genesis),
        );
        let weights: Vec<_> = { then.iter() }
            .map(|one| (one.validator.shown(), one.weight))
            .collect();
        let sentences = powers(proof, clock_s, &weights).join(" ");
        output::say(output::wrapped("Then: ", "      ", &sentences))?;
        needed_then = needed(&then, &wanted);
        say_notice(session, body, &wanted)?;
    }
    if let Some(waits) = super::heard(&session.source).await?.waits {
        output::say!(
            "First, though: block {} {}; nothing takes effect before it.",
            waits.height,
            waits_for(&waits)
        )?;
    }
    if !needed_then.is_empty() {
        let names: Vec<&str> = needed_then.iter().map(String::as_str).collect();
        output::say!(
            "From then on nothing becomes final while the node of {} is off, not even the removal of that vote.",
            either(&names, "or")
        )?;
    }
    sign.send(session, actions, "The signature").await
}

/// How many of these vote at once, the first ones.
fn at_once(body: &ValidatorsBody, wanted: &[Wanted]) -> usize {
    let Some(most) = body.at_once else {
        return 0;
    };
    let now = now(body);
    let room = GROWS_TO.saturating_sub(now.len());
    let comes =
        |one: &&Wanted| one.weight_in(&now) == 0 && (1..=most).contains(&one.validator.weight);
    wanted.iter().take(room).take_while(comes).count()
}

/// Says when it takes effect, and how to take back what does later.
fn say_notice(
    session: &Session<'_>,
    body: &ValidatorsBody,
    wanted: &[Wanted],
) -> anyhow::Result<()> {
    let notice_s = session.genesis.rules.notice_s;
    let (first, later) = wanted.split_at(at_once(body, wanted));
    if notice_s == 0 || later.is_empty() {
        return output::say!("It takes effect with the next block.");
    }
    if !first.is_empty() {
        let first: Vec<_> = first.iter().map(|one| one.player.clone()).collect();
        output::say!("Validators with the next block: {}.", names(&first))?;
    }
    let (notice, now) = (time::span(notice_s.into()), now(body));
    let stays = |one: &&Wanted| one.weight_in(&now) == one.validator.weight;
    let (back, later): (Vec<_>, Vec<_>) = later.iter().partition(stays);
    if later.is_empty() {
        let left = body.coming.len() > back.len();
        return output::say!(
            "That takes back what was to change{}.",
            if left {
                format!(", and the other changes of validators that wait do so for {notice} again")
            } else {
                String::new()
            }
        );
    }
    let rest = if first.is_empty() { "It" } else { "The rest" };
    output::say!(
        "{rest} takes effect {notice} after it is signed, together with all other changes of validators that wait, and everyone is told \
         at once. Until then this takes it back:"
    )?;
    for one in later {
        let name = quoted(&[one.player.shown()]);
        match one.weight_in(&now) {
            0 => output::say!("  bolao validators remove {name}")?,
            weight => output::say!("  bolao validators appoint {name} --weight {weight}")?,
        }
    }
    Ok(())
}

fn now(body: &ValidatorsBody) -> Vec<view::Validator> {
    let now = body.validators.iter().map(|one| &one.validator);
    now.cloned().collect()
}

/// The validators once all that is to come has taken effect.
fn next(body: &ValidatorsBody) -> Vec<view::Validator> {
    let coming = body.coming.iter().map(|one| &one.validator);
    changed(now(body), coming.cloned())
}

/// The same once all that is wanted has, too.
fn after(body: &ValidatorsBody, wanted: &[Wanted]) -> Vec<view::Validator> {
    changed(next(body), wanted.iter().map(Wanted::shown))
}

/// Validators of whom some have another weight: 0 where they are none any more.
fn changed(
    mut validators: Vec<view::Validator>,
    by: impl Iterator<Item = view::Validator>,
) -> Vec<view::Validator> {
    for change in by {
        validators.retain(|one| one.validator.account != change.validator.account);
        validators.push(change);
    }
    validators.retain(|one| one.weight > 0);
    validators
}

/// Those who get a vote without whom nothing is decided then.
fn needed(then: &[view::Validator], wanted: &[Wanted]) -> Vec<String> {
    let then = then.iter().map(|one| Validator {
        account: one.validator.account,
        key: one.key,
        weight: one.weight,
    });
    let Ok(then) = ValidatorSet::new(then) else {
        return Vec::new();
    };
    let is_needed = |one: &&Wanted| {
        let rest = then.total().saturating_sub(one.validator.weight);
        one.validator.weight > 0 && !then.is_quorum(rest)
    };
    let needed = wanted.iter().filter(is_needed);
    needed.map(|one| one.player.shown()).collect()
}

/// Those who have signed this already, besides oneself.
fn signers(body: &ValidatorsBody, wanted: &Validator, own: AccountId) -> Vec<PlayerRef> {
    let same = body.waiting.iter().filter(|waiting| {
        let it = &waiting.validator;
        (it.validator.account, it.weight, it.key) == (wanted.account, wanted.weight, wanted.key)
    });
    let signers = same.flat_map(|waiting| waiting.signers.iter().cloned());
    signers.filter(|signer| signer.account != own).collect()
}

/// Says what one signature does; whether it takes effect.
fn announce(
    session: &Session<'_>,
    wanted: &Wanted,
    others: &[PlayerRef],
    quorum: u8,
    command: &str,
) -> anyhow::Result<bool> {
    let weight = wanted.validator.weight;
    let asked: Vec<PlayerRef> = session
        .organisers()
        .iter()
        .filter(|it| it.account != session.account())
        .filter(|it| others.iter().all(|signer| signer.account != it.account))
        .cloned()
        .collect();
    let flag = if weight == 0 {
        String::new()
    } else {
        format!(" --weight {weight}")
    };
    effect(
        &appointed(&wanted.shown()),
        others,
        quorum,
        &format!(" of {}", names(&asked)),
        &format!(
            "bolao validators {command} {}{flag}",
            quoted(&[wanted.player.shown()])
        ),
    )
}
