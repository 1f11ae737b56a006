//! Optional rules, which a pool may choose: each in the file of its action, or in one of its own, with a line in the
//! list of `actions.rs`.
//!
//! Encoded is a count and, for each that is chosen, its byte and content, in the order of the bytes: so what a pool does not choose takes
//! no room in it, and one that a newer program brings is no damage.

use crate::{
    account::AccountId,
    fixture::Fixture,
    genesis::GenesisError,
    item::Prediction,
    outcome::Outcome,
    round::Round,
    rules::Rules,
    said::Said,
    score::Score,
    state::{Bet, Match, StateView},
    units::Points,
};

/// A law of an optional rule that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The player of whom it does not hold.
    pub account: AccountId,
    /// The fault, in a few words.
    pub what: &'static str,
}

/// A player's bet on a match.
#[derive(Clone, Copy, Debug)]
pub struct BetOn<'a> {
    /// The match.
    pub game: &'a Match,
    /// The player.
    pub player: &'a AccountId,
    /// The bet.
    pub bet: &'a Bet,
}

/// A player's bet, compared with a score.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// The bet, with its player and match.
    pub on: BetOn<'a>,
    /// The score that counts, or that would if the match ended now.
    pub score: Score,
    /// The record that has it; none while the match is played.
    pub outcome: Option<&'a Outcome>,
}

/// An optional rule. None of its answers has a default: a rule that forgets one does not compile.
pub(crate) trait Feature: Sized {
    /// Its numbers in a pool that only names it; none where a name is not enough.
    fn usual() -> Option<Self>;

    /// The same for a pool whose matches are of these rounds: what a file of rules says of stages, or leaves open, is said of rounds.
    fn of_rounds(self, rounds: &[Round]) -> Result<Self, GenesisError>;

    /// Checks the numbers that a pool has chosen.
    fn check(&self) -> Result<(), GenesisError>;

    /// Says it to players, a sentence each.
    fn says(&self) -> Vec<Said>;

    /// Whether a prediction is one that only a pool with this rule takes.
    fn brings(prediction: Prediction) -> bool;

    /// The points that a bet adds to the table, of which the rules before it in the list make so many. What it reads of the state is its own
    /// table alone: matches and counts that the block changes are not there yet.
    fn table_points<S: StateView>(
        &self,
        state: &S,
        rules: &Rules,
        of: Compared<'_>,
        points: Points,
    ) -> Result<Points, S::Error>;

    /// Says in a few words what else counts on a match, as "who goes through +1"; none where nothing does.
    fn counts(&self, rules: &Rules, fixture: &Fixture) -> Option<Said>;

    /// Whether the record of a match should say who goes on to the next round.
    fn asks_who_goes_on(&self, fixture: &Fixture) -> bool;

    /// Says in a few words what makes a bet count for other points in the table, as "×2"; none where nothing does.
    fn modifier<S: StateView>(
        &self,
        state: &S,
        rules: &Rules,
        on: BetOn<'_>,
    ) -> Result<Option<Said>, S::Error>;

    /// Finds what does not hold of what it keeps, though it must after every block.
    fn broken<S: StateView>(&self, rules: &Rules, state: &S) -> Result<Option<Broken>, S::Error>;
}

/// One of which each player has a part of its own.
pub(crate) trait Owned: Feature {
    /// The part that one player has.
    type Own;

    /// Finds what a player has of it.
    fn of_player<S: StateView>(
        &self,
        state: &S,
        rules: &Rules,
        player: &AccountId,
    ) -> Result<Self::Own, S::Error>;
}

