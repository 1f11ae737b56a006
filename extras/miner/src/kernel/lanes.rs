//! The two hashes over lanes: the same steps on many nonces side by side, for whatever vector
//! has the operations. [`tables`](super::tables) says what each step leaves out.
//!
//! Hash word 7 is the top of the number that is compared to the target, so only that is
//! computed: it is `e` after round 60 of the second hash, and no `a` after round 56 reaches it.

use super::{sha256::K, tables::Tables};

/// A vector of 32-bit words.
///
/// A value proves that the CPU has the instructions on it, so [`splat`](Self::splat) asks for
/// another value.
pub(super) trait Lanes: Copy {
    /// `word` in every lane.
    fn splat(self, word: u32) -> Self;
    fn add(self, other: Self) -> Self;
    /// Rotates right by `RIGHT` bits, which is left by `LEFT = 32 - RIGHT`.
    fn rotate<const RIGHT: i32, const LEFT: i32>(self) -> Self;
    fn shift<const RIGHT: i32>(self) -> Self;
    fn xor(self, other: Self) -> Self;
    /// Bits of `yes` where `self` has ones, of `no` elsewhere.
    fn choose(self, yes: Self, no: Self) -> Self;
    fn majority(self, second: Self, third: Self) -> Self;
}

type State<L> = [L; 8];

#[inline(always)]
fn sigma0<L: Lanes>(word: L) -> L {
    let turned = word.rotate::<7, 25>().xor(word.rotate::<18, 14>());
    turned.xor(word.shift::<3>())
}

#[inline(always)]
fn sigma1<L: Lanes>(word: L) -> L {
    let turned = word.rotate::<17, 15>().xor(word.rotate::<19, 13>());
    turned.xor(word.shift::<10>())
}

#[inline(always)]
fn from_e<L: Lanes>(e: L, f: L, g: L) -> L {
    let turned = e.rotate::<6, 26>().xor(e.rotate::<11, 21>());
    turned.xor(e.rotate::<25, 7>()).add(e.choose(f, g))
}

/// A round; `hkw` is `h` with the round's constant and word added.
#[inline(always)]
fn round<L: Lanes>(state: State<L>, hkw: L) -> State<L> {
    let [a, b, c, d, e, f, g, _] = state;
    let t = hkw.add(from_e(e, f, g));
    let turned = a.rotate::<2, 30>().xor(a.rotate::<13, 19>());
    let from_a = turned.xor(a.rotate::<22, 10>()).add(a.majority(b, c));
    [t.add(from_a), a, b, c, d.add(t), e, f, g]
}

/// A round of which only `e` is wanted.
#[inline(always)]
fn round_for_e<L: Lanes>(state: State<L>, hkw: L) -> State<L> {
    let [a, b, c, d, e, f, g, _] = state;
    [a, a, b, c, d.add(hkw.add(from_e(e, f, g))), e, f, g]
}

/// Rounds whose constant and word are known.
macro_rules! known {
    ($state:ident, $($kw:expr),+) => {$(
        $state = round($state, $state[7].add($state[7].splat($kw)));
    )+};
}

/// Rounds whose word is already in the schedule.
macro_rules! given {
    ($state:ident, $w:ident, $($t:literal)+) => {$(
        let k = $w[$t].splat(K[$t]);
        $state = round($state, $state[7].add(k).add($w[$t]));
    )+};
}

/// A round whose word, made by `$word`, takes its place in the schedule.
macro_rules! with_word {
    ($state:ident, $w:ident, $t:literal, $word:expr) => {
        $w[$t & 15] = $word;
        let k = $w[$t & 15].splat(K[$t]);
        $state = round($state, $state[7].add(k).add($w[$t & 15]));
    };
}

macro_rules! next_word {
    ($w:ident, $t:literal) => {
        $w[$t & 15]
            .add(sigma0($w[($t + 1) & 15]))
            .add($w[($t + 9) & 15])
            .add(sigma1($w[($t + 14) & 15]))
    };
}

macro_rules! rounds {
    ($state:ident, $w:ident, $($t:literal)+) => {$(
        with_word!($state, $w, $t, next_word!($w, $t));
    )+};
}

/// Words 25 to 29 of either hash: the words fifteen and sixteen before are zero.
macro_rules! rounds_25_to_29 {
    ($state:ident, $w:ident) => {
        with_word!($state, $w, 25, sigma1($w[7]).add($w[2]));
        with_word!($state, $w, 26, sigma1($w[8]).add($w[3]));
        with_word!($state, $w, 27, sigma1($w[9]).add($w[4]));
        with_word!($state, $w, 28, sigma1($w[10]).add($w[5]));
        with_word!($state, $w, 29, sigma1($w[11]).add($w[6]));
    };
}

