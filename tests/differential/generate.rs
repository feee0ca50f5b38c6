//! Random but meaningful cases: policies about Amazon Bedrock that often meet the request, and narrowly miss it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::case::Case;
use super::dice::Dice;
use super::keys::{Key, Kind, OPERATORS, UNIVERSE};

const ACCOUNTS: [&str; 2] = ["111122223333", "444455556666"];
const REGIONS: [&str; 4] = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1"];
const MODELS: [&str; 3] =
    ["anthropic.claude-haiku-4-5-20251001-v1:0", "anthropic.claude-sonnet-4-6", "amazon.nova-lite-v1:0"];
const PREFIXES: [&str; 3] = ["us.", "eu.", "global."];

/// What a layer is made for: how often its statements are about everything, and how often they deny.
#[derive(Clone, Copy)]
struct Layer {
    broad: usize,
    deny: usize,
    on_resource: bool,
}

const IDENTITY: Layer = Layer { broad: 15, deny: 18, on_resource: false };
const CEILING: Layer = Layer { broad: 55, deny: 35, on_resource: false };
const ON_RESOURCE: Layer = Layer { broad: 30, deny: 20, on_resource: true };

/// The case of that number.
pub fn case(seed: u64, number: u64) -> Case {
    let dice = &mut Dice::new(seed, number);
    let action = dice.weigh(&[
        (8, "bedrock:InvokeModel"),
        (4, "bedrock:InvokeModelWithResponseStream"),
        (3, "bedrock:ApplyGuardrail"),
        (2, "bedrock:GetInferenceProfile"),
        (1, "bedrock:CallWithBearerToken"),
        (1, "bedrock:ListFoundationModels"),
    ]);
    let resource = match action {
        "bedrock:ApplyGuardrail" => guardrail(dice),
        "bedrock:GetInferenceProfile" => profile(dice),
        "bedrock:CallWithBearerToken" | "bedrock:ListFoundationModels" => "*".to_owned(),
        _ if dice.percent(50) => model(dice),
        _ => profile(dice),
    };
    let mut case = Case {
        principal: "arn:aws:sts::111122223333:assumed-role/app/session".to_owned(),
        account: "111122223333".to_owned(),
        action: action.to_owned(),
        resource,
        context: context(dice, action.starts_with("bedrock:Invoke")),
        scps: Vec::new(),
        on_resource: None,
        identity: Vec::new(),
        boundary: None,
        session: None,
    };
    case.scps = dice.times(0, 2, |dice| {
        let mut level = dice.times(1, 2, |dice| policy(dice, &case, CEILING));
        if dice.percent(40) {
            let all = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
            level.push(json!({ "Version": "2012-10-17", "Statement": [all] }));
        }
        level
    });
    case.identity = dice.times(1, 4, |dice| policy(dice, &case, IDENTITY));
    case.boundary = dice.percent(35).then(|| policy(dice, &case, CEILING));
    if action == "bedrock:ApplyGuardrail" && dice.percent(50) {
        case.on_resource = Some(policy(dice, &case, ON_RESOURCE));
    } else if dice.percent(30) {
        // not both: see how the driver asks for session policies
        case.session = Some(policy(dice, &case, CEILING));
    }
    case
}

/// What a request holds. The keys of Amazon Bedrock belong to invocations.
fn context(dice: &mut Dice, invokes: bool) -> BTreeMap<String, Value> {
    let mut context = BTreeMap::new();
    for key in UNIVERSE {
        if !dice.percent(if key.name.starts_with("aws:") || invokes { 65 } else { 5 }) {
            continue;
        }
        let held = if key.several {
            let mut values: Vec<&str> = key.values.iter().copied().filter(|_| dice.percent(50)).collect();
            if values.is_empty() {
                values.push(dice.pick(key.values));
            }
            json!(values)
        } else {
            json!(dice.pick(key.values))
        };
        context.insert(key.name.to_owned(), held);
    }
    context
}

