# Word 7 of 32 double SHA-256 hashes, as two interleaved streams, A and B, of 16 lanes.
#
# rdi: the schedules, 16 words of 64 bytes for A and as many for B. Word t is at t % 16.
#      Word 3 holds the nonces at the start; word 0 holds the result at the end.
# rdx: `Tables`. A constant is given by its place in it, counted in words: 0 to 63 are the round
#      constants, the others are named in `avx512.rs`.
# eax: 1 in the last sixteen rounds of the second hash.
#
# Stream A has its state in zmm0 to zmm7, B in zmm10 to zmm17. Macros are given the number that
# a state word has in A. Words move on by a round without an instruction: the next round names
# them otherwise. The rest is scratch: zmm8, 9, 18, 19 and 28 to 31 for A, zmm20 to 27 for B.
#
# Each round begins with what the next round waits for. The code is kept small, by
# subroutines, since more of it does not fit the cache of decoded instructions.

# x and y = rotated by r1 ^ rotated by r2 ^ shifted by r3, of word i in A and B.
.macro SIGMA x, y, i, r1, r2, r3, t1, t2, u1, u2
    vmovdqa32 \x, [rdi + 64*((\i)&15)]
    vmovdqa32 \y, [rdi + 1024 + 64*((\i)&15)]
    vprord \t1, \x, \r1
    vprord \u1, \y, \r1
    vprord \t2, \x, \r2
    vprord \u2, \y, \r2
    vpsrld \x, \x, \r3
    vpsrld \y, \y, \r3
    vpternlogd \x, \t1, \t2, 0x96
    vpternlogd \y, \u1, \u2, 0x96
.endm

# Word t = sigma0 of word s0 + sigma1 of word s1 + word p + word q + constant k, as far as they are
# given. It is stored, and left in zmm8 and zmm20.
.macro WORD t, s0, s1, p, q, k
  .ifnb \s0
    SIGMA zmm8, zmm20, \s0, 7, 18, 3, zmm18, zmm19, zmm22, zmm23
    .ifnb \s1
    SIGMA zmm9, zmm21, \s1, 17, 19, 10, zmm18, zmm19, zmm22, zmm23
    .endif
  .else
    .ifnb \s1
    SIGMA zmm8, zmm20, \s1, 17, 19, 10, zmm18, zmm19, zmm22, zmm23
    .endif
  .endif
  .ifnb \p
    .ifb \s0\s1
    vmovdqa32 zmm8, [rdi + 64*((\p)&15)]
    vmovdqa32 zmm20, [rdi + 1024 + 64*((\p)&15)]
    .else
    vpaddd zmm8, zmm8, [rdi + 64*((\p)&15)]
    vpaddd zmm20, zmm20, [rdi + 1024 + 64*((\p)&15)]
    .endif
  .endif
  .ifnb \q
    vpaddd zmm8, zmm8, [rdi + 64*((\q)&15)]
    vpaddd zmm20, zmm20, [rdi + 1024 + 64*((\q)&15)]
  .endif
  .ifnb \k
    vpaddd zmm8, zmm8, dword ptr [rdx + 4*(\k)]{1to16}
    vpaddd zmm20, zmm20, dword ptr [rdx + 4*(\k)]{1to16}
  .endif
  .ifnb \s0
    .ifnb \s1
    vpaddd zmm8, zmm8, zmm9
    vpaddd zmm20, zmm20, zmm21
    .endif
  .endif
    vmovdqa32 [rdi + 64*((\t)&15)], zmm8
    vmovdqa32 [rdi + 1024 + 64*((\t)&15)], zmm20
.endm