/// Word 7 of the double hashes of `tables`' header with these nonces: header bytes 76..80 read as
/// a big-endian word. The initial state's last word is not yet added.
#[inline(always)]
pub(super) fn double_hash<L: Lanes>(tables: &Tables, nonce: L) -> L {
    second(tables, first(tables, nonce))
}

#[inline(always)]
fn first<L: Lanes>(t: &Tables, nonce: L) -> State<L> {
    let splat = |word| nonce.splat(word);
    let [b, c, d] = t.first_bcd.map(splat);
    let [f, g, h] = t.first_fgh.map(splat);
    let a = nonce.add(splat(t.first_a));
    let e = nonce.add(splat(t.first_e));
    let mut s = [a, b, c, d, e, f, g, h];
    for hkw in t.first_hkw {
        s = round(s, splat(hkw));
    }
    known!(s, K[7], K[8], K[9], K[10], K[11], K[12], K[13], K[14]);
    known!(s, t.first_kw[0], t.first_kw[1], t.first_kw[2]);

    let mut w = [nonce; 16];
    with_word!(s, w, 18, sigma0(nonce).add(splat(t.first_w18)));
    with_word!(s, w, 19, nonce.add(splat(t.first_w19)));
    with_word!(s, w, 20, sigma1(w[2]).add(splat(t.end)));
    with_word!(s, w, 21, sigma1(w[3]));
    with_word!(s, w, 22, sigma1(w[4]).add(splat(t.header_bits)));
    with_word!(s, w, 23, sigma1(w[5]).add(splat(t.first_w16)));
    with_word!(s, w, 24, sigma1(w[6]).add(splat(t.first_w17)));
    rounds_25_to_29!(s, w);
    let [w30, w31, w32] = t.first_w30.map(splat);
    with_word!(s, w, 30, sigma1(w[12]).add(w[7]).add(w30));
    with_word!(s, w, 31, sigma1(w[13]).add(w[8]).add(w31));
    with_word!(s, w, 32, sigma1(w[14]).add(w[9]).add(w32));
    w[1] = splat(t.first_w17);
    rounds!(s, w, 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48);
    rounds!(s, w, 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63);

    for (word, start) in s.iter_mut().zip(t.midstate) {
        *word = word.add(splat(start));
    }
    s
}

#[inline(always)]
fn second<L: Lanes>(t: &Tables, hash: State<L>) -> L {
    let [w0, ..] = hash;
    let splat = |word| w0.splat(word);
    let mut w = [w0; 16];
    for (word, given) in w.iter_mut().zip(hash) {
        *word = given;
    }

    let [b, c, d, f, g] = t.second_bcdfg.map(splat);
    let a = w0.add(splat(t.second_a));
    let e = w0.add(splat(t.second_e));
    let mut s = [a, b, c, d, e, f, g, g];
    s = round(s, w[1].add(splat(t.second_hk[0])));
    s = round(s, w[2].add(splat(t.second_hk[1])));
    s = round(s, w[3].add(splat(t.second_hk[2])));
    given!(s, w, 4 5 6 7);
    known!(
        s,
        t.second_kw8,
        K[9],
        K[10],
        K[11],
        K[12],
        K[13],
        K[14],
        t.second_kw15
    );

    with_word!(s, w, 16, w[0].add(sigma0(w[1])));
    with_word!(s, w, 17, w[1].add(sigma0(w[2])).add(splat(t.second_w17)));
    with_word!(s, w, 18, w[2].add(sigma0(w[3])).add(sigma1(w[0])));
    with_word!(s, w, 19, w[3].add(sigma0(w[4])).add(sigma1(w[1])));
    with_word!(s, w, 20, w[4].add(sigma0(w[5])).add(sigma1(w[2])));
    with_word!(s, w, 21, w[5].add(sigma0(w[6])).add(sigma1(w[3])));
    let w22 = splat(t.digest_bits).add(sigma1(w[4]));
    with_word!(s, w, 22, w[6].add(sigma0(w[7])).add(w22));
    let w23 = splat(t.second_w23).add(sigma1(w[5]));
    with_word!(s, w, 23, w[7].add(w[0]).add(w23));
    with_word!(s, w, 24, splat(t.end).add(w[1]).add(sigma1(w[6])));
    rounds_25_to_29!(s, w);
    with_word!(s, w, 30, splat(t.second_w30).add(w[7]).add(sigma1(w[12])));
    let w31 = splat(t.digest_bits).add(sigma1(w[13]));
    with_word!(s, w, 31, w31.add(sigma0(w[0])).add(w[8]));
    rounds!(s, w, 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48);
    rounds!(s, w, 49 50 51 52 53 54 55 56);
    macro_rules! ending {
        ($($t:literal)+) => {$(
            w[$t & 15] = next_word!(w, $t);
            s = round_for_e(s, s[7].add(splat(K[$t])).add(w[$t & 15]));
        )+};
    }
    ending!(57 58 59 60);
    s[4]
}
