//! `bolao address`: where the pool's page is, as organisers have signed it.

use bolao_api::body::{Intent, OrganisersBody};
use bolao_ledger::PageAddress;
use bolao_node::Home;
use clap::Args;

use crate::{command::signing::SignArgs, exit::usage, output, source, votes::names};

/// Shows the address of the pool's page; signs it, so that every friend's page goes there and nowhere else
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "bolao address                              the address that organisers have signed\n\
        bolao address https://pool.example.org     signs one; for organisers"
)]
pub(crate) struct AddressArgs {
    #[arg(
        value_name = "ADDRESS",
        help = "The new address, such as https://pool.example.org; for organisers"
    )]
    address: Option<String>,
    #[command(flatten)]
    sign: SignArgs,
}

pub(crate) async fn run(args: AddressArgs, home: &Home) -> anyhow::Result<()> {
    match &args.address {
        None => show(args.sign.common.json, home).await,
        Some(address) => {
            let address = address
                .trim_end_matches('/')
                .parse::<PageAddress>()
                .map_err(|error| usage(format!("`{address}` is not an address: {error}")))?
                .to_string();
            let wish = Intent::Publish { address };
            args.sign.fulfil(home, &wish, "The signature").await
        }
    }
}

async fn show(json: bool, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    let body: OrganisersBody = source.read("/api/v1/organisers").await?;
    if json {
        return output::json(&serde_json::json!({
            "address": body.address,
            "waiting": body.addresses,
            "signatures_needed": body.address_signatures_needed,
        }));
    }
    output::line(match &body.address {
        Some(address) => format!("The pool's page is at {address}, as organisers have signed."),
        None => {
            "No organiser has signed where the pool's page is: `bolao address https://…` does so."
                .to_owned()
        }
    })?;
    for waiting in &body.addresses {
        output::line!(
            "Waiting: {}. Signed by {} of {}: {}.",
            waiting.address,
            waiting.signers.len(),
            body.address_signatures_needed,
            names(&waiting.signers)
        )?;
    }
    Ok(())
}
