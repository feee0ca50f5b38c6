//! The endpoints of Amazon Bedrock by their URLs.

use std::ops::Range;

use super::model::Endpoint;

/// What an endpoint URL says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointUrl {
    /// What it serves; `None` for an endpoint of Amazon Bedrock that serves no models.
    pub serves: Option<Endpoint>,
    /// Where its Region stands in the URL, in bytes.
    pub region: Range<usize>,
    /// Whether its domain is that of the partition `aws-cn`.
    pub china: bool,
}

/// What stands before the Region, and what it serves.
const SERVICES: [(&str, Option<Endpoint>); 6] = [
    ("bedrock-runtime", Some(Endpoint::BedrockRuntime)),
    ("bedrock-runtime-fips", Some(Endpoint::BedrockRuntime)),
    ("bedrock-mantle", Some(Endpoint::BedrockMantle)),
    ("bedrock-mantle-fips", Some(Endpoint::BedrockMantle)),
    ("bedrock", None),
    ("bedrock-fips", None),
];

/// What stands behind the Region, and whether that is in China.
const DOMAINS: [(&str, bool); 7] = [
    ("amazonaws.com", false),
    ("amazonaws.eu", false),
    ("api.aws", false),
    ("vpce.amazonaws.com", false),
    ("amazonaws.com.cn", true),
    ("api.amazonwebservices.com.cn", true),
    ("vpce.amazonaws.com.cn", true),
];

impl EndpointUrl {
    /// Reads a URL, or a host by itself. `None` if it is not an endpoint of Amazon Bedrock in one Region: a proxy, a
    /// private name of a VPC endpoint, another service.
    ///
    /// Sources: AWS General Reference, "Amazon Bedrock endpoints and quotas" (FIPS, dual-stack); Amazon Bedrock User
    /// Guide, "Use interface VPC endpoints" (`vpce-….bedrock-runtime.REGION.vpce.amazonaws.com`) and its pages on
    /// `bedrock-mantle`.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let start = url.find("://").map_or(0, |at| at + "://".len());
        let host = url.get(start..)?;
        let host = host.get(..host.find(['/', ':', '?', '#']).unwrap_or(host.len()))?;
        let mut at = start;
        let mut labels = host.split('.').map(|label| {
            let from = at;
            at += label.len() + 1;
            (label, from)
        });
        // names of a VPC endpoint stand before the service
        let serves = labels.find_map(|(label, _)| {
            SERVICES.into_iter().find(|(name, _)| label.eq_ignore_ascii_case(name)).map(|(_, serves)| serves)
        })?;
        let (region, from) = labels.next()?;
        let domain = url.get(from + region.len() + 1..start + host.len())?;
        let (_, china) = DOMAINS.into_iter().find(|(name, _)| domain.eq_ignore_ascii_case(name))?;
        (!region.is_empty()).then(|| Self { serves, region: from..from + region.len(), china })
    }
}

/// What stands before the domain of AWS where somebody's own server is behind it: Amazon API Gateway, Elastic Load
/// Balancing, Amazon EC2.
///
/// Sources: Amazon API Gateway Developer Guide, "Invoke REST APIs" (`{id}.execute-api.{region}.amazonaws.com`); Elastic Load
/// Balancing, "Application Load Balancers" (`{name}.{region}.elb.amazonaws.com`); Amazon EC2 User Guide, "EC2 instance
/// hostnames" (`ec2-….{region}.compute.amazonaws.com`).
const OF_OTHERS: [&str; 4] = [".execute-api.", ".elb.", ".compute.", ".compute-1."];

/// Whether a URL leads to AWS, in whatever service and Region: not to a proxy or a gateway of somebody's own.
#[must_use]
pub fn is_url_of_aws(url: &str) -> bool {
    [".amazonaws.", ".api.aws", ".api.amazonwebservices."].iter().any(|domain| url.contains(domain))
        && !OF_OTHERS.iter().any(|server| url.contains(server))
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn servers_of_others_on_aws() {
        for url in ["https://bedrock-runtime.eu-west-1.amazonaws.com", "https://bedrock-mantle.us-east-1.api.aws/v1"] {
            assert!(is_url_of_aws(url), "{url}");
        }
        for url in [
            "https://models.example.com/v1",
            "https://a1b2c3.execute-api.us-east-1.amazonaws.com/prod",
            "http://models-123.us-east-1.elb.amazonaws.com/api/v1",
            "http://ec2-203-0-113-25.us-west-2.compute.amazonaws.com:4000",
        ] {
            assert!(!is_url_of_aws(url), "{url}");
        }
    }

    #[test]
    fn endpoints_and_what_is_none() {
        let runtime = Some(Some(Endpoint::BedrockRuntime));
        let mantle = Some(Some(Endpoint::BedrockMantle));
        for (url, serves, region) in [
            ("https://bedrock-runtime.us-east-1.amazonaws.com", runtime, "us-east-1"),
            ("https://bedrock-runtime.us-east-1.amazonaws.com/", runtime, "us-east-1"),
            ("https://bedrock-runtime.eu-west-1.amazonaws.com:443/model?x", runtime, "eu-west-1"),
            ("bedrock-runtime.eu-west-1.amazonaws.com", runtime, "eu-west-1"),
            ("https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com", runtime, "us-gov-west-1"),
            ("https://bedrock-runtime.us-east-1.api.aws", runtime, "us-east-1"),
            ("https://bedrock-runtime.cn-north-1.amazonaws.com.cn", runtime, "cn-north-1"),
            ("https://vpce-0a1b-c2d3.bedrock-runtime.us-west-2.vpce.amazonaws.com", runtime, "us-west-2"),
            ("https://vpce-0a1b-c2d3-us-west-2a.bedrock-runtime.us-west-2.vpce.amazonaws.com", runtime, "us-west-2"),
            ("https://bedrock-mantle.us-east-1.api.aws/v1", mantle, "us-east-1"),
            ("https://BEDROCK-RUNTIME.us-east-1.amazonaws.com", runtime, "us-east-1"),
            ("https://bedrock.us-east-1.amazonaws.com", Some(None), "us-east-1"),
            ("https://models.example.com/bedrock-runtime.us-east-1.amazonaws.com", None, ""),
            ("https://bedrock-runtime.us-east-1.amazonaws.com.example.com", None, ""),
            ("https://s3.us-east-1.amazonaws.com", None, ""),
            ("http://localhost:4000", None, ""),
            ("https://bedrock-runtime.internal.example.com", None, ""),
            ("bedrock-runtime", None, ""),
            ("", None, ""),
        ] {
            let found = EndpointUrl::parse(url);
            assert_eq!(found.as_ref().map(|found| found.serves), serves, "{url}");
            assert_eq!(found.map_or("", |found| &url[found.region]), region, "{url}");
        }
        assert!(EndpointUrl::parse("https://bedrock-runtime.us-east-1.amazonaws.com.cn").is_some_and(|url| url.china));
    }
}
