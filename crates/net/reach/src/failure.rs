//! The words for a connection that failed.

use std::{error::Error, iter};

use jiff::Timestamp;

/// The last cause of an error, which names what happened.
pub(crate) fn innermost(error: &(dyn Error + 'static)) -> String {
    let causes = iter::successors(Some(error), |&it| it.source());
    clock_words(causes.last().map_or_else(String::new, ToString::to_string))
}

/// The words about a connection that failed. Where a certificate is not good at this time, this machine's clock may be why.
pub(crate) fn clock_words(why: String) -> String {
    let of = if why.contains("not valid yet") {
        "begins later than now"
    } else if why.contains("certificate expired") {
        "has ended"
    } else {
        return why;
    };
    let now = Timestamp::now().strftime("%Y-%m-%d %H:%M UTC");
    format!(
        "its certificate {of} by this machine's clock, which says {now}: set the clock if that is wrong"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_is_named() {
        let expired =
            "invalid peer certificate: certificate expired: verification time 4102444800 (UNIX)";
        let early =
            "invalid peer certificate: certificate not valid yet: verification time 1 (UNIX)";
        for why in [expired, early] {
            let told = clock_words(why.to_owned());
            assert!(told.contains("this machine's clock, which says"), "{told}");
            assert!(!told.contains("invalid peer"), "{told}");
        }
        let other = "invalid peer certificate: UnknownIssuer".to_owned();
        assert_eq!(clock_words(other.clone()), other);
    }
}
