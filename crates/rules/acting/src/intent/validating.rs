//! Who votes on blocks, where organisers say so.

use bolao_answers::{
    Chain, Refused,
    body::{ChangeBody, PlayerRef, ValidatorBody, ValidatorsBody},
    player,
};
use bolao_ledger::{AccountId, Action, Validator, ValidatorSet, actions, table::Offers};
use bolao_rulebook::{Said, SaidValue, either, powers};

use super::{Foreseen, Outlook, Unmet, Wisher, chips::MINED, quoted, said, shown, signature};

const OFFERS: &str = "You offer to vote; {next}.";
const APPOINTED_NEXT: &str = "an organiser gives you a vote: bolao validators appoint YOU";
const STAKED_NEXT: &str = "`bolao stake CHIPS` gives you a vote";
const MOVES: &str = "From the next block on, this home's node casts your vote, and no longer the one that did so far.";
const VOTES: &str = "{player} is a validator, with the weight {weight, number}";
const NO_VOTE: &str = "{player} is no longer a validator";
const THEN: &str = "Then: {powers}";
const AT_ONCE: &str = "It takes effect with the next block.";
const SOME_AT_ONCE: &str = "Validators with the next block: {players}.";
const BACK: &str = "That takes back what was to change.";
const BACK_AND_WAITS: &str = "That takes back what was to change, and the other changes of validators that wait do so for {notice} again.";
const LATER: &str = "It takes effect {notice} after it is signed, together with all other changes of validators that wait, and everyone \
                     is told at once. Until then this takes it back:";
const REST_LATER: &str = "The rest takes effect {notice} after it is signed, together with all other changes of validators that wait, \
                          and everyone is told at once. Until then this takes it back:";
const COMMAND: &str = "  {command}";
const NEEDED: &str = "From then on nothing becomes final while the node of {players} is off, not even the removal of that vote.";

/// Up to so many validators a new one may vote at once.
const GROWS_TO: usize = 4;

/// An appointment that is to be signed, among all that is known of validators.
struct Appointing {
    body: ValidatorsBody,
    /// The number of organisers who must sign alike.
    needed: u8,
    organisers: Vec<PlayerRef>,
    wanted: Vec<ValidatorBody>,
}