# e of the round's end, in d; h + sums of e in h.
.macro ROUND_E d, e, f, g, h
    vprord zmm18, zmm\e, 6
    vprord zmm22, zmm1\e, 6
    vprord zmm19, zmm\e, 11
    vprord zmm23, zmm1\e, 11
    vprord zmm28, zmm\e, 25
    vprord zmm24, zmm1\e, 25
    vmovdqa32 zmm29, zmm\e
    vmovdqa32 zmm25, zmm1\e
    vpternlogd zmm29, zmm\f, zmm\g, 0xca
    vpternlogd zmm25, zmm1\f, zmm1\g, 0xca
    vpternlogd zmm18, zmm19, zmm28, 0x96
    vpternlogd zmm22, zmm23, zmm24, 0x96
    vpaddd zmm\h, zmm\h, zmm29
    vpaddd zmm1\h, zmm1\h, zmm25
    vpaddd zmm\h, zmm\h, zmm18
    vpaddd zmm1\h, zmm1\h, zmm22
    vpaddd zmm\d, zmm\d, zmm\h
    vpaddd zmm1\d, zmm1\d, zmm1\h
.endm

# A round. h comes with the round's constant and word; a of the round's end is left in it.
.macro ROUND a, b, c, d, e, f, g, h
    ROUND_E \d, \e, \f, \g, \h
    vprord zmm9, zmm\a, 2
    vprord zmm21, zmm1\a, 2
    vprord zmm30, zmm\a, 13
    vprord zmm26, zmm1\a, 13
    vprord zmm31, zmm\a, 22
    vprord zmm27, zmm1\a, 22
    vpternlogd zmm9, zmm30, zmm31, 0x96
    vpternlogd zmm21, zmm26, zmm27, 0x96
    vmovdqa32 zmm30, zmm\a
    vmovdqa32 zmm26, zmm1\a
    vpternlogd zmm30, zmm\b, zmm\c, 0xe8
    vpternlogd zmm26, zmm1\b, zmm1\c, 0xe8
    vpaddd zmm9, zmm9, zmm30
    vpaddd zmm21, zmm21, zmm26
    vpaddd zmm\h, zmm\h, zmm9
    vpaddd zmm1\h, zmm1\h, zmm21
.endm

# h = constant i
.macro H_IS h, i
    vpbroadcastd zmm\h, dword ptr [rdx + 4*(\i)]
    vpbroadcastd zmm1\h, dword ptr [rdx + 4*(\i)]
.endm
# h += constant i
.macro H_ADD h, i
    vpaddd zmm\h, zmm\h, dword ptr [rdx + 4*(\i)]{1to16}
    vpaddd zmm1\h, zmm1\h, dword ptr [rdx + 4*(\i)]{1to16}
.endm
# h = word w
.macro H_LOAD h, w
    vmovdqa32 zmm\h, [rdi + 64*(\w)]
    vmovdqa32 zmm1\h, [rdi + 1024 + 64*(\w)]
.endm
# h += word w
.macro H_WORD h, w
    vpaddd zmm\h, zmm\h, [rdi + 64*(\w)]
    vpaddd zmm1\h, zmm1\h, [rdi + 1024 + 64*(\w)]
.endm
# h += the word that WORD left
.macro H_NEW h
    vpaddd zmm\h, zmm\h, zmm8
    vpaddd zmm1\h, zmm1\h, zmm20
.endm

# A round that makes its word from four before, t counted from rdx.
.macro GENERAL a, b, c, d, e, f, g, h, t
    H_ADD \h, \t
    WORD t=\t, s0=\t+1, s1=\t+14, p=\t, q=\t+9
    H_NEW \h
    ROUND \a, \b, \c, \d, \e, \f, \g, \h
.endm
# A round that makes its word from less, as WORD.
.macro PARTIAL a, b, c, d, e, f, g, h, t, s0, s1, p, q, k
    H_ADD \h, \t
    WORD t=\t, s0=\s0, s1=\s1, p=\p, q=\q, k=\k
    H_NEW \h
    ROUND \a, \b, \c, \d, \e, \f, \g, \h
.endm

# As GENERAL, for e alone.
.macro GENERAL_E d, e, f, g, h, t
    H_ADD \h, \t
    WORD t=\t, s0=\t+1, s1=\t+14, p=\t, q=\t+9
    H_NEW \h
    ROUND_E \d, \e, \f, \g, \h
