//! Proofs that validators cheated, as files.

use std::path::{Path, PathBuf};

use anyhow::bail;
use bolao_api::body::ProofsBody;
use bolao_node::Home;

use crate::{output, source, whole};

/// Why two histories may be proven here and to nobody else.
const ONLY_ON_DISK: &str = "this node's disk proves two histories, but a file cannot, because it cannot show who \
    voted then: keep a copy of the home, and compare with your friends";

/// Writes each proof that the node has into a file of its own.
pub(super) async fn run(directory: Option<&Path>, json: bool, home: &Home) -> anyhow::Result<()> {
    let source = source::open(home).await?;
    if json {
        return output::json(&source.get("/api/v1/validators/proofs").await?);
    }
    let body: ProofsBody = source.read("/api/v1/validators/proofs").await?;
    if body.items.is_empty() && body.only_on_disk {
        bail!("{ONLY_ON_DISK}");
    }
    if body.items.is_empty() {
        bail!("this node has no proof that a validator cheated");
    }
    let pool = home.genesis()?.pool_id();
    let mut bad = Vec::new();
    for (number, proof) in (1..).zip(&body.items) {
        let report = match proof.verify(pool) {
            Ok(report) => report,
            Err(error) => {
                bad.push(format!("proof {number}: {error}"));
                continue;
            }
        };
        let name = PathBuf::from(format!("proof-{number}.json"));
        let path = directory.map_or(name.clone(), |directory| directory.join(&name));
        whole::write(&path, format!("{}\n", proof.to_json()).as_bytes(), false)?;
        let shown = path.display().to_string();
        output::line!(
            "{} {}",
            output::bold(&shown),
            super::super::verify::proven(&report)
        )?;
    }
    if !bad.is_empty() {
        bail!(
            "not written, because they prove nothing: {}; the others are written",
            bad.join("; ")
        );
    }
    if body.only_on_disk {
        output::hint!("{ONLY_ON_DISK}");
    }
    output::line!("Anyone can check a proof: bolao verify FILE --pool {pool}")
}
