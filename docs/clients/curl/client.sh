#!/usr/bin/env bash
# Reads a tool with all it builds on, saves an answer, and is refused twice: refusals are data. Needs curl and jq.
set -euo pipefail
gateway=${GATEWAY:-http://127.0.0.1:8000}
operations=$(dirname "$0")/../operations.graphql

# ask OPERATION VARIABLES: the data of an operation of operations.graphql. What `errors` holds is no refusal: it ends this.
ask() {
  jq -n --rawfile query "$operations" --arg operation "$1" --argjson variables "$2" \
      '{query: $query, operationName: $operation, variables: $variables}' |
    curl -sS --max-time 10 "$gateway/graphql" -H 'Content-Type: application/json' \
      ${TOKEN:+-H @<(echo "Authorization: Bearer $TOKEN")} -d @- |
    jq -e 'if .errors then ([.errors[].message] | join(" ") + "\n" | halt_error(1)) else .data end'
}

# told: what became of a save, for people. A refusal that is added later has a message, too.
told() {
  jq -r '.[] | if .__typename == "SubmissionSaved" then "Saved: version \(.submission.version)"
    elif .__typename == "StaleVersion" then "Refused: somebody saved version \(.currentVersion) meanwhile"
    elif .__typename == "Locked" then "Refused: locked until \([.missing[].tool.name] | join(", "))"
    elif .__typename == "InvalidAnswers" then "Refused: \([.problems[] | "\(.path) \(.message)"] | join("; "))"
    else "Refused: \(.message)" end'
}

if [ -z "${TOKEN:-}" ]; then
  login=$(ask SignIn "$(jq -n '{email: ($ENV.EMAIL // ""), password: ($ENV.PASSWORD // "")}')")
  TOKEN=$(jq -r '.login.accessToken // empty' <<<"$login")
  [ -n "$TOKEN" ] || { jq -r .login.message <<<"$login" >&2; exit 1; }
fi

read=$(ask ReadProductDevelopment '{}')
jq -r '.viewer | .fullName as $who | .productDevelopment |
  "\($who): \(.name) is \(.progress.status), version \(.submission.version // 0)",
  (.dependencies[] | "  \(.label) of \(.sourceTool.name)"
    + (if .available then "" else ", not there" end) + (if .stale then ", stale" else "" end))' <<<"$read"

version=$(jq '.viewer.productDevelopment.submission.version // 0' <<<"$read")
answers='{"portfolio": {"keep": ["Oven planner"], "drop": ["Paper order book"]}}'
for _ in 1 2; do
  ask SaveProductDevelopment "{\"answers\": $answers, \"version\": $version}" | told
done
ask SavePricing '{"answers": {"anchorPrice": {"amount": 490, "of": "a night baker"}}, "version": 0}' | told
