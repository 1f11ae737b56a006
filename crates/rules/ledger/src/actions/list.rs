//! The enums that the list of actions becomes, and the questions that they hand on to each action.

macro_rules! actions {
    ($(#[$doc:meta])* pub enum Action {
        $($name:ident($module:ident) = $byte:literal,)*
    }) => {
        $(pub use self::$module::$name;)*

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
        #[borsh(use_discriminant = true)]
        #[serde(tag = "type", rename_all = "snake_case")]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the types have them")]
        pub enum Action {
            $($name($name) = $byte,)*
        }

        // `derive` takes a type called `Object` for any object.
        #[cfg(feature = "schema")]
        impl utoipa::PartialSchema for Action {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                use utoipa::{ToSchema, openapi::{AllOfBuilder, ObjectBuilder, OneOfBuilder, Ref, Type}};
                let one = OneOfBuilder::new();
                $(
                    let name = ObjectBuilder::new().schema_type(Type::String);
                    let name = name.enum_values(Some([stringify!($module)]));
                    let tagged = ObjectBuilder::new().schema_type(Type::Object);
                    let tagged = tagged.property("type", name).required("type");
                    let all = AllOfBuilder::new().item(Ref::from_schema_name($name::name()));
                    let one = one.item(all.item(tagged));
                )*
                one.into()
            }
        }

        #[cfg(feature = "schema")]
        impl utoipa::ToSchema for Action {
            fn schemas(
                schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>,
            ) {
                use utoipa::PartialSchema;
                $(
                    schemas.push(($name::name().into_owned(), $name::schema()));
                    $name::schemas(schemas);
                )*
            }
        }

        /// A refusal of an action by rules of its own.
        #[derive(Clone, Debug, PartialEq, Eq, Error)]
        #[allow(missing_docs, reason = "the errors have texts")]
        pub enum ActionRefusal {
            $(#[error(transparent)] $name($module::Refusal),)*
        }

        impl ActionRefusal {
            pub(crate) const REASONS: &[&[Reason]] = &[$($module::Refusal::REASONS,)*];

            /// The stable code.
            #[must_use]
            pub const fn reason(&self) -> Reason {
                match self {
                    $(Self::$name(refusal) => refusal.reason(),)*
                }
            }
        }

        $(
            impl From<$module::Refusal> for TxCheckError {
                fn from(refusal: $module::Refusal) -> Self {
                    Self::Action(ActionRefusal::$name(refusal))
                }
            }

            impl From<$module::Refusal> for RuleError {
                fn from(refusal: $module::Refusal) -> Self {
                    Self::Action(ActionRefusal::$name(refusal))
                }
            }

            impl<E> From<$module::Refusal> for ApplyError<E> {
                fn from(refusal: $module::Refusal) -> Self {
                    RuleError::from(refusal).into()
                }
            }
        )*

        impl<'de> Deserialize<'de> for Action {
            fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
                let read = parted("type", any(from)?).and_then(|(name, fields)| {
                    let kind = ActionKind::named(&name)?;
                    Action::of_kind(kind, fields)
                });
                read.map_err(D::Error::custom)
            }
        }

        impl Action {
            fn of_kind(kind: ActionKind, fields: Value) -> std::result::Result<Self, JsonError> {
                match kind {
                    $(ActionKind::$name => from_value(fields).map(Self::$name),)*
                }
            }

            /// Reads an action that a page signs. What moves bets, chips or a validator's key has a way of its own, or none: it is
            /// refused, and the code to read it is none of the page's.
            ///
            /// # Errors
            /// It is none.
            pub fn of_page(action: Value) -> std::result::Result<Self, JsonError> {
                let (name, fields) = parted("type", action)?;
                match ActionKind::named(&name)? {
                    $(ActionKind::$name if $name::IS_OF_PAGES => from_value(fields).map(Self::$name),)*
                    kind => Err(de::Error::custom(format_args!("`{kind}` is no act of a page"))),
                }
            }
        }

        /// A kind of action, by its first byte. A byte has one meaning for good.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(u8)]
        #[allow(missing_docs, reason = "the types have them")]
        pub enum ActionKind {
            $($name = $byte,)*
        }

        /// Every kind, in the order of their bytes.
        pub const ACTION_KINDS: &[ActionKind] = &[$(ActionKind::$name,)*];

        impl ActionKind {
            /// The kind of a first byte.
            #[must_use]
            pub fn of(byte: u8) -> Option<Self> {
                ACTION_KINDS.iter().copied().find(|kind| *kind as u8 == byte)
            }

            fn named(name: &str) -> std::result::Result<Self, JsonError> {
                let found = ACTION_KINDS.iter().copied().find(|kind| kind.name() == name);
                found.ok_or_else(|| de::Error::unknown_variant(name, &[$(stringify!($module),)*]))
            }

            /// Its name, as in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($module),)*
                }
            }

            /// Whether the actions of a pool include this one. A program that can do more refuses it in a pool that does not know
            /// it, as a program does that cannot: both follow the same chain.
            #[must_use]
            pub fn is_known_to(self, genesis: &Genesis) -> bool {
                match self {
                    $(Self::$name => $name::is_known_to(genesis),)*
                }
            }

            /// The accounts that may sign it.
            #[must_use]
            pub const fn signer(self) -> Signer {
                match self {
                    $(Self::$name => $name::SIGNER,)*
                }
            }

            /// The accounts whose transactions it can decide the fate of, besides its own.
            #[must_use]
            pub const fn concerns(self) -> AffectedAccounts {
                match self {
                    $(Self::$name => $name::AFFECTS,)*
                }
            }

            /// The end of the time in which it can still do what it is for.
            #[must_use]
            pub const fn ends(self) -> Deadline {
                match self {
                    $(Self::$name => $name::ENDS,)*
                }
            }

            /// The sentences of which one says what an action of this kind does.
            #[must_use]
            pub const fn sentences(self) -> &'static [Template] {
                match self {
                    $(Self::$name => $module::SENTENCES,)*
                }
            }

            /// Whether it changes the standings by itself: a player joins, or a bet becomes known. Records are compared apart.
            #[must_use]
            pub const fn changes_standings(self) -> bool {
                match self {
                    $(Self::$name => $name::CHANGES_STANDINGS,)*
                }
            }
        }

        impl Action {
            /// The action's kind.
            #[must_use]
            pub const fn kind(&self) -> ActionKind {
                match self {
                    $(Self::$name(_) => ActionKind::$name,)*
                }
            }

            /// The accounts whose transactions it can decide the fate of, besides its own.
            #[must_use]
            pub const fn concerns(&self) -> AffectedAccounts {
                self.kind().concerns()
            }

            /// The end of the time in which it can still do what it is for.
            #[must_use]
            pub const fn ends(&self) -> Deadline {
                self.kind().ends()
            }

            /// Whether it changes the standings by itself: a player joins, or a bet becomes known. Records are compared apart.
            #[must_use]
            pub const fn changes_standings(&self) -> bool {
                self.kind().changes_standings()
            }

            /// The matches that it names, in its order.
            #[must_use]
            pub fn matches(&self) -> Vec<MatchNo> {
                match self {
                    $(Self::$name(action) => action.matches(),)*
                }
            }

            /// The bets that it places.
            #[must_use]
            pub fn placed(&self) -> Vec<NewBet> {
                match self {
                    $(Self::$name(action) => action.placed(),)*
                }
            }

            /// The player whose seals it opens, and the openings.
            #[must_use]
            pub fn openings<'a>(&'a self, signer: &AccountId) -> Option<(AccountId, &'a [Opening])> {
                match self {
                    $(Self::$name(action) => action.openings(signer),)*
                }
            }

            /// The thing that it gives a name to, which others choose by and could take for something else.
            #[must_use]
            pub fn named(&self) -> Named<'_> {
                match self {
                    $(Self::$name(action) => action.named(),)*
                }
            }

            /// The vote that it signs, which counts once enough organisers have signed the same.
            #[must_use]
            pub fn vote(&self) -> Option<Vote> {
                match self {
                    $(Self::$name(action) => action.vote(),)*
                }
            }

            /// The times that it names itself, from which on it does something else: a ticket expires, a new kick-off comes.
            #[must_use]
            pub fn times(&self, genesis: &Genesis) -> Vec<UnixSeconds> {
                match self {
                    $(Self::$name(action) => action.times(genesis),)*
                }
            }

            /// Says what the account that signs it does.
            #[must_use]
            pub fn says(&self, by: &AccountId) -> Said {
                match self {
                    $(Self::$name(action) => action.says(by),)*
                }
            }

            pub(crate) fn check(
                &self,
                account: &AccountId,
                genesis: &Genesis,
                pool: PoolId,
            ) -> std::result::Result<(), TxCheckError> {
                match self {
                    $(Self::$name(action) => action.check(account, genesis, pool),)*
                }
            }

            pub(crate) fn apply<S: StateView>(
                &self,
                run: &mut Run<'_, S>,
                by: &mut By<'_>,
            ) -> Applied<Vec<MatchNo>, S> {
                match self {
                    $(Self::$name(action) => action.apply(run, by),)*
                }
            }
        }
    };
}

pub(super) use actions;
