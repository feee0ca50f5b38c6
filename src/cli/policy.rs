//! The command that writes policies.

use std::io;

use bedrock_lint::access::Fault;
use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::policy::{self, PolicyError, PolicyRequest};
use bedrock_lint::report::printable;

use super::args::{Color, PolicyArgs};
use super::terminal::{complain, print};
use super::{UNUSABLE, given_catalogue, today};

pub(super) fn run(arguments: &PolicyArgs) -> io::Result<u8> {
    let Some(read) = given_catalogue(arguments.catalog.as_deref(), Color::Auto) else { return Ok(UNUSABLE) };
    let catalogue = read.as_ref().unwrap_or_else(|| Catalogue::builtin());
    let written = policy::write(&request(arguments), catalogue);
    let rendered = written.and_then(|written| match policy::render(&written, arguments.format.into()) {
        Ok(text) => Ok((text, written.warnings)),
        Err(error) => Err(vec![error]),
    });
    match rendered {
        Ok((text, warnings)) => {
            complain(&warnings.iter().map(|warning| format!("warning: {}\n", printable(warning))).collect::<String>());
            print(&text)?;
            Ok(0)
        }
        Err(errors) => {
            complain(&errors.iter().map(told).collect::<String>());
            Ok(UNUSABLE)
        }
    }
}

fn request(arguments: &PolicyArgs) -> PolicyRequest {
    PolicyRequest {
        models: arguments.models.clone(),
        copies: arguments.copies.clone(),
        regions: arguments.regions.clone(),
        account: arguments.account.clone(),
        stream: arguments.stream,
        api_key: arguments.api_key,
        marketplace: arguments.marketplace,
        tight: arguments.tight,
        kind: arguments.kind.into(),
        as_of: arguments.as_of.unwrap_or_else(today),
    }
}

/// An error with the option that mends it.
fn told(error: &PolicyError) -> String {
    let option = match error {
        PolicyError::Target(error) => match error.fault {
            Fault::NoRegion => " (`--region`)",
            Fault::CopiesUnknown => " (`--copies`)",
            _ => "",
        },
        PolicyError::NoRegions => " (`--region`)",
        PolicyError::NoAccount { .. } => " (`--account`, `--format`)",
        PolicyError::TightScp => " (`--tight`)",
        _ => "",
    };
    format!("error: {}{option}\n", printable(&error.to_string()))
}
