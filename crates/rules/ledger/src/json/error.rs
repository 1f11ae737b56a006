use std::fmt;

use serde::{
    de,
    de::{Expected, Unexpected},
};

/// Why JSON could not be read.
// In a box: each result of reading is as short as that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError(Box<Wrong>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Wrong {
    /// The path of the place in the document, from within.
    place: Vec<String>,
    message: String,
}

impl JsonError {
    #[cold]
    pub(super) fn new(message: String) -> Self {
        let place = Vec::new();
        Self(Box::new(Wrong { place, message }))
    }

    #[cold]
    fn said(message: &dyn fmt::Display) -> Self {
        Self::new(message.to_string())
    }

    #[cold]
    pub(super) fn within(mut self, place: &dyn fmt::Display) -> Self {
        self.0.place.push(place.to_string());
        self
    }

    #[cold]
    pub(super) fn unwanted(got: &dyn fmt::Display, wanted: &dyn Expected) -> Self {
        Self::new(format!("got {got}, wanted {wanted}"))
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Wrong { place, message } = &*self.0;
        for (index, part) in place.iter().rev().enumerate() {
            f.write_str(if index == 0 { "" } else { "." })?;
            f.write_str(part)?;
        }
        f.write_str(if place.is_empty() { "" } else { ": " })?;
        f.write_str(message)
    }
}

impl std::error::Error for JsonError {}

impl de::Error for JsonError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::said(&message)
    }

    fn invalid_type(got: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        match got {
            Unexpected::Bool(got) => Self::unwanted(&got, wanted),
            Unexpected::Unsigned(got) => Self::unwanted(&got, wanted),
            Unexpected::Signed(got) => Self::unwanted(&got, wanted),
            Unexpected::Float(_) => Self::unwanted(&"a fraction", wanted),
            Unexpected::Str(got) => Self::unwanted(&format_args!("`{got}`"), wanted),
            Unexpected::Seq => Self::unwanted(&"a list", wanted),
            Unexpected::Map => Self::unwanted(&"an object", wanted),
            _ => Self::unwanted(&"nothing", wanted),
        }
    }

    fn invalid_value(got: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::invalid_type(got, wanted)
    }
}
