//! Two streams of sixteen lanes by AVX-512, in assembly.
//!
//! One stream is bound by the latency of its rounds: each waits for the one before, and an
//! instruction takes two cycles on Zen 5. Two streams fill the gaps, but their states and schedules
//! are 48 vectors and there are 32 registers, and compilers spill those that the rounds need. So
//! `avx512.s` keeps both states in registers and both schedules in the first-level cache, from
//! where most words are operands of an addition, and interleaves the streams by hand.
#![allow(unsafe_code)]

use std::{arch::asm, mem::offset_of, ops::RangeInclusive};

use super::{
    SearchHeader,
    batches::{self, Batch},
    cpu::CpuKernel,
    tables::Tables,
};

const LANES: usize = 32;

/// Gives the kernel, where the CPU has AVX-512 F and BW.
pub(super) fn kernel() -> Option<CpuKernel> {
    let detected = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
    detected.then(|| {
        // SAFETY: the CPU has all that `scan` enables.
        unsafe { CpuKernel::new("avx512", 8_192, scan) }
    })
}

#[target_feature(enable = "avx512f,avx512bw")]
fn scan(header: &SearchHeader, nonces: RangeInclusive<u32>) -> Option<u32> {
    let tables = Tables::new(header);
    let mut schedule = Schedule([[[0; 16]; 16]; 2]);
    batches::scan(header, nonces, |batch: &mut Batch<LANES>| {
        for (words, stream) in batch.0.as_chunks().0.iter().zip(&mut schedule.0) {
            stream[3] = *words;
        }
        double_hash(&tables, &mut schedule);
        for (words, stream) in batch.0.as_chunks_mut().0.iter_mut().zip(&schedule.0) {
            *words = stream[0];
        }
    })
}

/// Of each stream the last sixteen schedule words, word `t` at `t % 16`, of each lane.
#[repr(C, align(64))]
struct Schedule([[[u32; 16]; 16]; 2]);

/// The place of a field of [`Tables`] in words, as the assembly counts.
macro_rules! assert_places {
    ($($field:ident: $place:literal),+ $(,)?) => {
        const _: () = { $( assert!(offset_of!(Tables, $field) == 4 * $place); )+ };
    };
}

assert_places! {
    k: 0,
    first_a: 64, first_e: 65, first_bcd: 66, first_fgh: 69, first_hkw: 72, first_kw: 75,
    first_w18: 78, first_w19: 79, end: 80, header_bits: 81, first_w16: 82, first_w17: 83,
    first_w30: 84, midstate: 88,
    second_a: 96, second_e: 97, second_bcdfg: 98, second_hk: 103,
    second_kw8: 106, second_kw15: 107, second_w17: 108, digest_bits: 109, second_w23: 110,
    second_w30: 111,
}

/// Takes the nonces from word 3 of both streams and leaves word 7 of the double hashes, the
/// initial state not yet added, in word 0.
#[target_feature(enable = "avx512f")]
#[inline(never)]
fn double_hash(tables: &Tables, schedule: &mut Schedule) {
    // SAFETY: the assembly reads the words of `tables`, whose places are asserted above, and
    // reads and writes the 2 KiB of `schedule`; both are aligned to 64 bytes. It calls its own
    // subroutine and returns from it, so it uses 8 bytes of stack, which is not promised away. It
    // restores no register: all that it changes are named here.
    unsafe {
        asm!(
            include_str!("avx512.s"),
            inout("rdi") schedule => _,
            inout("rdx") tables => _,
            out("eax") _,
            out("zmm0") _, out("zmm1") _, out("zmm2") _, out("zmm3") _,
            out("zmm4") _, out("zmm5") _, out("zmm6") _, out("zmm7") _,
            out("zmm8") _, out("zmm9") _, out("zmm10") _, out("zmm11") _,
            out("zmm12") _, out("zmm13") _, out("zmm14") _, out("zmm15") _,
            out("zmm16") _, out("zmm17") _, out("zmm18") _, out("zmm19") _,
            out("zmm20") _, out("zmm21") _, out("zmm22") _, out("zmm23") _,
            out("zmm24") _, out("zmm25") _, out("zmm26") _, out("zmm27") _,
            out("zmm28") _, out("zmm29") _, out("zmm30") _, out("zmm31") _,
            options(raw),
        );
    }
}