.endm

    xor eax, eax
    # The first hash. Round 3 adds the nonce to what is known of a and e.
    H_LOAD 4, 3
    H_ADD 4, 64
    H_IS 5, 66
    H_IS 6, 67
    H_IS 7, 68
    H_LOAD 0, 3
    H_ADD 0, 65
    H_IS 1, 69
    H_IS 2, 70
    H_IS 3, 72
    ROUND 4,5,6,7,0,1,2,3
    H_IS 2, 73
    ROUND 3,4,5,6,7,0,1,2
    H_IS 1, 74
    ROUND 2,3,4,5,6,7,0,1
    H_ADD 0, 7
    ROUND 1,2,3,4,5,6,7,0
    H_ADD 7, 8
    ROUND 0,1,2,3,4,5,6,7
    call 24f
    H_ADD 0, 75
    ROUND 1,2,3,4,5,6,7,0
    H_ADD 7, 76
    ROUND 0,1,2,3,4,5,6,7
    H_ADD 6, 77
    ROUND 7,0,1,2,3,4,5,6
    PARTIAL 6,7,0,1,2,3,4,5, 18, s0=3, k=78
    PARTIAL 5,6,7,0,1,2,3,4, 19, p=3, k=79
    PARTIAL 4,5,6,7,0,1,2,3, 20, s1=18, k=80
    PARTIAL 3,4,5,6,7,0,1,2, 21, s1=19
    PARTIAL 2,3,4,5,6,7,0,1, 22, s1=20, k=81
    PARTIAL 1,2,3,4,5,6,7,0, 23, s1=21, k=82
    PARTIAL 0,1,2,3,4,5,6,7, 24, s1=22, k=83
    call 25f
    PARTIAL 2,3,4,5,6,7,0,1, 30, s1=28, p=23, k=84
    PARTIAL 1,2,3,4,5,6,7,0, 31, s1=29, p=24, k=85
    PARTIAL 0,1,2,3,4,5,6,7, 32, s1=30, p=25, k=86
    PARTIAL 7,0,1,2,3,4,5,6, 33, s1=31, s0=18, p=26, k=83
    add rdx, 128
    call 22f
    add rdx, 64
    call 20f
    sub rdx, 192
    # The first hash is the start of the second's schedule.
    .irp i,0,1,2,3,4,5,6,7
    vpaddd zmm\i, zmm\i, dword ptr [rdx + 4*(88+\i)]{1to16}
    vpaddd zmm1\i, zmm1\i, dword ptr [rdx + 4*(88+\i)]{1to16}
    vmovdqa32 [rdi + 64*\i], zmm\i
    vmovdqa32 [rdi + 1024 + 64*\i], zmm1\i
    .endr
    # Round 0 adds word 0 to what is known of a and e.
    vmovdqa32 zmm7, zmm0
    vmovdqa32 zmm17, zmm10
    H_ADD 7, 96
    vmovdqa32 zmm3, zmm0
    vmovdqa32 zmm13, zmm10
    H_ADD 3, 97
    H_IS 0, 98
    H_IS 1, 99
    H_IS 2, 100
    H_IS 4, 101
    H_IS 5, 102
    H_LOAD 6, 1
    H_ADD 6, 103
    ROUND 7,0,1,2,3,4,5,6
    H_LOAD 5, 2
    H_ADD 5, 104
    ROUND 6,7,0,1,2,3,4,5
    H_LOAD 4, 3
    H_ADD 4, 105
    ROUND 5,6,7,0,1,2,3,4
    H_ADD 3, 4
    H_WORD 3, 4
    ROUND 4,5,6,7,0,1,2,3
    H_ADD 2, 5
    H_WORD 2, 5
    ROUND 3,4,5,6,7,0,1,2
    H_ADD 1, 6
    H_WORD 1, 6
    ROUND 2,3,4,5,6,7,0,1
    H_ADD 0, 7
    H_WORD 0, 7
    ROUND 1,2,3,4,5,6,7,0
    H_ADD 7, 106
    ROUND 0,1,2,3,4,5,6,7
    call 24f
    H_ADD 0, 107
    ROUND 1,2,3,4,5,6,7,0
    PARTIAL 0,1,2,3,4,5,6,7, 16, s0=1, p=0
    PARTIAL 7,0,1,2,3,4,5,6, 17, s0=2, p=1, k=108
    PARTIAL 6,7,0,1,2,3,4,5, 18, s1=16, s0=3, p=2
    PARTIAL 5,6,7,0,1,2,3,4, 19, s1=17, s0=4, p=3
    PARTIAL 4,5,6,7,0,1,2,3, 20, s1=18, s0=5, p=4
    PARTIAL 3,4,5,6,7,0,1,2, 21, s1=19, s0=6, p=5
    PARTIAL 2,3,4,5,6,7,0,1, 22, s1=20, s0=7, p=6, k=109
    PARTIAL 1,2,3,4,5,6,7,0, 23, s1=21, p=16, q=7, k=110
    PARTIAL 0,1,2,3,4,5,6,7, 24, s1=22, p=17, k=80
    call 25f
    PARTIAL 2,3,4,5,6,7,0,1, 30, s1=28, p=23, k=111
    PARTIAL 1,2,3,4,5,6,7,0, 31, s1=29, s0=16, p=24, k=109
    add rdx, 128
    call 20f
    add rdx, 64
    dec eax
    jmp 20f
    # Rounds 9 to 14 of either hash.
