//! Browsers that are told of news.

use bolao_ledger::{AccountId, Signature};
use bolao_wallet::PushAddress;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether a node tells browsers of news.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PushBody {
    /// The key that browsers subscribe with (RFC 8292), in base64url; `null` where the node's page has no address with `https://`.
    pub key: Option<String>,
}

/// A browser that is to be told of news, signed by its player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriberBody {
    /// The player.
    #[schema(value_type = String)]
    pub account: AccountId,
    /// The address at which it is told.
    pub address: PushAddress,
    /// The player's, over `"bolao/push/1"`, the pool's id and the address's three texts, each after its length (4 bytes,
    /// little-endian): in hexadecimal.
    #[schema(value_type = String)]
    pub signature: Signature,
}

/// A browser that is to be told no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointBody {
    /// The URL at the browser's push service, which only that browser and this node know.
    pub endpoint: String,
}