fn model(dice: &mut Dice) -> String {
    let region = if dice.percent(15) { "" } else { dice.pick(&REGIONS) };
    format!("arn:aws:bedrock:{region}::foundation-model/{}", dice.pick(&MODELS))
}

fn profile(dice: &mut Dice) -> String {
    let (region, account) = (dice.pick(&REGIONS), dice.pick(&ACCOUNTS));
    if dice.percent(25) {
        return format!("arn:aws:bedrock:{region}:{account}:application-inference-profile/a1b2c3d4e5f6");
    }
    let (prefix, id) = (dice.pick(&PREFIXES), dice.pick(&MODELS));
    format!("arn:aws:bedrock:{region}:{account}:inference-profile/{prefix}{id}")
}

fn guardrail(dice: &mut Dice) -> String {
    format!("arn:aws:bedrock:{}:111122223333:guardrail/{}", dice.pick(&REGIONS), dice.pick(&["gr1abc", "gr2def"]))
}

fn policy(dice: &mut Dice, case: &Case, layer: Layer) -> Value {
    let statements = dice.times(1, 3, |dice| statement(dice, case, layer));
    let version = if dice.percent(85) { "2012-10-17" } else { "2008-10-17" };
    json!({ "Version": version, "Statement": statements })
}

fn statement(dice: &mut Dice, case: &Case, layer: Layer) -> Value {
    let denies = dice.percent(layer.deny);
    let mut statement = Map::new();
    statement.insert("Effect".to_owned(), json!(if denies { "Deny" } else { "Allow" }));
    if layer.on_resource {
        let principal = dice.weigh(&[
            (5, r#""*""#),
            (3, r#"{"AWS":"*"}"#),
            (2, r#"{"AWS":"arn:aws:iam::111122223333:root"}"#),
            (1, r#"{"AWS":["111122223333","*"]}"#),
            (1, r#"{"AWS":"444455556666"}"#),
            (1, r#"{"Service":"bedrock.amazonaws.com"}"#),
        ]);
        statement.insert("Principal".to_owned(), serde_json::from_str(principal).unwrap());
    }
    let broad = !denies && dice.percent(layer.broad);
    let actions = list(dice, 3, |dice| action(dice, case, broad));
    let negated = dice.percent(if broad { 5 } else { 12 });
    statement.insert(if negated { "NotAction" } else { "Action" }.to_owned(), actions);
    let resources = list(dice, 3, |dice| if broad { "*".to_owned() } else { resource(dice, case) });
    let negated = dice.percent(if broad { 2 } else { 15 });
    statement.insert(if negated { "NotResource" } else { "Resource" }.to_owned(), resources);
    if dice.percent(if denies { 60 } else { 40 }) {
        statement.insert("Condition".to_owned(), conditions(dice, case));
    }
    Value::Object(statement)
}

/// A single string, or a list of at most `most`.
fn list(dice: &mut Dice, most: usize, mut make: impl FnMut(&mut Dice) -> String) -> Value {
    if dice.percent(30) { json!(make(dice)) } else { json!(dice.times(1, most, make)) }
}

fn action(dice: &mut Dice, case: &Case, broad: bool) -> String {
    if broad && dice.percent(80) {
        return dice.pick(&["*", "bedrock:*", "Bedrock:*"]).to_owned();
    }
    let mut name = match dice.below(10) {
        0 => return dice.pick(&["s3:*", "iam:PassRole", "bedrock-mantle:*", "*"]).to_owned(),
        1 => "bedrock:InvokeModel".to_owned(),
        2 => "bedrock:InvokeModel*".to_owned(),
        _ => case.action.clone(),
    };
    match dice.below(8) {
        0 => name = name.to_lowercase(),
        // a service is written out
        1 => {
            let (service, rest) = name.split_once(':').unwrap();
            name = format!("{service}:{}", wildcards(dice, rest));
        }
        2 => name = name.to_uppercase(),
        _ => {}
    }
    name
}

/// The resource of the case or another, with wildcards, variables or a near miss, in every form that AWS describes.
fn resource(dice: &mut Dice, case: &Case) -> String {
    if dice.percent(12) {
        return "*".to_owned();
    }
    let arn = if dice.percent(65) && case.resource != "*" {
        case.resource.clone()
    } else {
        match dice.below(3) {
            0 => model(dice),
            1 => profile(dice),
            _ => guardrail(dice),
        }
    };
    let [_, _, _, region, account, named] = arn.splitn(6, ':').collect::<Vec<_>>().try_into().unwrap();
    let partition = dice.weigh(&[(30, "aws"), (1, "aws-us-gov"), (1, "*")]);
    let service = dice.weigh(&[(30, "bedrock"), (1, "bedrock-mantle")]);
    let region = match dice.below(12) {
        0 | 1 => "*".to_owned(),
        2 if !region.is_empty() => wildcards(dice, region),
        3 => dice.pick(&REGIONS).to_owned(),
        _ => region.to_owned(),
    };
    let account = match dice.below(16) {
        0 | 1 => "*".to_owned(),
        2 if !account.is_empty() => wildcards(dice, account),
        // a foundation model has none
        3 => dice.pick(&ACCOUNTS).to_owned(),
        _ => account.to_owned(),
    };
    // AWS knows no wildcards in the type
    let (kind, id) = named.split_once('/').unwrap();
    let named = match dice.below(16) {
        0 => "*".to_owned(),
        1 => format!("{kind}/*"),
        2 | 3 => format!("{kind}/{}", wildcards(dice, id)),
        4 => format!("{kind}/{}", variable(dice, id)),
        5 => {
            let (start, end) = id.split_at(id.len() - 3);
            format!("{kind}/{start}{}", variable(dice, end))
        }
        6 => format!("{}/{id}", dice.pick(&["inference-profile", "application-inference-profile", "foundation-model"])),
        _ => named.to_owned(),
    };
    let start = format!("arn:{partition}:{service}");
    match dice.below(40) {
        // incomplete: the missing fields may be anything
        0 => start,
        1 => format!("{start}:{region}"),
        2 => format!("{start}:{region}:{}", dice.pick(&ACCOUNTS)),
        // a `*` at the end of a field reaches beyond the colon
        3 => format!("{start}:*"),
        4 => format!("{start}:{region}:*"),
        5 if !named.contains('$') => format!("{start}:*:{named}"),
        _ => format!("{start}:{region}:{account}:{named}"),
    }
}

/// The text with one of its parts made a wildcard, and perhaps one character added or lost.
fn wildcards(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..=dice.below(2) {
        let at = dice.below(letters.len() + 1);
        let end = (at + dice.below(4)).min(letters.len());
        match dice.below(6) {
            0 => letters.insert(at, '*'),
            1 if at < letters.len() => letters.splice(at..=at, ['?']).for_each(drop),
            2 => letters.insert(at, '?'),
            3 => letters.truncate(at),
            _ => letters.splice(at..end, ['*']).for_each(drop),
        }
    }
    letters.into_iter().collect()
}

/// A policy variable in the place of `text`, for which it may stand.
fn variable(dice: &mut Dice, text: &str) -> String {
    let plain = "${aws:PrincipalTag/team}";
    let variable = dice.weigh(&[
        (6, plain),
        (3, "${aws:username}"),
        (2, "${aws:username, 'anonymous'}"),
        (3, "${aws:PrincipalTag/team, 'TEXT'}"),
        (3, "${aws:username, 'TEXT'}"),
        (1, "${AWS:Username}"),
        (1, "${aws:RequestedRegion}"),
        (1, "${*}"),
        (1, "${?}"),
        (1, "${$}"),
    ]);
    variable.replace("TEXT", text)
}

fn conditions(dice: &mut Dice, case: &Case) -> Value {
    let mut block = Map::new();
    for _ in 0..=dice.below(2) {
        let key = dice.pick(UNIVERSE);
        let operator = operator(dice, &key);
        let mut name = key.name.to_owned();
        if dice.percent(8) {
            name = name.to_uppercase();
        }
        let values = values(dice, case, &key, &operator);
        let under = block.entry(operator).or_insert_with(|| json!({}));
        under.as_object_mut().unwrap().insert(name, values);
    }
    Value::Object(block)
}

fn operator(dice: &mut Dice, key: &Key) -> String {
    if dice.percent(8) {
        return "Null".to_owned();
    }
    let kind = if key.kind == Kind::Arn && dice.percent(20) { Kind::Text } else { key.kind };
    let (_, bases) = OPERATORS.iter().find(|(of, _)| *of == kind).unwrap();
    let base = dice.pick(bases);
    let quantified = key.several || dice.percent(12);
    let quantifier = if quantified { dice.pick(&["ForAllValues:", "ForAnyValue:"]) } else { "" };
    let suffix = if dice.percent(18) { "IfExists" } else { "" };
    format!("{quantifier}{base}{suffix}")
}

fn values(dice: &mut Dice, case: &Case, key: &Key, operator: &str) -> Value {
    if operator == "Null" {
        return dice.weigh(&[(4, r#""true""#), (4, r#""false""#), (1, "true"), (1, "false")]).parse().unwrap();
    }
    let mut written = dice.times(1, 3, |dice| value(dice, case, key, operator));
    if written.len() == 1 && dice.percent(50) { written.remove(0) } else { Value::Array(written) }
}

fn value(dice: &mut Dice, case: &Case, key: &Key, operator: &str) -> Value {
    let held = match case.context.get(key.name) {
        Some(Value::Array(values)) => values.first().and_then(Value::as_str),
        held => held.and_then(Value::as_str),
    };
    let known = held.filter(|_| dice.percent(35)).unwrap_or_else(|| dice.pick(key.values));
    let text = match key.kind {
        Kind::Number => dice.pick(&["0", "300", "299", "300.0", "3600", "-1", known]),
        Kind::Date => dice.pick(&[
            "2026-06-01T00:00:00Z",
            "2026-06-01",
            "2026-01-01T00:00:00Z",
            "2027-01-01T00:00:00Z",
            "1780272000",
            "2026-06-01T02:00:00+02:00",
            "2026-06-01T00:00Z",
            "2026-06",
            known,
        ]),
        Kind::Bool => dice.pick(&["true", "false", "True", known]),
        Kind::Address => dice.pick(&[
            "203.0.113.0/24",
            "203.0.113.9",
            "203.0.113.128/25",
            "0.0.0.0/0",
            "2001:db8::/32",
            "2001:DB8:0:0::1",
            "::/0",
            known,
        ]),
        Kind::Text | Kind::Arn | Kind::Bytes => known,
    };
    if matches!(key.kind, Kind::Number | Kind::Bool) && dice.percent(15) {
        return text.parse().unwrap_or_else(|_| json!(text));
    }
    let like = operator.contains("Like") && !operator.contains("Arn");
    json!(match dice.below(12) {
        0 | 1 if operator.contains("Arn") => {
            let mut fields: Vec<String> = text.splitn(6, ':').map(str::to_owned).collect();
            let field = fields.get_mut(3 + dice.below(3)).unwrap();
            *field = if dice.percent(50) { "*".to_owned() } else { wildcards(dice, field) };
            fields.join(":")
        }
        2 if operator.contains("Arn") => text.replace("111122223333", &variable(dice, "111122223333")),
        // fields are compared one by one
        3 if operator.contains("Arn") => {
            let fields: Vec<&str> = text.splitn(6, ':').collect();
            fields.first_chunk::<3>().map_or_else(String::new, |start| start.join(":")) + ":*:" + fields.last().unwrap()
        }
        3 | 4 if like => wildcards(dice, text),
        5 if like => "*".to_owned(),
        6 if operator.contains("String") => text.to_uppercase(),
        7 if operator.contains("String") => wildcards(dice, text),
        8 if operator.contains("String") => variable(dice, text),
        _ => text.to_owned(),
    })
}
