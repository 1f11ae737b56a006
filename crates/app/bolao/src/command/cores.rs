//! How mining uses the machine's cores: flags of every command that mines, and the list of kernels.

use bolao_miner::{HashRate, KernelInfo, Miner, Options, kernels};
use bolao_work::StartSearcher;
use clap::Args;
use comfy_table::{Cell, CellAlignment};
use serde_json::json;

use crate::{command::gpus, exit::usage, output};

/// Flags of every command that mines
#[derive(Args, Clone, Debug)]
pub(crate) struct CoreArgs {
    #[command(flatten)]
    of_cpu: Options,
    /// Hashes on a GPU: the first, or the one that `bolao miner --list` shows under this number
    #[arg(
        long,
        value_name = "N",
        num_args = 0..=1,
        default_missing_value = "0",
        conflicts_with_all = ["threads", "kernel", "pin"]
    )]
    gpu: Option<usize>,
}

impl CoreArgs {
    /// The flags as the miner takes them.
    pub(crate) fn options(&self) -> anyhow::Result<Options> {
        if let Some(index) = self.gpu {
            return gpus::options(index);
        }
        let options = self.of_cpu.clone();
        options.check().map_err(|error| usage(error.to_string()))?;
        Ok(options)
    }

    /// What searches for a node's blocks with these flags.
    pub(crate) fn searcher(&self) -> anyhow::Result<StartSearcher> {
        Ok(Miner::starter(self.options()?))
    }

    /// Prints every kernel of the program with its rate on this machine, and which one these flags choose.
    pub(crate) fn list(&self, as_json: bool) -> anyhow::Result<()> {
        // An unknown name is refused before anything is measured.
        let wanted = self.options()?;
        let kernels = kernels();
        let fastest = kernels
            .iter()
            .max_by_key(|info| info.hashes_per_second)
            .map(|info| info.name);
        let threads = wanted.thread_count();
        let chosen = wanted.kernel.map(|kernel| kernel.name()).or(fastest);
        let is_chosen = |info: &KernelInfo| Some(info.name) == chosen;
        if as_json {
            let kernels: Vec<_> = kernels
                .iter()
                .map(|info| {
                    json!({
                        "name": info.name,
                        "available": info.available,
                        "hashes_per_second": info.hashes_per_second,
                        "chosen": is_chosen(info),
                    })
                })
                .collect();
            let gpus = gpus::as_json(self.gpu);
            return output::json(&json!({ "threads": threads, "kernels": kernels, "gpus": gpus }));
        }
        let mut table = output::table(["Kernel", "One thread", ""]);
        for info in &kernels {
            let speed = info.hashes_per_second.map_or_else(
                || "this CPU lacks it".to_owned(),
                |hashes| HashRate::of(hashes).to_string(),
            );
            table.add_row(row(info.name, speed, is_chosen(info)));
        }
        for (name, speed, is_chosen) in gpus::rows(self.gpu) {
            let speed = speed.map(|hashes| format!("whole GPU: {}", HashRate::of(hashes)));
            table.add_row(row(&name, speed.unwrap_or_else(|error| error), is_chosen));
        }
        output::show(&table)?;
        output::hint!(
            "Measured for some milliseconds each; {} here.",
            output::count(threads, "thread mines", "threads mine")
        );
        Ok(())
    }
}

/// A kernel or a GPU in the list.
fn row(name: &str, speed: String, is_chosen: bool) -> [Cell; 3] {
    let speed = Cell::new(speed).set_alignment(CellAlignment::Right);
    if is_chosen {
        [output::good_cell(name), speed, Cell::new("chosen")]
    } else {
        [Cell::new(name), speed, Cell::new("")]
    }
}
