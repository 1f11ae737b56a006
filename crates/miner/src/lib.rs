//! SHA-256d search over 80-byte headers on many threads.