macro_rules! features {
    ($(#[$doc:meta])* pub struct Features {
        $($(#[$of:meta])* $name:ident: $rule:ident$(, $own:ident)?($module:ident) = $byte:literal,)*
    }) => {
        $(pub use $module::$rule;)*
        $($(pub use $module::$own;)?)*

        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(deny_unknown_fields)]
        pub struct Features {
            $(
                $(#[$of])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $name: Option<$rule>,
            )*
        }

        /// A player's part of the optional rules that the pool has chosen.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        pub struct PlayerFeatures {
            $($(
                /// Those of the rule of the same name.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $name: Option<$own>,
            )?)*
        }

        /// Every sentence that says an optional rule.
        pub const FEATURE_SENTENCES: &[&[Template]] = &[$($module::RULE_SENTENCES,)*];

        /// The names of those that a pool can choose by their names alone.
        pub fn features_by_name() -> impl Iterator<Item = &'static str> {
            let all = [$(<$rule as Feature>::usual().map(|_| stringify!($name)),)*];
            all.into_iter().flatten()
        }

        impl BorshSerialize for Features {
            fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
                let chosen = [$(self.$name.is_some(),)*];
                let count = chosen.into_iter().filter(|it| *it).count();
                let count = u8::try_from(count).map_err(invalid)?;
                BorshSerialize::serialize(&count, writer)?;
                $(if let Some(rule) = &self.$name {
                    let byte: u8 = $byte;
                    BorshSerialize::serialize(&byte, writer)?;
                    BorshSerialize::serialize(rule, writer)?;
                })*
                Ok(())
            }
        }

        impl BorshDeserialize for Features {
            fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
                let (mut read, mut last) = (Self::default(), None);
                for _ in 0..u8::deserialize_reader(reader)? {
                    let byte = u8::deserialize_reader(reader)?;
                    if last.replace(byte).is_some_and(|last| last >= byte) {
                        return Err(invalid("the optional rules are not in order"));
                    }
                    match byte {
                        $($byte => read.$name = Some(BorshDeserialize::deserialize_reader(reader)?),)*
                        other => {
                            return Err(newer(format_args!(
                                "got the optional rule {other}, which this program does not know"
                            )));
                        }
                    }
                }
                Ok(read)
            }
        }

        impl Features {
            /// Whether the pool has chosen none.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                *self == Self::default()
            }

            /// The rules that a pool has which chooses some by their names alone.
            #[must_use]
            pub fn usual(chosen: &[impl AsRef<str>]) -> Self {
                let is_chosen = |name: &str| chosen.iter().any(|it| it.as_ref() == name);
                Self {
                    $($name: is_chosen(stringify!($name)).then(Feature::usual).flatten(),)*
                }
            }

            /// These, for a pool whose matches are of these rounds.
            pub(crate) fn of_rounds(self, rounds: &[Round]) -> std::result::Result<Self, GenesisError> {
                Ok(Self {
                    $($name: self.$name.map(|rule| rule.of_rounds(rounds)).transpose()?,)*
                })
            }

            /// These, and of others what is not chosen here.
            #[must_use]
            pub fn over(self, below: Self) -> Self {
                Self {
                    $($name: self.$name.or(below.$name),)*
                }
            }

            pub(crate) fn check(&self) -> std::result::Result<(), GenesisError> {
                $(if let Some(rule) = &self.$name {
                    rule.check()?;
                })*
                Ok(())
            }

            /// Whether a prediction is one that needs no rule which the pool has not chosen.
            pub(crate) fn know(&self, prediction: Prediction) -> bool {
                $((self.$name.is_some() || !<$rule as Feature>::brings(prediction)) &&)* true
            }

            /// Says what the pool has chosen, a sentence each.
            #[must_use]
            pub fn says(&self) -> Vec<Said> {
                let mut said = Vec::new();
                $(said.extend(self.$name.iter().flat_map(Feature::says));)*
                said
            }

            pub(crate) fn table_points<S: StateView>(
                &self,
                state: &S,
                rules: &Rules,
                of: Compared<'_>,
                points: Points,
            ) -> std::result::Result<Points, S::Error> {
                $(let points = match &self.$name {
                    Some(rule) => rule.table_points(state, rules, of, points)?,
                    None => points,
                };)*
                Ok(points)
            }

            /// Says in a few words what else counts on a match.
            #[must_use]
            pub fn counts(&self, rules: &Rules, fixture: &Fixture) -> Vec<Said> {
                let mut counts = Vec::new();
                $(counts.extend(self.$name.as_ref().and_then(|rule| rule.counts(rules, fixture)));)*
                counts
            }

            /// Whether the record of a match should say who goes on to the next round.
            pub(crate) fn ask_who_goes_on(&self, fixture: &Fixture) -> bool {
                $(self.$name.as_ref().is_some_and(|rule| rule.asks_who_goes_on(fixture)) ||)* false
            }

            /// Says in a few words what makes a bet count for other points in the table.
            ///
            /// # Errors
            /// The state cannot be read.
            pub fn modifiers<S: StateView>(
                &self,
                state: &S,
                rules: &Rules,
                on: BetOn<'_>,
            ) -> std::result::Result<Vec<Said>, S::Error> {
                let mut modifiers = Vec::new();
                $(if let Some(rule) = &self.$name {
                    modifiers.extend(rule.modifier(state, rules, on)?);
                })*
                Ok(modifiers)
            }

            /// Finds what a player has of what the pool has chosen.
            ///
            /// # Errors
            /// The state cannot be read.
            pub fn of_player<S: StateView>(
                &self,
                state: &S,
                rules: &Rules,
                player: &AccountId,
            ) -> std::result::Result<PlayerFeatures, S::Error> {
                Ok(PlayerFeatures {
                    $($($name: {
                        let own: Option<std::result::Result<$own, S::Error>> = self
                            .$name
                            .as_ref()
                            .map(|rule| rule.of_player(state, rules, player));
                        own.transpose()?
                    },)?)*
                })
            }

            pub(crate) fn broken<S: StateView>(
                &self,
                rules: &Rules,
                state: &S,
            ) -> std::result::Result<Option<Broken>, S::Error> {
                $(if let Some(rule) = &self.$name
                    && let Some(broken) = rule.broken(rules, state)?
                {
                    return Ok(Some(broken));
                })*
                Ok(None)
            }
        }
    };
}

pub(crate) use features;
