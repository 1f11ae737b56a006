//! The description in forms that generators of clients know.
//!
//! - What is flattened into an object stands among the object's own fields, and an object that is one of several with fields of
//!   its own is one of several with all of them: `allOf` is taken for inheritance, or not at all.
//! - What has a name is named wherever it stands, so that it is one type.
//! - An object of which nothing is said may have any field.
//! - Texts of a fixed form have a `pattern`.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase as _;
use utoipa::openapi::{
    Ref, RefOr, Schema,
    schema::{AdditionalProperties, AnyOf, ArrayItems, Object, SchemaType, Type},
};

/// The forms that have names.
pub(super) type Named = BTreeMap<String, RefOr<Schema>>;

const ACCOUNT: &str = "^bolao1[02-9ac-hj-np-z]{58}$";
const HASH: &str = "^[0-9a-f]{64}$";
const DIGITS: &str = "^[0-9a-f]+$";

/// The forms of texts, by the names under which they stand everywhere.
const FORMS: [(&str, &str); 19] = [
    ("account", ACCOUNT),
    ("bits", "^[0-9a-f]{8}$"),
    ("commitment", HASH),
    ("common", HASH),
    ("cursor", DIGITS),
    ("extra_nonce", "^[0-9a-f]{32}$"),
    ("hash", HASH),
    ("key", HASH),
    ("merkle_root", HASH),
    ("miner", ACCOUNT),
    ("next_cursor", DIGITS),
    ("other_hash", HASH),
    ("pool", HASH),
    ("previous", HASH),
    ("raw", DIGITS),
    ("signature", "^[0-9a-f]{128}$"),
    ("target", HASH),
    ("ticket", ACCOUNT),
    ("work", DIGITS),
];

/// Says the form of a text, if its name has one.
pub(super) fn tell(name: &str, text: &mut Object) {
    let is_text = match &text.schema_type {
        SchemaType::Type(it) => *it == Type::String,
        SchemaType::Array(types) => types.contains(&Type::String),
        SchemaType::AnyValue => false,
    };
    let form = FORMS.iter().find(|(of, _)| *of == name);
    if let (true, None, Some((_, pattern))) = (is_text, &text.pattern, form) {
        text.pattern = Some((*pattern).to_owned());
    }
}

/// Whether a form has a name for the ledger's own use only, and stands in the name's place.
pub(super) fn is_bare(name: &str) -> bool {
    name.starts_with('_')
}

/// The name of a form elsewhere.
fn name_of(to: &Ref) -> &str {
    to.ref_location.rsplit('/').next().unwrap_or_default()
}

/// A text or number that may be missing, in one form.
fn optional(several: &[RefOr<Schema>]) -> Option<Object> {
    let [
        RefOr::T(Schema::Object(none)),
        RefOr::T(Schema::Object(some)),
    ] = several
    else {
        return None;
    };
    match &some.schema_type {
        SchemaType::Type(Type::Object) => None,
        SchemaType::Type(kind) if none.schema_type == SchemaType::Type(Type::Null) => {
            let mut optional = some.clone();
            optional.schema_type = SchemaType::Array(vec![kind.clone(), Type::Null]);
            Some(optional)
        }
        _ => None,
    }
}

/// Rewrites a form and those within it.
pub(super) fn visit(schema: &mut RefOr<Schema>, named: &Named) {
    if let RefOr::Ref(to) = schema
        && is_bare(name_of(to))
        && let Some(bare) = named.get(name_of(to))
    {
        *schema = bare.clone();
    }
    if matches!(schema, RefOr::T(Schema::AllOf(_))) {
        *schema = RefOr::T(whole(schema, named));
    }
    match schema {
        RefOr::T(Schema::Object(object)) => {
            let is_object = object.schema_type == SchemaType::Type(Type::Object);
            if is_object && object.properties.is_empty() && object.additional_properties.is_none() {
                let any = AdditionalProperties::FreeForm(true);
                object.additional_properties = Some(Box::new(any));
            }
            for (name, field) in &mut object.properties {
                visit(field, named);
                if let RefOr::T(Schema::Object(text)) = field {
                    tell(name, text);
                }
            }
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                name(items, named);
                visit(items, named);
            }
        }
        RefOr::T(Schema::OneOf(several)) => {
            several.items.iter_mut().for_each(|one| visit(one, named));
            if let Some(mut optional) = optional(&several.items) {
                optional.description = several.description.take();
                *schema = RefOr::T(Schema::Object(optional));
            }
        }
        _ => {}
    }
}

/// Gives the content of each variant of an enum a name of its own, the enum's and the variant's: a generator that comes by such
/// an enum twice would else make two types of one name.
pub(super) fn name_variants(named: &mut Named) {
    let mut contents = Named::new();
    for (of, schema) in named.iter_mut() {
        let RefOr::T(Schema::OneOf(several)) = schema else {
            continue;
        };
        for one in &mut several.items {
            let RefOr::T(Schema::Object(object)) = one else {
                continue;
            };
            for (variant, content) in &mut object.properties {
                if matches!(content, RefOr::T(Schema::Object(it)) if !it.properties.is_empty()) {
                    let name = format!("{of}{}", variant.to_upper_camel_case());
                    let to = Ref::from_schema_name(&name).into();
                    contents.insert(name, std::mem::replace(content, to));
                }
            }
        }
    }
    named.extend(contents);
}

/// Makes one of several forms any of them, where what has one form may fit another too.
pub(super) fn any(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::OneOf(several)) = schema {
        let mut any = AnyOf::new();
        any.items = std::mem::take(&mut several.items);
        any.description = several.description.take();
        *schema = RefOr::T(Schema::AnyOf(any));
    }
}

/// Puts the name of a form in its place, if it has one.
fn name(schema: &mut RefOr<Schema>, named: &Named) {
    let is_text = matches!(schema, RefOr::T(Schema::Object(it)) if it.properties.is_empty());
    if let (false, Some((name, _))) = (is_text, named.iter().find(|(_, it)| *it == schema)) {
        *schema = Ref::from_schema_name(name).into();
    }
}

/// A form without `allOf`.
fn whole(schema: &RefOr<Schema>, named: &Named) -> Schema {
    let inline = match schema {
        RefOr::Ref(to) => {
            return named
                .get(name_of(to))
                .map(|it| whole(it, named))
                .unwrap_or_default();
        }
        RefOr::T(inline) => inline,
    };
    let Schema::AllOf(all) = inline else {
        return inline.clone();
    };
    let parts = all.items.iter().map(|part| whole(part, named));
    let mut joined = parts
        .reduce(|one, other| join(one, other, named))
        .unwrap_or_default();
    match &mut joined {
        Schema::Object(it) => it.description.clone_from(&all.description),
        Schema::OneOf(it) => it.description.clone_from(&all.description),
        _ => {}
    }
    joined
}

fn join(one: Schema, other: Schema, named: &Named) -> Schema {
    match (one, other) {
        (Schema::Object(mut one), Schema::Object(other)) => {
            one.properties.extend(other.properties);
            one.required.extend(other.required);
            Schema::Object(one)
        }
        (Schema::OneOf(mut several), object) | (object, Schema::OneOf(mut several)) => {
            for one in &mut several.items {
                let described = whole(one, named);
                *one = join(described, object.clone(), named).into();
            }
            Schema::OneOf(several)
        }
        (one, _) => one,
    }
}
