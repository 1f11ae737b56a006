//! Shapes of the values without fields, for the API's description. Their names begin with `_`: the description has each shape in the
//! place of its name.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, Ref, RefOr, Schema, SchemaFormat, Type},
};

use crate::{
    AccountId, Chips, Height, MatchCode, MatchNo, Name, Nonce, PageAddress, Points, Signature,
    Text, UnixSeconds, ValidatorKey,
};

fn plain(kind: Type) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(kind).build().into()
}

fn formatted(kind: Type, format: KnownFormat) -> RefOr<Schema> {
    let object = ObjectBuilder::new().schema_type(kind);
    object
        .format(Some(SchemaFormat::KnownFormat(format)))
        .build()
        .into()
}

fn number() -> RefOr<Schema> {
    let object = ObjectBuilder::new().schema_type(Type::Integer);
    let format = SchemaFormat::KnownFormat(KnownFormat::Int64);
    object.format(Some(format)).minimum(Some(0)).build().into()
}

macro_rules! shapes {
    ($([$($generic:tt)*] $type:ty, $name:literal, $shape:expr;)*) => {
        $(
            impl<$($generic)*> PartialSchema for $type {
                fn schema() -> RefOr<Schema> {
                    $shape
                }
            }

            impl<$($generic)*> ToSchema for $type {
                fn name() -> Cow<'static, str> {
                    Cow::Borrowed($name)
                }
            }
        )*
    };
}

shapes! {
    [] AccountId, "_AccountId", Ref::from_schema_name("PlayerRef").into();
    [] MatchNo, "_MatchNo", Ref::from_schema_name("MatchRef").into();
    [] UnixSeconds, "_UnixSeconds", formatted(Type::String, KnownFormat::DateTime);
    [] Chips, "_Chips", number();
    [] Height, "_Height", number();
    [] Nonce, "_Nonce", number();
    [] Points, "_Points", number();
    [] MatchCode, "_MatchCode", plain(Type::String);
    [] Name, "_Name", plain(Type::String);
    [] PageAddress, "_PageAddress", plain(Type::String);
    [] Signature, "_Signature", plain(Type::String);
    [] ValidatorKey, "_ValidatorKey", plain(Type::String);
    [const MOST: usize] Text<MOST>, "_Text", plain(Type::String);
}
