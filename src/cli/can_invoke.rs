//! The command that asks whether policies allow a call.

use std::io;
use std::path::PathBuf;

use bedrock_lint::access::Fault;
use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::can_invoke::{self, Files, InvokeError, InvokeRequest, Verdict};
use bedrock_lint::report::{invocation, printable};

use super::args::{CanInvokeArgs, ListFormat};
use super::terminal::{complain, print, stdout_style};
use super::{UNUSABLE, complain_of, given_catalogue, today};

/// The exit code of a call of which it is not known whether it is allowed.
const UNKNOWN: u8 = 4;

pub(super) fn run(arguments: &CanInvokeArgs) -> io::Result<u8> {
    let color = arguments.color.color;
    let Some(read) = given_catalogue(arguments.catalog.as_deref(), color) else { return Ok(UNUSABLE) };
    let catalogue = read.as_ref().unwrap_or_else(|| Catalogue::builtin());
    let given = match can_invoke::read(&files(arguments)) {
        Ok(given) => given,
        Err(problems) => {
            complain_of(&problems, color);
            return Ok(UNUSABLE);
        }
    };
    match can_invoke::can_invoke(&request(arguments), &given, catalogue) {
        Ok(answer) => {
            complain(&answer.notes.iter().map(|note| format!("warning: {}\n", printable(note))).collect::<String>());
            print(&match arguments.format {
                ListFormat::Human => invocation::human(&answer, stdout_style(color)),
                ListFormat::Json => invocation::json(&answer, catalogue),
            })?;
            Ok(match answer.decision {
                Verdict::Allowed => 0,
                Verdict::Denied => 1,
                Verdict::Unknown => UNKNOWN,
            })
        }
        Err(errors) => {
            complain(&errors.iter().map(told).collect::<String>());
            Ok(UNUSABLE)
        }
    }
}

fn files(arguments: &CanInvokeArgs) -> Files {
    let level = |level: &String| level.split(',').filter(|name| !name.is_empty()).map(PathBuf::from).collect();
    Files {
        policies: arguments.policies.clone(),
        scps: arguments.scps.iter().map(level).collect(),
        boundary: arguments.boundary.clone(),
        session: arguments.session.clone(),
        adapter: arguments.adapter.clone(),
        principal: arguments.role.clone(),
    }
}

fn request(arguments: &CanInvokeArgs) -> InvokeRequest {
    InvokeRequest {
        model: arguments.model.clone(),
        copies: arguments.copies.clone(),
        regions: arguments.regions.clone(),
        account: arguments.account.clone(),
        stream: arguments.stream,
        api_key: arguments.api_key.map(Into::into),
        principal: arguments.principal.clone(),
        context: arguments.context.clone(),
        as_of: arguments.as_of.unwrap_or_else(today),
    }
}

/// An error with its place, or with the option that mends it.
fn told(error: &InvokeError) -> String {
    let option = match error {
        InvokeError::NoModel | InvokeError::NothingCalled { .. } | InvokeError::OpenModel { .. } => " (`--model`)",
        InvokeError::OtherEndpoint { .. } => " (`--model`)",
        InvokeError::Target { error, .. } => match error.fault {
            Fault::NoRegion => " (`--region`)",
            Fault::CopiesUnknown => " (`--copies`)",
            _ => "",
        },
        InvokeError::WhichAccount { .. } => " (`--account`)",
        InvokeError::Contradiction { .. } => " (`--context`)",
        _ => "",
    };
    let place = error.at().map(|at| {
        let start = at.start();
        format!("{}:{}:{}: ", at.source.path(), start.line, start.column)
    });
    format!("error: {}{option}\n", printable(&format!("{}{error}", place.unwrap_or_default())))
}
