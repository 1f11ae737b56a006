//! Mining on GPUs, in programs that are built for it.

#[cfg(not(feature = "gpu"))]
pub(crate) use without::{as_json, options, rows};

#[cfg(feature = "gpu")]
pub(crate) use with::{as_json, options, rows};

#[cfg(not(feature = "gpu"))]
mod without {
    use bolao_miner::Options;
    use serde_json::Value;

    use crate::exit::usage;

    pub(crate) fn options(_: usize) -> anyhow::Result<Options> {
        Err(usage(
            "--gpu: this program was built without GPU support; build it with `cargo build --release -p bolao \
            --features gpu`, or leave --gpu out",
        ))
    }

    /// Null: nobody looked.
    pub(crate) fn as_json(_: Option<usize>) -> Value {
        Value::Null
    }

    pub(crate) const fn rows(_: Option<usize>) -> [(String, Result<u64, String>, bool); 0] {
        []
    }
}

#[cfg(feature = "gpu")]
mod with {
    use std::{sync::Arc, time::Duration};

    use bolao_gpu::{DeviceInfo, Gpu, GpuError, devices};
    use bolao_miner::Options;
    use serde_json::{Value, json};

    use crate::exit::usage;

    /// The time for which each is measured for the list.
    const MEASURED: Duration = Duration::from_millis(300);

    /// To mine with the GPU of that number.
    pub(crate) fn options(index: usize) -> anyhow::Result<Options> {
        let gpu = Gpu::open(index).map_err(|error| match error {
            GpuError::NoSuchDevice { .. } => {
                usage(format!("--gpu: {error}; `bolao miner --list` shows them"))
            }
            other => other.into(),
        })?;
        let info = gpu.info();
        tracing::info!(name = %info.name, kind = %info.kind, driver = %info.driver, "opened the GPU");
        Ok(Options::default().with_kernel(Arc::new(gpu)))
    }

    fn measured() -> impl Iterator<Item = (DeviceInfo, Result<u64, GpuError>)> {
        devices().into_iter().map(|info| {
            let gpu = Gpu::open(info.index);
            (info, gpu.and_then(|gpu| gpu.hashes_per_second(MEASURED)))
        })
    }

    /// Every GPU with its rate on this machine.
    pub(crate) fn as_json(chosen: Option<usize>) -> Value {
        let gpus = measured().map(|(info, speed)| {
            json!({
                "index": info.index,
                "name": info.name,
                "kind": info.kind.to_string(),
                "driver": info.driver,
                "available": speed.is_ok(),
                "hashes_per_second": speed.ok(),
                "chosen": Some(info.index) == chosen,
            })
        });
        gpus.collect()
    }

    /// The name of each GPU, its rate or why it has none, and whether it is the chosen one.
    pub(crate) fn rows(
        chosen: Option<usize>,
    ) -> impl Iterator<Item = (String, Result<u64, String>, bool)> {
        measured().map(move |(info, speed)| {
            let name = format!("GPU {}: {} ({})", info.index, info.name, info.kind);
            let speed = speed.map_err(|error| error.to_string());
            (name, speed, Some(info.index) == chosen)
        })
    }
}
