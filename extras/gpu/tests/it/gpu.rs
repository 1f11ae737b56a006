use std::{env, process::Command, sync::Arc, sync::mpsc, time::Duration};

use bolao_gpu::{Gpu, GpuError, devices};
use bolao_miner::{Miner, Options, Work};
use bolao_work::Job;

/// The first GPU; `None`, and a line that says why, where there is none. `make test-gpu` wants one.
pub(crate) fn gpu_here() -> Option<Gpu> {
    match Gpu::open(0) {
        Ok(gpu) => Some(gpu),
        Err(error) if env::var_os("BOLAO_GPU").is_some() => panic!("{error}"),
        Err(error) => {
            eprintln!("skipped, for there is no GPU: {error}");
            None
        }
    }
}

/// The driver is looked for when a program first asks, so this test asks in a process of its own
/// that knows no driver.
#[test]
fn without_a_driver_opening_is_an_error() {
    const CHILD: &str = "BOLAO_TEST_WITHOUT_DRIVER";
    if env::var_os(CHILD).is_some() {
        assert_eq!(devices(), []);
        let error = Gpu::open(0).unwrap_err();
        assert_eq!(error, GpuError::NoDevice);
        let text = error.to_string();
        assert!(text.starts_with("found no GPU, want one with a Vulkan driver: install "));
        eprintln!("asked without a driver");
        return;
    }
    let child = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "gpu::without_a_driver_opening_is_an_error",
            "--nocapture",
        ])
        .env(CHILD, "1")
        .env("VK_DRIVER_FILES", "/nowhere.json")
        .env("VK_ICD_FILENAMES", "/nowhere.json")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success(), "{child:?}");
    assert!(errors.contains("asked without a driver"), "{errors}");
}

fn job(target: [u8; 32]) -> Job {
    Job {
        coinbase_prefix: b"height and account".to_vec(),
        merkle_branch: vec![[5; 32]; 3],
        ..Job::new([0; 80], target)
    }
}

#[test]
fn a_miner_with_a_gpu_turns_to_new_work_and_solves_it() {
    let Some(gpu) = gpu_here() else { return };
    let (found, solutions) = mpsc::channel();
    let options = Options::default().with_kernel(Arc::new(gpu));
    let sink = Box::new(move |solution| found.send(solution).unwrap());
    let miner = Miner::start(options, *b"integrat", sink).unwrap();
    assert_eq!((miner.kernel(), miner.threads()), ("gpu", 2));
    let mut target = [0xff; 32];
    target[30..].fill(0);
    for round in 0..10 {
        miner.set_work(Work::new(2 * round, job([0; 32])));
        miner.set_work(Work::new(2 * round + 1, job(target)));
        let solution = solutions.recv().unwrap();
        assert_eq!(solution.work_id, 2 * round + 1);
        assert_eq!(solution.hash[30..], [0, 0]);
    }
    assert!(miner.hash_rate().total_hashes > 0);
    miner.stop();
}

#[test]
fn a_rate_is_measured() {
    let Some(gpu) = gpu_here() else { return };
    assert!(gpu.hashes_per_second(Duration::from_millis(50)).unwrap() > 0);
}
