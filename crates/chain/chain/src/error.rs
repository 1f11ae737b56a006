//! What ends a core, and what spoils a block.

use std::fmt;

use bolao_finality::StartError;
use bolao_headers::HeaderError;
use bolao_ledger::{
    ApplyError, BlockError, BlockHash, BlockId, DecodeError, Height, Reason, TxCheckError,
};
use bolao_store::StoreError;
use thiserror::Error;

use crate::io::Rejection;

/// Why the core cannot go on. Nothing that a peer or user sends leads here.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CoreError {
    /// The disk, most likely.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A failure to start voting: what this node has signed before stands in the way.
    #[error(transparent)]
    Voting(#[from] StartError),
    /// A decision of the validators that cannot be followed.
    #[error(transparent)]
    Final(#[from] FinalError),
}

/// Why a final block cannot be followed. The validators are at fault, or this program is: nothing else can be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum FinalError {
    #[error(
        "{known} and {got} are both said to be final, and no chain holds both: validators have signed two histories{by}"
    )]
    Conflict {
        known: BlockId,
        got: BlockId,
        by: Signers,
    },
    #[error("{block} is said to be final, but its header is one of height {got}")]
    OtherHeight { block: BlockId, got: Height },
    #[error("{block} is said to be final and breaks a rule of this program: {why}")]
    Invalid { block: BlockId, why: Reason },
}

/// The names of those who signed both of two histories, as far as that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signers(pub Vec<String>);

impl fmt::Display for Signers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(
            f,
            ". Both are signed by {}; `bolao validators proof` writes the proof, if a file can hold it",
            self.0.join(", ")
        )
    }
}

impl FinalError {
    pub(crate) fn conflict(known: BlockId, got: BlockId) -> Self {
        let by = Signers::default();
        Self::Conflict { known, got, by }
    }
}

macro_rules! rejections {
    ($($error:ident),*) => {
        $(impl From<$error> for Rejection {
            fn from(error: $error) -> Self {
                Self::new(error.reason(), error)
            }
        })*
    };
}

rejections!(BlockError, DecodeError, HeaderError, TxCheckError);

/// The refusal of a block that no certificate proves.
pub(crate) fn no_certificate(what: impl std::fmt::Display) -> Rejection {
    Rejection::new(
        Reason::NoCertificate,
        format!("{what}: in this pool validators make the blocks, and nobody mines"),
    )
}

/// Why blocks could not be connected. Whatever it says, the store is as it was.
#[derive(Debug, Error)]
pub(crate) enum ConnectError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The block breaks a rule and always will.
    #[error("block {hash}: {rejection}")]
    Invalid {
        hash: BlockHash,
        rejection: Rejection,
    },
}

impl ConnectError {
    pub(crate) fn apply(hash: BlockHash, error: ApplyError<StoreError>) -> Self {
        match Self::rejection(error) {
            Ok(rejection) => Self::Invalid { hash, rejection },
            Err(error) => Self::Store(error),
        }
    }

    /// Gives the rejection by which the rules refuse something, unless the error is the disk's.
    pub(crate) fn rejection(error: ApplyError<StoreError>) -> Result<Rejection, StoreError> {
        match (error.reason(), error) {
            (_, ApplyError::State(error)) => Err(error),
            (reason, error) => Ok(Rejection::new(reason.unwrap_or(Reason::Overflow), error)),
        }
    }
}

/// Why a transaction is not taken: what the rules or the mempool say, unless the disk is broken.
#[derive(Debug, Error)]
pub(crate) enum AdmitError {
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ApplyError<StoreError>> for AdmitError {
    fn from(error: ApplyError<StoreError>) -> Self {
        ConnectError::rejection(error).map_or_else(Self::Store, Self::Rejected)
    }
}

/// A rejection is a result; only a broken disk is an error.
pub(crate) fn settled<T>(
    result: Result<T, AdmitError>,
) -> Result<Result<T, Rejection>, StoreError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(AdmitError::Rejected(rejection)) => Ok(Err(rejection)),
        Err(AdmitError::Store(error)) => Err(error),
    }
}

/// Whether whoever sent this as a transaction broke the protocol, whatever the state.
pub(crate) fn is_provable(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::BadEncoding
            | Reason::UnknownAction
            | Reason::TransfersOff
            | Reason::BadSignature
            | Reason::WeakKey
            | Reason::TxTooLarge
            | Reason::NoBets
            | Reason::TooManyBets
            | Reason::DuplicateBet
    )
}