impl<C: Chain, E: From<C::Error>> Wisher<'_, C, E> {
    pub(super) fn appoint(&self, names: &[String], weight: Option<u64>) -> Outlook<E> {
        let mut appointing = self.appointing("appoint validators")?;
        let weight = match weight {
            Some(weight) => weight,
            None => usual_weight(&appointing.body)?,
        };
        for name in names {
            let (account, player) = player(self.asked.chain, name)?;
            let name = player.name.as_str();
            let offered = self.asked.chain.get::<Offers>(&account);
            let key = offered.map_err(Refused::from)?.ok_or_else(|| {
                Unmet::Impossible(format!(
                    "{name} has not offered to vote: a running node does that automatically, so ask {name} to start it (bolao run)"
                ))
            })?;
            if weight_in(&appointing.next(), account) == weight {
                let is = if weight_in(&appointing.now(), account) == weight {
                    "is already"
                } else {
                    "is already to be"
                };
                return Err(Unmet::Impossible(format!(
                    "{name} {is} a validator with the weight {weight}; --weight sets another weight"
                )));
            }
            let name = Some(name.to_owned());
            appointing.wanted.push(ValidatorBody {
                validator: PlayerRef { account, name },
                key,
                weight,
            });
        }
        self.change_votes(appointing)
    }

    pub(super) fn dismiss(&self, names: &[String]) -> Outlook<E> {
        let mut appointing = self.appointing("remove validators")?;
        let next = appointing.next();
        for name in names {
            let (account, player) = player(self.asked.chain, name)?;
            let own = next.iter().find(|one| one.validator.account == account);
            let own = own.ok_or_else(|| {
                Unmet::Impossible(format!(
                    "{} is not a validator, or is removed already: `bolao validators` shows who is",
                    player.name.as_str()
                ))
            })?;
            appointing.wanted.push(ValidatorBody {
                weight: 0,
                ..own.clone()
            });
        }
        if appointing.after().is_empty() {
            return Err(Unmet::Impossible(
                "nobody would be left to make blocks: appoint someone else first, with `bolao validators appoint NAME`"
                    .to_owned(),
            ));
        }
        self.change_votes(appointing)
    }

    pub(super) fn offer(&self, action: &Action) -> Outlook<E> {
        let Action::Offer(actions::Offer { key, .. }) = action else {
            return Err(Unmet::Unclear("wanted the action `offer`".to_owned()));
        };
        let body = self.voters()?;
        let next = match body.change {
            Some(ChangeBody::Appointed { .. }) => APPOINTED_NEXT,
            Some(ChangeBody::Stake { .. }) => STAKED_NEXT,
            None => return Err(Unmet::Impossible(MINED.to_owned())),
        };
        let mut validators = body.validators.iter().map(|one| &one.validator.validator);
        let votes = validators.any(|one| one.account == self.account);
        let offered = self.asked.chain.get::<Offers>(&self.account);
        if offered.map_err(Refused::from)? == Some(*key) {
            return Err(Unmet::Impossible(if votes {
                "you are already a validator with this home's key".to_owned()
            } else {
                format!("you have already offered this home's key: {next}")
            }));
        }
        let actions = vec![action.clone()];
        self.tried(&actions)?;
        let says = if votes {
            said(MOVES, [])
        } else {
            said(OFFERS, [("next", next.into())])
        };
        Ok(Foreseen {
            actions,
            says: vec![says],
            ..Foreseen::default()
        })
    }

    fn appointing(&self, what: &str) -> Result<Appointing, Unmet<E>> {
        let body = self.voters()?;
        let needed = match body.change {
            Some(ChangeBody::Appointed { signatures_needed }) => signatures_needed,
            Some(ChangeBody::Stake { .. }) => {
                return Err(Unmet::Impossible(
                    "nobody appoints validators in this pool: players vote with the chips they stake with `bolao stake CHIPS`"
                        .to_owned(),
                ));
            }
            None => return Err(Unmet::Impossible(MINED.to_owned())),
        };
        let organisers = self.organisers()?.organisers;
        self.organises(&organisers, what)?;
        Ok(Appointing {
            body,
            needed,
            organisers,
            wanted: Vec::new(),
        })
    }

    fn change_votes(&self, appointing: Appointing) -> Outlook<E> {
        let actions = appointing.actions();
        self.tried(&actions)?;
        let (mut says, mut takes_effect) = (Vec::new(), true);
        for one in &appointing.wanted {
            let (effect, is_last) = self.appointment(&appointing, one);
            says.push(effect);
            takes_effect &= is_last;
        }
        if takes_effect {
            let then = appointing.after();
            let weights: Vec<_> = { then.iter() }
                .map(|one| (one.validator.shown(), one.weight))
                .collect();
            let proof = self.asked.genesis.proof();
            let powers = powers(proof, self.clock_s, &weights).join(" ");
            says.push(said(THEN, [("powers", powers.into())]));
            says.extend(appointing.starts());
            says.extend(appointing.is_needed(&then));
        }
        Ok(Foreseen {
            actions,
            says,
            ..Foreseen::default()
        })
    }

    /// The effect of one signature, and whether it is the last.
    fn appointment(&self, of: &Appointing, wanted: &ValidatorBody) -> (Said, bool) {
        let same = of.body.waiting.iter().filter(|it| it.validator == *wanted);
        let signers = same.flat_map(|it| it.signers.iter());
        let others: Vec<_> = signers
            .filter(|it| it.account != self.account)
            .cloned()
            .collect();
        let has_signed = |who: &PlayerRef| others.iter().any(|it| it.account == who.account);
        let asked: Vec<_> = { of.organisers.iter() }
            .filter(|it| it.account != self.account && !has_signed(it))
            .cloned()
            .collect();
        let command = command(wanted, wanted.weight);
        signature(appointed(wanted), &others, of.needed, &asked, command)
    }
}

impl Appointing {
    fn actions(&self) -> Vec<Action> {
        let validators = self.wanted.iter().map(ledgers);
        let appoint = |validator| Action::Appoint(actions::Appoint { validator });
        validators.map(appoint).collect()
    }

    fn now(&self) -> Vec<ValidatorBody> {
        let now = self.body.validators.iter().map(|one| &one.validator);
        now.cloned().collect()
    }

    /// The validators once all that is to come has taken effect.
    fn next(&self) -> Vec<ValidatorBody> {
        let coming = self.body.coming.iter().map(|one| &one.validator);
        changed(self.now(), coming)
    }

    /// The same once all that is wanted has, too.
    fn after(&self) -> Vec<ValidatorBody> {
        changed(self.next(), self.wanted.iter())
    }