24:
    H_ADD 6, 9
    ROUND 7,0,1,2,3,4,5,6
    H_ADD 5, 10
    ROUND 6,7,0,1,2,3,4,5
    H_ADD 4, 11
    ROUND 5,6,7,0,1,2,3,4
    H_ADD 3, 12
    ROUND 4,5,6,7,0,1,2,3
    H_ADD 2, 13
    ROUND 3,4,5,6,7,0,1,2
    H_ADD 1, 14
    ROUND 2,3,4,5,6,7,0,1
    ret
    # Rounds 25 to 29 of either hash.
25:
    PARTIAL 7,0,1,2,3,4,5,6, 25, s1=23, p=18
    PARTIAL 6,7,0,1,2,3,4,5, 26, s1=24, p=19
    PARTIAL 5,6,7,0,1,2,3,4, 27, s1=25, p=20
    PARTIAL 4,5,6,7,0,1,2,3, 28, s1=26, p=21
    PARTIAL 3,4,5,6,7,0,1,2, 29, s1=27, p=22
    ret
    # Sixteen rounds, or fourteen of them; up to round 60 if eax says so.
20:
    GENERAL 0,1,2,3,4,5,6,7, 0
    GENERAL 7,0,1,2,3,4,5,6, 1
22:
    GENERAL 6,7,0,1,2,3,4,5, 2
    GENERAL 5,6,7,0,1,2,3,4, 3
    GENERAL 4,5,6,7,0,1,2,3, 4
    GENERAL 3,4,5,6,7,0,1,2, 5
    GENERAL 2,3,4,5,6,7,0,1, 6
    GENERAL 1,2,3,4,5,6,7,0, 7
    GENERAL 0,1,2,3,4,5,6,7, 8
    test eax, eax
    jnz 28f
    GENERAL 7,0,1,2,3,4,5,6, 9
    GENERAL 6,7,0,1,2,3,4,5, 10
    GENERAL 5,6,7,0,1,2,3,4, 11
    GENERAL 4,5,6,7,0,1,2,3, 12
    GENERAL 3,4,5,6,7,0,1,2, 13
    GENERAL 2,3,4,5,6,7,0,1, 14
    GENERAL 1,2,3,4,5,6,7,0, 15
    ret
28:
    GENERAL_E 2,3,4,5,6, 9
    GENERAL_E 1,2,3,4,5, 10
    GENERAL_E 0,1,2,3,4, 11
    GENERAL_E 7,0,1,2,3, 12
    vmovdqa32 [rdi], zmm7
    vmovdqa32 [rdi+1024], zmm17
    vzeroupper
.purgem SIGMA
.purgem WORD
.purgem ROUND_E
.purgem ROUND
.purgem H_IS
.purgem H_ADD
.purgem H_LOAD
.purgem H_WORD
.purgem H_NEW
.purgem GENERAL
.purgem PARTIAL
.purgem GENERAL_E
