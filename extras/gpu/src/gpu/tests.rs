#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

use std::{
    ops::ControlFlow,
    sync::{Arc, mpsc},
};

use bolao_miner::{Miner, Options, Work, fastest};
use bolao_work::{Job, meets_target, sha256d};

use super::*;
use crate::{devices, source::PLACES};

/// The first GPU; `None`, and a line that says why, where there is none. `make test-gpu` wants one.
fn gpu_here() -> Option<Gpu> {
    match Gpu::open(0) {
        Ok(gpu) => Some(gpu),
        Err(error) if std::env::var_os("BOLAO_GPU").is_some() => panic!("{error}"),
        Err(error) => {
            eprintln!("skipped, for there is no GPU: {error}");
            None
        }
    }
}

fn plain(header: [u8; 80], target: [u8; 32], nonces: RangeInclusive<u32>) -> Vec<u32> {
    let mut header = header;
    nonces
        .filter(|nonce| {
            header[76..].copy_from_slice(&nonce.to_le_bytes());
            meets_target(&sha256d(&header), &target)
        })
        .collect()
}

fn all(gpu: &Gpu, header: &SearchHeader, nonces: RangeInclusive<u32>, room: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let rest = gpu.search.each(header, nonces, room, |hits| {
        found.extend(hits);
        ControlFlow::<()>::Continue(())
    });
    assert_eq!(rest, Ok(None));
    found
}

fn one_in(power: u32) -> [u8; 32] {
    let mut target = [0xff; 32];
    target[28..].copy_from_slice(&(u32::MAX >> power).to_le_bytes());
    target
}

#[test]
fn no_hit_is_lost_where_there_are_more_than_places() {
    let Some(gpu) = gpu_here() else { return };
    let bytes = [0x42; 80];
    for (power, nonces) in [
        (0, 0..=9_999),
        (0, u32::MAX - 9_999..=u32::MAX),
        (1, 70_000..=99_999),
        (4, 0..=199_999),
        (7, u32::MAX - 299_999..=u32::MAX),
    ] {
        let target = one_in(power);
        let header = SearchHeader::new(&bytes, target);
        let count = 5_000.max(PLACES << (power + 1));
        let hits = gpu
            .search
            .device
            .dispatch(&header, *nonces.start(), count)
            .unwrap();
        assert!(hits.count > PLACES, "{} hits", hits.count);
        assert_eq!(hits.nonces.len(), PLACES as usize);

        let wanted = plain(bytes, target, nonces.clone());
        let found = all(&gpu, &header, nonces.clone(), u32::MAX);
        assert!(found == wanted, "{} of {}", found.len(), wanted.len());
        assert_eq!(gpu.scan(&header, nonces), Ok(wanted.first().copied()));
    }
}

#[test]
fn a_dispatch_tells_what_it_was_asked_and_no_more() {
    let Some(gpu) = gpu_here() else { return };
    let header = SearchHeader::new(&[1; 80], [0xff; 32]);
    for (start, count) in [
        (0, 1),
        (5, source::GROUP - 1),
        (5, source::GROUP),
        (5, source::GROUP + 1),
        (u32::MAX, 1),
        (u32::MAX - 254, 255),
    ] {
        let mut hits = gpu.search.device.dispatch(&header, start, count).unwrap();
        hits.nonces.sort_unstable();
        let wanted: Vec<u32> = (start..=start + (count - 1)).collect();
        assert_eq!((hits.count, hits.nonces), (count, wanted));
    }
    let never = SearchHeader::new(&[1; 80], [0; 32]);
    assert_eq!(
        gpu.search
            .device
            .dispatch(&never, 0, 100_000)
            .unwrap()
            .count,
        0
    );
}

#[test]
fn rows_of_groups_follow_one_another() {
    let Some(gpu) = gpu_here() else { return };
    // More than a row, so the last lies in the second.
    let bytes = [0x24; 80];
    let count = source::ROW * source::GROUP + 1_000;
    let target = one_in(17);
    let mut hits = gpu
        .search
        .device
        .dispatch(&SearchHeader::new(&bytes, target), 77, count)
        .unwrap();
    hits.nonces.sort_unstable();
    assert_eq!(hits.nonces, plain(bytes, target, 77..=76 + count));
}

#[test]
fn threads_that_scan_at_the_same_time_do_not_mix_their_hits() {
    let Some(gpu) = gpu_here() else { return };
    thread::scope(|scope| {
        for thread in 0..4_u8 {
            let gpu = &gpu;
            scope.spawn(move || {
                let bytes = [thread; 80];
                let header = SearchHeader::new(&bytes, one_in(10));
                let wanted = plain(bytes, one_in(10), 0..=50_000);
                for _ in 0..5 {
                    assert_eq!(all(gpu, &header, 0..=50_000, 10_000), wanted);
                }
            });
        }
    });
    assert!(gpu.search.device.idle_buffers() <= 4);
}

#[test]
fn a_lost_device_stays_an_error() {
    let Some(gpu) = gpu_here() else { return };
    let header = SearchHeader::new(&[9; 80], one_in(12));
    assert!(gpu.scan(&header, 0..=100_000).unwrap().is_some());
    gpu.search.device.lose();
    let lost = Instant::now();
    let error = gpu.scan(&header, 0..=100_000).unwrap_err();
    assert!(lost.elapsed() < Duration::from_secs(2), "noticed late");
    let text = error.to_string();
    assert!(text.starts_with("could not use the GPU "), "{text}");
    assert!(text.ends_with("or mine with the CPU"), "{text}");
    assert_eq!(gpu.scan(&header, 0..=100_000), Err(error));
    assert!(gpu.hashes_per_second(Duration::from_millis(1)).is_err());
}

#[test]
fn a_miner_whose_device_is_lost_goes_on_with_every_core() {
    let Some(gpu) = gpu_here() else { return };
    let gpu = Arc::new(gpu);
    let (found, solutions) = mpsc::channel();
    let sink = Box::new(move |solution| found.send(solution).unwrap());
    let options = Options::default().with_kernel(gpu.clone());
    let cpu_threads = Options::default().thread_count();
    let miner = Miner::start(options, [1; 8], sink).unwrap();
    assert_eq!((miner.kernel(), miner.threads()), ("gpu", 2));
    let work = |id, target| Work::new(id, Job::new([0; 80], target));
    miner.set_work(work(1, one_in(12)));
    assert_eq!(solutions.recv().unwrap().work_id, 1);
    miner.set_work(work(2, [0; 32]));
    gpu.search.device.lose();
    while miner.kernel() == "gpu" {
        thread::yield_now();
    }
    assert_eq!(miner.kernel(), fastest().name());
    assert_eq!(miner.threads(), cpu_threads.max(2));
    miner.set_work(work(3, one_in(12)));
    assert_eq!(solutions.recv().unwrap().work_id, 3);
}

#[test]
fn an_unknown_index_is_answered_with_the_known_ones() {
    let devices = devices();
    let got = devices.len();
    let wanted = match got.checked_sub(1) {
        None => GpuError::NoDevice,
        Some(last) => GpuError::NoSuchDevice { got, last },
    };
    assert_eq!(Gpu::open(got).unwrap_err(), wanted);
    assert!(devices.iter().map(|info| info.index).eq(0..got));
}