    /// The number of those wanted who vote at once, the first ones.
    fn at_once(&self) -> usize {
        let Some(most) = self.body.at_once else {
            return 0;
        };
        let now = self.now();
        let room = GROWS_TO.saturating_sub(now.len());
        let comes = |one: &&ValidatorBody| {
            weight_in(&now, one.validator.account) == 0 && (1..=most).contains(&one.weight)
        };
        self.wanted.iter().take(room).take_while(comes).count()
    }

    /// The time at which it takes effect, and what takes back what does later.
    fn starts(&self) -> Vec<Said> {
        let seconds = self.body.notice_s;
        let notice = ("notice", SaidValue::Seconds { seconds });
        let (first, later) = self.wanted.split_at(self.at_once());
        if seconds == 0 || later.is_empty() {
            return vec![said(AT_ONCE, [])];
        }
        let mut says = Vec::new();
        if !first.is_empty() {
            let first: Vec<_> = first.iter().map(|one| one.validator.clone()).collect();
            says.push(said(SOME_AT_ONCE, [("players", shown(&first).into())]));
        }
        let now = self.now();
        let weight_now = |one: &ValidatorBody| weight_in(&now, one.validator.account);
        let (back, later): (Vec<_>, Vec<_>) =
            later.iter().partition(|one| weight_now(one) == one.weight);
        if later.is_empty() {
            says.push(if self.body.coming.len() > back.len() {
                said(BACK_AND_WAITS, [notice])
            } else {
                said(BACK, [])
            });
            return says;
        }
        let rest = if first.is_empty() { LATER } else { REST_LATER };
        says.push(said(rest, [notice]));
        says.extend(later.into_iter().map(|one| {
            let command = command(one, weight_now(one)).into();
            said(COMMAND, [("command", command)])
        }));
        says
    }

    /// Those who get a vote without whom nothing is decided then.
    fn is_needed(&self, then: &[ValidatorBody]) -> Option<Said> {
        let then = ValidatorSet::new(then.iter().map(ledgers)).ok()?;
        let is_needed = |one: &&ValidatorBody| {
            let rest = then.total().saturating_sub(one.weight);
            one.weight > 0 && !then.is_quorum(rest)
        };
        let needed: Vec<String> = { self.wanted.iter() }
            .filter(is_needed)
            .map(|one| one.validator.shown())
            .collect();
        let needed: Vec<&str> = needed.iter().map(String::as_str).collect();
        let players = ("players", either(&needed, "or").into());
        (!needed.is_empty()).then(|| said(NEEDED, [players]))
    }
}

/// The weight that all have.
fn usual_weight<E>(body: &ValidatorsBody) -> Result<u64, Unmet<E>> {
    let mut weights = body.validators.iter().map(|one| one.validator.weight);
    match weights.next() {
        Some(first) if weights.all(|weight| weight == first) => Ok(first),
        _ => Err(Unmet::Unclear(
            "the validators' weights differ (`bolao validators` shows them): choose one with --weight"
                .to_owned(),
        )),
    }
}

/// The weight of an account in a list of validators: 0 where it is in none.
fn weight_in(validators: &[ValidatorBody], account: AccountId) -> u64 {
    let mut all = validators.iter();
    let own = all.find(|one| one.validator.account == account);
    own.map_or(0, |own| own.weight)
}

/// Validators of whom some have another weight: 0 where they are none any more.
fn changed<'b>(
    mut validators: Vec<ValidatorBody>,
    by: impl Iterator<Item = &'b ValidatorBody>,
) -> Vec<ValidatorBody> {
    for change in by {
        validators.retain(|one| one.validator.account != change.validator.account);
        validators.push(change.clone());
    }
    validators.retain(|one| one.weight > 0);
    validators
}

fn ledgers(one: &ValidatorBody) -> Validator {
    Validator {
        account: one.validator.account,
        key: one.key,
        weight: one.weight,
    }
}

fn appointed(one: &ValidatorBody) -> Said {
    let player = ("player", one.validator.shown().into());
    match one.weight {
        0 => said(NO_VOTE, [player]),
        weight => said(VOTES, [player, ("weight", weight.into())]),
    }
}

/// The command that gives somebody a weight, or takes the vote away.
fn command(one: &ValidatorBody, weight: u64) -> String {
    let name = quoted(&one.validator.shown());
    match weight {
        0 => format!("bolao validators remove {name}"),
        weight => format!("bolao validators appoint {name} --weight {weight}"),
    }
}
