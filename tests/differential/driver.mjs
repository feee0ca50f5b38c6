// Asks the simulator: one case a line in, one answer a line out.
//
// The decision comes from the call that looks at nothing but the policies. Layers and statements come from the one that
// first checks the request against AWS's lists of actions, resource types and keys; where it refuses, or leaves out a
// key, it was asked something else, and the answer has no layers.
import { createInterface } from 'node:readline'
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

const FULL_ACCESS = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

const named = (policies) => policies.map((policy, index) => ({ name: String(index), policy }))

// what AWS attaches to every level
const withFullAccess = (level) => {
  const allows = level.some((policy) => policy.Statement.some((statement) => statement.Effect === 'Allow'))
  return allows ? named(level) : [...named(level), { name: 'FullAWSAccess', policy: FULL_ACCESS }]
}

// The simulator reads a session policy and does not weigh it (0.1.173). A level of service control policies limits
// identity policies in the same way, so it is sent as one.
const levels = ({ scps, session }) => [...scps.map(withFullAccess), ...(session ? [named([session])] : [])]

const simulation = (question) => ({
  request: {
    principal: question.principal,
    action: question.action,
    resource: { resource: question.resource, accountId: question.account },
    contextVariables: question.context,
  },
  serviceControlPolicies: levels(question).map((policies, index) => ({ orgIdentifier: String(index), policies })),
  resourceControlPolicies: [],
  resourcePolicy: question.on_resource ?? undefined,
  identityPolicies: named(question.identity),
  permissionBoundaryPolicies: question.boundary ? named([question.boundary]) : undefined,
})

// counted from 0; the one policy on the resource has a name of the simulator's
const place = ({ policyId, statement }) => `${/^\d|^Full/.test(policyId) ? policyId : 0}/${statement.index() - 1}`

const nearly = (analysis) =>
  analysis.statement.isAllow() &&
  analysis.actionMatch &&
  analysis.resourceMatch &&
  analysis.principalMatch === 'Match' &&
  analysis.conditionMatch !== 'Match'

const layer = (analysis) =>
  analysis && {
    allow: analysis.allowStatements.map(place),
    deny: analysis.denyStatements.map(place),
    near: analysis.unmatchedStatements.filter(nearly).map(place),
  }

const checked = async (question, asked) => {
  const { resultType, overallResult, result, errors } = await runSimulation(asked, {})
  if (resultType !== 'single') return { refused: JSON.stringify(errors).slice(0, 300) }
  if (result.ignoredContextKeys.length > 0) return { refused: `left out ${result.ignoredContextKeys}` }
  const { scpAnalysis, resourceAnalysis, identityAnalysis, permissionBoundaryAnalysis } = result.analysis
  const found = scpAnalysis.ouAnalysis.map(layer)
  return {
    decision: overallResult,
    scps: found.slice(0, question.scps.length),
    resource: question.on_resource ? layer(resourceAnalysis) : null,
    identity: layer(identityAnalysis),
    boundary: layer(permissionBoundaryAnalysis),
    session: found[question.scps.length],
  }
}

const answer = async (question) => {
  const asked = simulation(question)
  // with a policy on a resource the unchecked call crashes (0.1.173)
  const decision = question.on_resource ? null : runUnsafeSimulation(asked, {})
  return { decision, ...(await checked(question, asked)) }
}

// For the benchmark: the seconds that so many evaluations take, once the code is warm.
const time = (questions, evaluations) => {
  const asked = questions.map(simulation)
  asked.forEach((one) => runUnsafeSimulation(one, {}))
  const start = process.hrtime.bigint()
  for (let done = 0; done < evaluations; done++) runUnsafeSimulation(asked[done % asked.length], {})
  return Number(process.hrtime.bigint() - start) / 1e9
}

const lines = createInterface({ input: process.stdin })
const evaluations = Number(process.argv[2] ?? 0)
if (evaluations > 0) {
  const questions = []
  for await (const line of lines) questions.push(JSON.parse(line))
  process.stdout.write(`${time(questions, evaluations)}\n`)
} else {
  for await (const line of lines) process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n')
}
