//! The command that asks whether policies allow a call.

use std::io;
use std::path::PathBuf;

use bedrock_lint::access::Fault;
use bedrock_lint::bedrock::Catalogue;
use bedrock_lint::can_invoke::{self, Answer, Files, InvokeError, InvokeRequest, LiveInvoke, Verdict};
use bedrock_lint::live::{LiveOutcome, Who};
use bedrock_lint::report::{invocation, printable};

use super::args::{CanInvokeArgs, ListFormat, PrincipalArgs};
use super::terminal::{complain, print, stdout_style};
use super::{NOT_MADE, UNUSABLE, complain_of, given_catalogue, live, today};

/// The exit code of a call of which it is not known whether it is allowed.
const UNKNOWN: u8 = 4;

pub(super) fn run(arguments: &CanInvokeArgs) -> io::Result<u8> {
    if let Some(wrong) = contradiction(arguments) {
        complain(&format!("error: {wrong}\n"));
        return Ok(UNUSABLE);
    }
    let color = arguments.color.color;
    // before files are read: it may be all that is wanted
    let account = match live::account(&arguments.live)? {
        live::Asked::Nobody => None,
        live::Asked::Account(account) => Some(account),
        live::Asked::Done(code) => return Ok(code),
    };
    let Some(read) = given_catalogue(arguments.catalog.as_deref(), color) else { return Ok(UNUSABLE) };
    let catalogue = read.as_ref().unwrap_or_else(|| Catalogue::builtin());
    let given = match can_invoke::read(&files(arguments)) {
        Ok(given) => given,
        Err(problems) => {
            complain_of(&problems, color);
            return Ok(UNUSABLE);
        }
    };
    let request = request(arguments);
    let answered = match &account {
        None => can_invoke::can_invoke(&request, &given, catalogue).map(|answer| (Some(answer), None)),
        Some(account) => {
            let who = arguments.policies.is_empty().then(|| who(arguments));
            let asked = LiveInvoke { account: &**account, who: who.as_ref() };
            let answered = can_invoke::can_invoke_live(&request, given, catalogue, asked);
            answered.map(|answered| (answered.answer, Some(answered.outcome)))
        }
    };
    match answered {
        Ok((answer, outcome)) => tell(arguments, answer.as_ref(), outcome.as_ref(), catalogue),
        Err(errors) => {
            complain(&errors.iter().map(told).collect::<String>());
            Ok(UNUSABLE)
        }
    }
}

/// Prints an answer and what became of asking an account, and gives the exit code.
fn tell(
    arguments: &CanInvokeArgs,
    answer: Option<&Answer>,
    outcome: Option<&LiveOutcome>,
    catalogue: &Catalogue,
) -> io::Result<u8> {
    let color = arguments.color.color;
    if let Some(outcome) = outcome {
        live::tell(outcome, false, color);
    }
    if let Some(answer) = answer {
        let warning = |text: &str| format!("warning: {text}\n");
        complain(&answer.notes.iter().map(|note| warning(&printable(note))).collect::<String>());
        complain(&invocation::disputes(answer).iter().map(|dispute| warning(dispute)).collect::<String>());
        print(&match arguments.format {
            ListFormat::Human => invocation::human(answer, stdout_style(color)),
            ListFormat::Json => invocation::json(answer, catalogue, outcome),
        })?;
    }
    let not_made = outcome.is_some_and(|outcome| outcome.not_made.is_some());
    Ok(match answer.map(Answer::settled) {
        _ if not_made => NOT_MADE,
        None => NOT_MADE,
        Some(Verdict::Allowed) => 0,
        Some(Verdict::Denied) => 1,
        Some(Verdict::Unknown) => UNKNOWN,
    })
}

/// Options that contradict each other, as far as the parser cannot tell.
fn contradiction(arguments: &CanInvokeArgs) -> Option<&'static str> {
    if !arguments.policies.is_empty() || !arguments.live.live {
        return None;
    }
    if arguments.boundary.is_some() {
        return Some(
            "`--boundary` goes with `--policy`: without files, the permissions boundary is read from the account",
        );
    }
    if arguments.principal.is_some() {
        return Some(
            "`--principal` goes with `--policy`: without files, whoever `--role` or `--user` names calls, or else the \
             caller of AWS",
        );
    }
    None
}

fn who(arguments: &CanInvokeArgs) -> Who {
    live::who(&PrincipalArgs { role: arguments.role.clone(), user: arguments.user.clone() })
}

fn files(arguments: &CanInvokeArgs) -> Files {
    let level = |level: &String| level.split(',').filter(|name| !name.is_empty()).map(PathBuf::from).collect();
    Files {
        policies: arguments.policies.clone(),
        scps: arguments.scps.iter().map(level).collect(),
        boundary: arguments.boundary.clone(),
        session: arguments.session.clone(),
        adapter: arguments.adapter.clone(),
        // without files, it is one of the account
        principal: arguments.role.clone().filter(|_| !arguments.policies.is_empty()),
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
