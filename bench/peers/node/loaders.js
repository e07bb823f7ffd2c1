// Loaders of one request. Every leaf of a tree becomes ready in the same tick, whatever its level: one UNION ALL over
// just the tools that are asked for reads them all.
import DataLoader from "dataloader";

import { asViewer, read } from "./database.js";
import { SCHEMAS } from "./fields.js";

const ACCOUNTS = asViewer(
  "accounts",
  "SELECT id, full_name, organization_id FROM users.accounts WHERE id = ANY (viewer.account_ids)",
  { account_ids: "uuid[]" },
);

const PROGRESS = asViewer(
  "progress",
  "SELECT user_id, tool_slug, status, progress_percentage FROM tool_access.progress" +
    " WHERE user_id = ANY (viewer.user_ids)",
  { user_ids: "uuid[]" },
);

const unions = new Map();

/** What a loader's batch needs is put in place here: the viewer's settings are theirs for the whole request. */
export function loadersFor(settings) {
  // Nothing in the bench is asked for twice in one request, so a cache would only cost.
  const loader = (load) => new DataLoader(load, { cache: false });
  return {
    accounts: loader((ids) => accounts(settings, ids)),
    progress: loader((ids) => progress(settings, ids)),
    values: loader((keys) => values(settings, keys)),
  };
}

async function accounts(settings, ids) {
  const rows = await read(ACCOUNTS, settings, ids);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id));
}

async function progress(settings, ids) {
  const found = new Map(ids.map((id) => [id, []]));
  for (const row of await read(PROGRESS, settings, ids)) found.get(row.user_id).push(row);
  return ids.map((id) => found.get(id));
}

async function values(settings, keys) {
  const fields = {};
  for (const { tool, field } of keys) (fields[tool] ??= []).push(field);
  const users = [...new Set(keys.map((key) => key.userId))];
  const rows = await read(union(Object.keys(fields)), settings, users, ...Object.values(fields));
  const found = new Map(rows.map((row) => [row.user_id + row.field_id, row.value]));
  return keys.map(({ userId, field }) => found.get(userId + field) ?? null);
}

function union(tools) {
  const name = `values ${tools}`;
  let statement = unions.get(name);
  if (!statement) {
    const arms = tools.map(
      (tool, number) =>
        `SELECT user_id, field_id, value FROM ${SCHEMAS[tool]}.field_outputs` +
        ` WHERE user_id = ANY (viewer.user_ids) AND field_id = ANY (viewer.fields_${number})`,
    );
    const keys = { user_ids: "uuid[]" };
    for (const number of tools.keys()) keys[`fields_${number}`] = "text[]";
    statement = asViewer(name, arms.join("\nUNION ALL\n"), keys);
    unions.set(name, statement);
  }
  return statement;
}
